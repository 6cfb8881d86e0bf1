import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Policy } from '../../../contract/request.ts';
import {
  cancel,
  type DecisionInput,
  decide,
  expire,
  mayAskAtAll,
  mayCancel,
  mayDecide,
  mayRevoke,
  mayWatch,
  type RequestFacts,
  revoke,
  type SessionFacts,
  type Viewer,
} from '../../../gateway/policy.ts';

/**
 * The one thing that must never happen: somebody watches without the needed approvals of distinct other people, inside the
 * window. Random people in random groups do random things at random times to one session; the watch is checked against a second,
 * independent account of what was granted, kept by the test in the plainest way.
 */
const people = ['a', 'b', 'c', 'd', 'e'] as const;
const groups = ['g1', 'g2', 'g3'] as const;
const policy: Policy = {
  approvalEnabled: true,
  operatorsWatchDirectly: true,
  recordedPersonMayNotApprove: true,
  approvalDeadlineMs: 40,
  maxWindowMs: 200,
  maxStartAheadMs: 100,
  minJustificationLength: 0,
  governanceCode: { label: 'Code', required: false, pattern: null },
  reasons: [],
  snapshotsAllowed: true,
  batchDecisionsAllowed: false,
  stepUp: 'none',
  exportsAllowed: true,
  retentionDays: 3650,
  notKept: [],
};
// The shortest window of the policy is a second: one tick of the model is a second.
const tick = 1000;
const scaled: Policy = { ...policy, approvalDeadlineMs: 40 * tick, maxWindowMs: 200 * tick, maxStartAheadMs: 100 * tick };

const person = fc.constantFrom(...people);
// Mostly windows that can be, so that sequences get as far as a picture; now and then ones that cannot.
const window = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.integer({ min: -5, max: 10 }), fc.integer({ min: 30, max: 190 })) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: -10, max: 120 }), fc.integer({ min: -5, max: 220 })) },
);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), by: person, window }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      by: person,
      verdict: fc.constantFrom(...(['approve', 'approve', 'approve', 'approve', 'approve', 'reject'] as const)),
      comment: fc.constantFrom('', 'because'),
      lag: fc.constantFrom(0, 0, 0, 0, 1),
      narrow: fc.option(window, { nil: undefined, freq: 5 }),
      request: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), by: person, request: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), by: person, request: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ticks: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('watch' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('regroup' as const), who: person, group: fc.constantFrom(...groups) }) },
);
const world = fc.record({
  members: fc.array(fc.tuple(person, fc.constantFrom(...groups)), { minLength: 10, maxLength: 18, size: 'max' }),
  levels: fc.array(fc.record({ group: fc.constantFrom(...groups), needed: fc.constantFrom(1, 1, 2) }), {
    minLength: 1,
    maxLength: 3,
  }),
  recorded: fc.option(person, { nil: null }),
  actions: fc.array(action, { minLength: 20, maxLength: 80, size: 'max' }),
});

type Grant = { level: number; by: string; startMs: number; endMs: number; atMs: number };
type Book = { requester: string; grants: Grant[]; ended: boolean; startMs: number; endMs: number };

it('in 10,000 random sequences nobody ever watches without the needed distinct approvals inside the window', () => {
  let watched = 0;
  let refused = 0;
  fc.assert(
    fc.property(world, ({ members, levels, recorded, actions }) => {
      const inGroup = new Set(members.map(([who, group]) => `${who}/${group}`));
      const session: SessionFacts = { id: 's', state: 'recorded', recordedPersonId: recorded };
      const viewer = (personId: string): Viewer => ({
        personId,
        displayName: personId,
        roles: ['PAM Auditor'],
        permissions: ['PAM.SessionManagement.Recording'],
        groupIds: groups.filter((group) => inGroup.has(`${personId}/${group}`)),
      });
      const levelFacts = () =>
        levels.map(({ group, needed }, index) => ({
          level: index + 1,
          groupId: group,
          groupName: group,
          needed,
          memberIds: people.filter((one) => inGroup.has(`${one}/${group}`)),
        }));
      let nowMs = 1_000_000;
      const requests: RequestFacts[] = [];
      const books: Book[] = [];
      for (const step of actions) {
        const index = 'request' in step ? step.request % Math.max(1, requests.length) : 0;
        const request = requests[index];
        const book = books[index];
        switch (step.do) {
          case 'wait':
            nowMs += step.ticks * tick;
            requests.forEach((one, at) => {
              requests[at] = expire(one, nowMs) ?? one;
            });
            break;
          case 'regroup': {
            const key = `${step.who}/${step.group}`;
            if (!inGroup.delete(key)) inGroup.add(key);
            break;
          }
          case 'ask': {
            const asked = { startMs: nowMs + step.window[0] * tick, endMs: nowMs + step.window[1] * tick };
            const own = requests.filter((one) => one.requesterPersonId === step.by);
            const facts = levelFacts();
            if (mayAskAtAll(viewer(step.by), session, 'recording', own, scaled, asked, facts, nowMs)) break;
            requests.push({
              id: String(requests.length),
              version: 1,
              kind: 'recording',
              session,
              requesterPersonId: step.by,
              ...asked,
              createdAtMs: nowMs,
              deadlineMs: Math.min(nowMs + scaled.approvalDeadlineMs, asked.endMs),
              levels: facts.map(({ memberIds: _, ...level }) => level),
              decisions: [],
              state: { status: 'pending', level: 1 },
            });
            books.push({ requester: step.by, grants: [], ended: false, ...asked });
            break;
          }
          case 'decide': {
            if (!request || !book) break;
            const input: DecisionInput = { version: request.version - step.lag, verdict: step.verdict, comment: step.comment };
            if (step.narrow) input.window = { startMs: nowMs + step.narrow[0] * tick, endMs: nowMs + step.narrow[1] * tick };
            if (mayDecide(viewer(step.by), request, input, scaled, nowMs)) break;
            const level = request.state.status === 'pending' ? request.state.level : -1;
            requests[index] = decide(request, viewer(step.by), input, nowMs);
            // The book: what must hold of every decision that was let through.
            expect(step.by).not.toBe(book.requester);
            expect(step.by).not.toBe(recorded);
            expect(inGroup.has(`${step.by}/${levels[level - 1]?.group}`)).toBe(true);
            expect(book.ended).toBe(false);
            if (step.verdict === 'reject') book.ended = true;
            else {
              const { startMs, endMs } = input.window ?? book;
              expect(startMs >= book.startMs && endMs <= book.endMs).toBe(true);
              book.grants.push({ level, by: step.by, startMs, endMs, atMs: nowMs });
              Object.assign(book, { startMs, endMs });
            }
            break;
          }
          case 'cancel':
            if (!request || !book || mayCancel(viewer(step.by), request, request.version, nowMs)) break;
            expect(step.by).toBe(book.requester);
            requests[index] = cancel(request, nowMs);
            book.ended = true;
            break;
          case 'revoke':
            if (
              !request ||
              !book ||
              mayRevoke(viewer(step.by), request, { version: request.version, comment: 'no' }, scaled, nowMs)
            )
              break;
            requests[index] = revoke(request, viewer(step.by), 'no', nowMs);
            book.ended = true;
            break;
          case 'watch': {
            const own = requests.filter((one) => one.requesterPersonId === step.by);
            const granted = books.some(
              (one) =>
                one.requester === step.by &&
                !one.ended &&
                nowMs >= one.startMs &&
                nowMs < one.endMs &&
                levels.every(
                  ({ needed }, at) =>
                    new Set(one.grants.filter((grant) => grant.level === at + 1).map((grant) => grant.by)).size >= needed,
                ) &&
                new Set(one.grants.map((grant) => grant.by)).size === one.grants.length,
            );
            const verdict = mayWatch(viewer(step.by), session, 'recording', own, scaled, nowMs);
            expect(verdict.ok).toBe(granted);
            if (verdict.ok) watched += 1;
            else refused += 1;
            break;
          }
          default:
            step satisfies never;
        }
      }
    }),
    { numRuns: 10_000 },
  );
  // The property says nothing if the sequences never get as far as a picture.
  expect(watched).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(1000);
});

it('of decisions, a cancellation and an expiry that all saw the same version, exactly one wins', () => {
  const racer = fc.constantFrom('approve', 'reject', 'cancel', 'expire', 'approve-too');
  fc.assert(
    fc.property(
      fc.shuffledSubarray(['approve', 'reject', 'cancel', 'expire', 'approve-too'], { minLength: 2 }),
      fc.array(racer, { maxLength: 5 }),
      (order, again) => {
        const deadlineMs = 10_000;
        const session: SessionFacts = { id: 's', state: 'recorded', recordedPersonId: null };
        let request: RequestFacts = {
          id: 'r',
          version: 1,
          kind: 'recording',
          session,
          requesterPersonId: 'a',
          startMs: 0,
          endMs: 50_000,
          createdAtMs: 0,
          deadlineMs,
          levels: [{ level: 1, groupId: 'g1', groupName: 'G', needed: 1 }],
          decisions: [],
          state: { status: 'pending', level: 1 },
        };
        const approver = (personId: string): Viewer => ({
          personId,
          displayName: personId,
          roles: [],
          permissions: [],
          groupIds: ['g1'],
        });
        let wins = 0;
        const attempt = (next: RequestFacts | null) => {
          if (next === null) return;
          request = next;
          wins += 1;
        };
        const input = (verdict: 'approve' | 'reject') => ({ version: 1, verdict, comment: 'x' });
        for (const one of [...order, ...again]) {
          const nowMs = one === 'expire' ? deadlineMs : deadlineMs - 1;
          if (one === 'expire') attempt(expire(request, nowMs));
          else if (one === 'cancel') attempt(mayCancel(approver('a'), request, 1, nowMs) ? null : cancel(request, nowMs));
          else {
            const who = approver(one === 'approve' ? 'b' : 'c');
            const word = input(one === 'reject' ? 'reject' : 'approve');
            attempt(mayDecide(who, request, word, scaled, nowMs) ? null : decide(request, who, word, nowMs));
          }
        }
        expect(wins).toBe(1);
      },
    ),
    { numRuns: 2_000 },
  );
});
