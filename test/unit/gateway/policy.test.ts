import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import {
  access,
  cancel,
  decide,
  eligible,
  expire,
  mayAsk,
  mayCancel,
  mayDecide,
  mayRevoke,
  maySee,
  mayWatch,
  permitted,
  phase,
  type RequestFacts,
  revoke,
  type SessionFacts,
  type Viewer,
} from '../../../gateway/policy.ts';

const minute = 60_000;
const now = 1_800_000_000_000;

const policy: Policy = {
  approvalEnabled: true,
  operatorsWatchDirectly: true,
  recordedPersonMayNotApprove: true,
  approvalDeadlineMs: 60 * minute,
  maxWindowMs: 8 * 60 * minute,
  maxStartAheadMs: 7 * 24 * 60 * minute,
  minJustificationLength: 10,
  governanceCode: { label: 'Governance Code', required: false, pattern: 'INC-\\d+' },
  reasons: [{ id: 'incident', label: 'Incident investigation' }],
  snapshotsAllowed: true,
  batchDecisionsAllowed: false,
  stepUp: 'none',
  exportsAllowed: true,
  retentionDays: 3650,
  notKept: [],
};
const both = ['PAM.SessionManagement.Recording', 'PAM.SessionManagement.Livestream'] as const;
const person = (personId: string, over: Partial<Viewer> = {}): Viewer => ({
  personId,
  displayName: personId,
  roles: [],
  permissions: [],
  groupIds: [],
  ...over,
});
const marta = person('marta', { roles: ['PAM Auditor'], permissions: both });
const paulo = person('paulo', { groupIds: ['infra'] });
const ana = person('ana', { groupIds: ['infra'] });
const session: SessionFacts = { id: '4f1aa', state: 'recorded', recordedPersonId: 'jsouza' };

const request = (over: Partial<RequestFacts> = {}): RequestFacts => ({
  id: 'r1',
  version: 1,
  kind: 'recording',
  session,
  requesterPersonId: 'marta',
  startMs: now,
  endMs: now + 120 * minute,
  createdAtMs: now,
  deadlineMs: now + 60 * minute,
  levels: [{ level: 1, groupId: 'infra', groupName: 'Infrastructure approvers', needed: 1 }],
  decisions: [],
  state: { status: 'pending', level: 1 },
  ...over,
});
const approved = request({ version: 2, state: { status: 'approved', atMs: now } });
const level = (memberIds: string[], needed = 1, number = 1) => ({
  level: number,
  groupId: `g${number}`,
  groupName: `Group ${number}`,
  needed,
  memberIds,
});
const words = {
  justification: 'Investigating the change of 22:14',
  reasonId: 'incident',
  governanceCode: 'INC-1',
  window: { start: toInstant(now), end: toInstant(now + 60 * minute) },
};
const approve = { version: 1, verdict: 'approve', comment: '' } as const;

describe('rule 2: role and permission are checked apart, for each kind', () => {
  const live: SessionFacts = { ...session, state: 'live' };
  it.each([
    [person('x'), 'recording', session, 'ROLE_MISSING'],
    [person('x', { permissions: both }), 'recording', session, 'ROLE_MISSING'],
    [person('x', { roles: ['PAM Operator'], permissions: both }), 'recording', session, 'ROLE_MISSING'],
    [person('x', { roles: ['PAM Auditor'] }), 'recording', session, 'PERMISSION_MISSING'],
    [person('x', { roles: ['PAM Auditor'], permissions: [both[0]] }), 'livestream', live, 'PERMISSION_MISSING'],
    [person('x', { roles: ['System Administrator'], permissions: [both[1]] }), 'recording', session, 'PERMISSION_MISSING'],
    [marta, 'livestream', session, 'NOT_LIVE'],
    [marta, 'recording', live, 'STILL_CONVERTING'],
    [marta, 'recording', { ...session, state: 'converting' }, 'STILL_CONVERTING'],
    [marta, 'recording', { ...session, state: 'not-recorded' }, 'NOT_RECORDED'],
    [marta, 'recording', session, 'APPROVAL_NEEDED'],
  ] as const)('%#', (viewer, kind, facts, code) => {
    const verdict = mayWatch(viewer, facts, kind, [], policy, now);
    expect(verdict.ok ? 'ok' : verdict.failure.code).toBe(code);
  });
});

describe('rule 3: who watches at once', () => {
  const operator = person('op', { roles: ['PAM Auditor', 'PAM Operator'], permissions: both });
  it('everyone who passes rule 2 while approval is off', () => {
    expect(mayWatch(marta, session, 'recording', [], { ...policy, approvalEnabled: false }, now).ok).toBe(true);
  });
  it('operators while the policy exempts them, and they cannot ask', () => {
    expect(access(operator, session, 'recording', [], policy, now)).toEqual({ state: 'direct' });
    expect(mayAsk(operator, session, 'recording', [], policy, words, [level(['a'])], now)?.code).toBe('APPROVAL_NOT_NEEDED');
    expect(access(operator, session, 'recording', [], { ...policy, operatorsWatchDirectly: false }, now)).toEqual({
      state: 'ask',
      after: 'nothing',
    });
  });
});

describe('rule 4: what a request must say', () => {
  const ask = (over: object, levels = [level(['paulo', 'ana'])], set: Partial<Policy> = {}) =>
    mayAsk(marta, session, 'recording', [], { ...policy, ...set }, { ...words, ...over }, levels, now)?.code ?? null;
  const window = (fromMs: number, untilMs: number) => ({
    window: { start: toInstant(now + fromMs), end: toInstant(now + untilMs) },
  });
  it('accepts a whole one', () => expect(ask({})).toBeNull());
  it('needs a justification', () => expect(ask({ justification: '  short   ' })).toBe('JUSTIFICATION_REQUIRED'));
  it('needs a known reason', () => expect(ask({ reasonId: 'boredom' })).toBe('REASON_UNKNOWN'));
  it('takes no governance code unless it is required', () => {
    expect(ask({ governanceCode: null })).toBeNull();
    const required = { governanceCode: { ...policy.governanceCode, required: true } };
    expect(ask({ governanceCode: ' ' }, undefined, required)).toBe('GOVERNANCE_CODE_REQUIRED');
  });
  it('matches the whole governance code', () => expect(ask({ governanceCode: 'see INC-1' })).toBe('GOVERNANCE_CODE_INVALID'));
  it('refuses windows that cannot be', () => {
    expect(ask(window(minute, 0))).toBe('WINDOW_INVALID');
    expect(ask(window(-2 * minute, -minute))).toBe('WINDOW_INVALID');
    expect(ask(window(8 * 24 * 60 * minute, 8 * 24 * 60 * minute + minute))).toBe('WINDOW_INVALID');
    expect(ask(window(0, 9 * 60 * minute))).toBe('WINDOW_TOO_LONG');
  });
  it('refuses a second request while one is pending, and lets ask for more time while a window is open', () => {
    expect(mayAsk(marta, session, 'recording', [request()], policy, words, [level(['paulo'])], now)?.code).toBe('ALREADY_ASKED');
    expect(mayAsk(marta, session, 'recording', [approved], policy, words, [level(['paulo'])], now)).toBeNull();
  });
  it('says at once that nobody may decide', () => {
    expect(ask({}, [])).toBe('NO_ELIGIBLE_APPROVER');
    expect(ask({}, [level(['marta'])])).toBe('NO_ELIGIBLE_APPROVER');
    expect(ask({}, [level(['jsouza', 'marta'])])).toBe('NO_ELIGIBLE_APPROVER');
    expect(ask({}, [level(['jsouza'])], { recordedPersonMayNotApprove: false })).toBeNull();
    expect(ask({}, [level(['paulo', 'paulo'], 2)])).toBe('NO_ELIGIBLE_APPROVER');
  });
  it('knows that one person cannot fill two levels', () => {
    expect(ask({}, [level(['paulo']), level(['paulo'], 1, 2)])).toBe('NO_ELIGIBLE_APPROVER');
    expect(ask({}, [level(['paulo', 'ana']), level(['paulo'], 1, 2)])).toBeNull();
  });
});

describe('rules 6 and 7: who decides', () => {
  const verdict = (viewer: Viewer, on = request(), input: object = {}, at = now) =>
    mayDecide(viewer, on, { ...approve, ...input }, policy, at)?.code ?? null;
  it('never the requester, whatever account or group', () => {
    expect(verdict(person('marta', { groupIds: ['infra'], roles: ['PAM Administrator'] }))).toBe('SELF_APPROVAL');
  });
  it('not the recorded person, by policy', () => {
    const recorded = person('jsouza', { groupIds: ['infra'] });
    expect(verdict(recorded)).toBe('RECORDED_PERSON');
    expect(mayDecide(recorded, request(), approve, { ...policy, recordedPersonMayNotApprove: false }, now)).toBeNull();
  });
  it('only members of the group, an administrator as little as anyone', () => {
    expect(verdict(person('x', { roles: ['PAM Administrator'] }))).toBe('NOT_AN_APPROVER');
  });
  it('only the version that was seen, with the difference', () => {
    const two = decide(
      request({ levels: [{ level: 1, groupId: 'infra', groupName: 'I', needed: 2 }] }),
      paulo,
      { ...approve, window: { startMs: now, endMs: now + minute } },
      now,
    );
    expect(mayDecide(ana, two, approve, policy, now)).toEqual({
      code: 'STALE_VERSION',
      data: { seen: 1, current: 2, changed: ['decisions', 'window'] },
    });
  });
  it('a rejection needs a comment and ends it', () => {
    expect(verdict(paulo, request(), { verdict: 'reject', comment: ' ' })).toBe('COMMENT_REQUIRED');
    const ended = decide(request(), paulo, { version: 1, verdict: 'reject', comment: 'Not for this' }, now);
    expect(ended.state).toMatchObject({ status: 'rejected', personId: 'paulo', comment: 'Not for this' });
    expect(verdict(ana, ended)).toBe('NOT_PENDING');
  });
  it('a level needs its count of distinct people, then the next is told', () => {
    const start = request({
      levels: [
        { level: 1, groupId: 'infra', groupName: 'I', needed: 2 },
        { level: 2, groupId: 'security', groupName: 'S', needed: 1 },
      ],
    });
    const rui = person('rui', { groupIds: ['security'] });
    expect(maySee(rui, start)).toBe(false);
    expect(verdict(rui, start)).toBe('NOT_AN_APPROVER');
    const one = decide(start, paulo, approve, now);
    expect(one.state).toEqual({ status: 'pending', level: 1 });
    expect(verdict(paulo, one, { version: 2 })).toBe('ALREADY_DECIDED');
    const two = decide(one, ana, { ...approve, version: 2 }, now);
    expect(two.state).toEqual({ status: 'pending', level: 2 });
    expect(maySee(rui, two)).toBe(true);
    expect(verdict(person('ana', { groupIds: ['infra', 'security'] }), two, { version: 3 })).toBe('ALREADY_DECIDED');
    expect(decide(two, rui, { ...approve, version: 3 }, now).state).toEqual({ status: 'approved', atMs: now });
  });
  it('narrows the window and never widens it', () => {
    const narrow = { startMs: now + minute, endMs: now + 2 * minute };
    expect(verdict(paulo, request(), { window: narrow })).toBeNull();
    expect(decide(request(), paulo, { ...approve, window: narrow }, now)).toMatchObject(narrow);
    expect(verdict(paulo, request(), { window: { startMs: now - 1, endMs: now + minute } })).toBe('WINDOW_WIDENED');
    expect(verdict(paulo, request(), { window: { startMs: now, endMs: now + 121 * minute } })).toBe('WINDOW_WIDENED');
  });
});

describe('rule 8: the deadline', () => {
  it('is apart from the window and refuses from its very moment', () => {
    expect(mayDecide(paulo, request(), approve, policy, now + 60 * minute - 1)).toBeNull();
    expect(mayDecide(paulo, request(), approve, policy, now + 60 * minute)?.code).toBe('DEADLINE_PASSED');
    expect(expire(request(), now + 60 * minute - 1)).toBeNull();
    expect(expire(request(), now + 61 * minute)?.state).toEqual({ status: 'expired', atMs: now + 60 * minute });
  });
});

describe('rule 9: revoking', () => {
  it('needs an approver or an administrator, a comment and an open or coming window', () => {
    const input = { version: 2, comment: 'Wrong session' };
    expect(mayRevoke(paulo, approved, input, policy, now)).toBeNull();
    expect(mayRevoke(person('admin', { roles: ['PAM Administrator'] }), approved, input, policy, now)).toBeNull();
    expect(mayRevoke(marta, approved, input, policy, now)?.code).toBe('NOT_A_REVOKER');
    expect(mayRevoke(person('jsouza', { groupIds: ['infra'] }), approved, input, policy, now)?.code).toBe('RECORDED_PERSON');
    expect(mayRevoke(paulo, approved, { ...input, comment: '' }, policy, now)?.code).toBe('COMMENT_REQUIRED');
    expect(mayRevoke(paulo, approved, input, policy, now + 120 * minute)?.code).toBe('NOT_REVOCABLE');
    expect(mayRevoke(paulo, request(), input, policy, now)?.code).toBe('NOT_REVOCABLE');
  });
  it('ends watching with who, when and why', () => {
    const revoked = revoke(approved, paulo, ' Wrong session ', now + minute);
    const verdict = mayWatch(marta, session, 'recording', [revoked], policy, now + minute);
    expect(verdict).toEqual({
      ok: false,
      failure: { code: 'REVOKED', data: { by: 'paulo', at: toInstant(now + minute), comment: 'Wrong session' } },
    });
    expect(access(marta, session, 'recording', [revoked], policy, now + minute)).toEqual({ state: 'ask', after: 'revoked' });
  });
});

it('access follows the phases of an approved request', () => {
  const coming = { ...approved, startMs: now + minute };
  const at = (atMs: number) => access(marta, session, 'recording', [coming], policy, atMs).state;
  expect([at(now), at(now + minute), at(coming.endMs - 1), at(coming.endMs)]).toEqual(['scheduled', 'open', 'open', 'ask']);
  const over = mayWatch(marta, session, 'recording', [coming], policy, coming.endMs);
  expect(over.ok ? '' : over.failure.code).toBe('WINDOW_OVER');
  const early = mayWatch(marta, session, 'recording', [coming], policy, now);
  expect(early.ok ? '' : early.failure.code).toBe('WINDOW_NOT_OPEN');
});

it('only the requester cancels, and only what is pending', () => {
  expect(mayCancel(marta, request(), 1, now)).toBeNull();
  expect(mayCancel(paulo, request(), 1, now)?.code).toBe('NOT_THE_REQUESTER');
  expect(mayCancel(marta, approved, 2, now)?.code).toBe('NOT_PENDING');
  expect(mayCancel(marta, request({ version: 3 }), 1, now)?.code).toBe('STALE_VERSION');
  expect(phase(cancel(request(), now), now)).toBe('canceled');
});

it('tells the client what each person may do', () => {
  expect(permitted(marta, request(), policy, now)).toEqual({
    decide: { allowed: false, why: 'SELF_APPROVAL' },
    cancel: { allowed: true },
    revoke: { allowed: false, why: 'NOT_A_REVOKER' },
  });
  expect(permitted(paulo, request(), policy, now).decide).toEqual({ allowed: true });
});

it('counts eligible people, not accounts', () => {
  expect(eligible(level(['paulo', 'paulo', 'marta', 'jsouza']), 'marta', session, policy)).toEqual(['paulo']);
});
