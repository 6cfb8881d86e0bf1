import { beforeEach, describe, expect, it } from 'vitest';
import { type Failure, FailureError, fail } from '../../../contract/failure.ts';
import type { NewRequest, Policy } from '../../../contract/request.ts';
import type { Session } from '../../../contract/session.ts';
import { toInstant } from '../../../contract/time.ts';
import type { UnsentRequest } from '../../../contract/unsent.ts';
import type { Gateway } from '../../../main/gateway/client.ts';
import { createRecord } from '../../../main/history/record.ts';
import { createDrafts, type Drafts } from '../../../main/requests/drafts.ts';
import { createRequests } from '../../../main/requests/service.ts';
import { openMemoryArchive } from '../../support/memory-archive.ts';
import { hourMs, noonMs, sampleDraft, samplePolicy, sampleRequest, sampleSession } from '../../support/samples.ts';

const at = ['S-000001', 'recording'] as const;
const draft = sampleDraft({
  justification: 'Review of the change',
  reasonId: 'incident',
  start: toInstant(noonMs),
  end: toInstant(noonMs + 2 * hourMs),
});
const cut: Failure = { code: 'UNREACHABLE', data: { host: 'g', why: 'cut' } };

let nowMs: number;
let policy: Policy;
let session: Session;
let problem: Failure | null;
let archive: Awaited<ReturnType<typeof openMemoryArchive>>;
let drafts: Drafts;
let requests: ReturnType<typeof createRequests>;
/** What the gateway has, by key; what it saw of each call; and what becomes of the answers to come, in order. */
let made: Map<string, NewRequest>;
let seen: NewRequest[];
let answers: ('lost' | 'never-arrived' | Failure)[];
let told: UnsentRequest[];

const gateway = {
  calls: {
    policy: async () => policy,
    sessions: { get: async () => ({ session }) },
    requests: {
      preflight: async () => ({ levels: [], problem }),
      async create(input: NewRequest) {
        const fate = answers.shift();
        if (fate === 'never-arrived') throw new FailureError(cut);
        if (typeof fate === 'object') throw new FailureError(fate);
        seen.push(input);
        const known = made.get(input.key);
        if (known && JSON.stringify(known) !== JSON.stringify(input)) fail('KEY_REUSED', { requestId: 'R-made' });
        made.set(input.key, input);
        if (fate === 'lost') throw new FailureError(cut);
        return sampleRequest(1, { justification: input.justification });
      },
    },
  },
} as unknown as Gateway;

const send = async () => requests.create(await drafts.request(...at));
const unsent = async () => (await drafts.unsent()).map((one) => [one.draft.justification, one.maybeSent]);

beforeEach(async () => {
  nowMs = noonMs;
  policy = samplePolicy();
  session = sampleSession(1);
  problem = null;
  made = new Map();
  seen = [];
  answers = [];
  told = [];
  archive = await openMemoryArchive();
  const shared = { gateway: () => gateway, archive, clock: { now: () => nowMs } };
  drafts = createDrafts({
    ...shared,
    publish: (name, payload) => {
      if (name === 'drafts') told = (payload as { unsent: UnsentRequest[] }).unsent;
    },
  });
  const record = createRecord({
    ...shared,
    wantedDays: () => 3650,
    sealKey: async () => null,
    publish: () => undefined,
    report: () => '',
  });
  requests = createRequests({ ...shared, ...record, drafts, personId: () => 'p-me', publish: () => undefined });
});

describe('what is not sent yet', () => {
  it('is what a person kept, not what they are typing; in the order it was kept', async () => {
    await drafts.put(sampleDraft({ sessionId: 'S-000002' }));
    await drafts.keep(draft, sampleSession(1));
    nowMs += 1000;
    await drafts.keep({ ...draft, sessionId: 'S-000003' }, sampleSession(3));
    expect((await drafts.unsent()).map((one) => [one.draft.sessionId, one.since, one.maybeSent])).toEqual([
      ['S-000001', toInstant(noonMs), false],
      ['S-000003', toInstant(noonMs + 1000), false],
    ]);
    expect(told).toHaveLength(2);
    expect(told[0]?.session?.device).toBe(sampleSession(1).device);
  });

  it('can be changed, and goes when it was sent or dropped', async () => {
    await drafts.keep(draft, sampleSession(1));
    await drafts.put({ ...draft, justification: 'Better words for it' });
    expect(await unsent()).toEqual([['Better words for it', false]]);
    await send();
    expect(seen.map(({ justification }) => justification)).toEqual(['Better words for it']);
    expect(await unsent()).toEqual([]);
    await drafts.keep(draft, sampleSession(1));
    await drafts.drop(...at);
    expect(await unsent()).toEqual([]);
  });

  it('is written down with its key before it leaves', async () => {
    await drafts.keep(draft, sampleSession(1));
    archive.failing = true;
    await expect(send()).rejects.toMatchObject({ failure: { code: 'ARCHIVE_FAILED' } });
    expect(seen).toEqual([]);
    archive.failing = false;
    answers = ['never-arrived'];
    await expect(send()).rejects.toMatchObject({ failure: cut });
    expect((await archive.call('drafts.sent', { sessionId: at[0], kind: at[1] })).sent?.key).toBe(draft.key);
    expect(await unsent()).toEqual([['Review of the change', true]]);
  });

  it('is also what the dialog sent without an answer, with the session from the archive', async () => {
    await archive.call('sessions.put', { items: [sampleSession(1)] });
    answers = ['lost'];
    const request: NewRequest = {
      ...sampleRequest(1),
      key: draft.key,
      sessionId: 'S-000001',
      reasonId: 'incident',
      window: sampleRequest(1).window,
    };
    await expect(requests.create(request)).rejects.toMatchObject({ failure: cut });
    expect((await drafts.unsent()).map((one) => [one.maybeSent, one.session?.device])).toEqual([[true, sampleSession(1).device]]);
  });
});

describe('after a lost answer', () => {
  beforeEach(async () => {
    await drafts.keep(draft, sampleSession(1));
    answers = ['lost'];
    await expect(send()).rejects.toMatchObject({ failure: cut });
    expect(made.size).toBe(1);
  });

  it('the same is asked again, to the letter, though the window has begun meanwhile: no second request', async () => {
    nowMs += 10 * 60_000;
    await send();
    expect(made.size).toBe(1);
    expect(seen[1]).toEqual(seen[0]);
    expect(await unsent()).toEqual([]);
  });

  it('what was changed since is not taken for sent: it is said, kept, and would be another request', async () => {
    await drafts.put({ ...draft, justification: 'Other words than were sent' });
    await expect(send()).rejects.toMatchObject({ failure: { code: 'KEY_REUSED', data: { requestId: 'R-made' } } });
    expect([...made.values()].map(({ justification }) => justification)).toEqual(['Review of the change']);
    expect(await unsent()).toEqual([['Other words than were sent', false]]);
    await send();
    expect(made.size).toBe(2);
  });

  it('a refusal says for certain that there is none: it waits again', async () => {
    made.clear();
    answers = [{ code: 'NO_ELIGIBLE_APPROVER', data: { group: 'g', level: 1, needed: 1, eligible: 0 } }];
    await expect(send()).rejects.toMatchObject({ failure: { code: 'NO_ELIGIBLE_APPROVER' } });
    expect(await unsent()).toEqual([['Review of the change', false]]);
  });

  it('a request that is there already is no problem: it may be this one', async () => {
    problem = { code: 'ALREADY_ASKED', data: { requestId: 'R-made' } };
    expect(await drafts.check(...at)).toEqual({ problems: [], changes: [] });
  });
});

describe('what has changed meanwhile', () => {
  beforeEach(() => drafts.keep(draft, sampleSession(1)));
  const check = () => drafts.check(...at);
  const codes = async () => (await check()).problems.map(({ code }) => code);

  it('is nothing when nothing has', async () => {
    expect(await check()).toEqual({ problems: [], changes: [] });
  });

  it('the session’s state, and a window that has begun', async () => {
    session = sampleSession(1, { state: 'converting' });
    nowMs += hourMs;
    expect(await check()).toEqual({
      problems: [],
      changes: [
        { what: 'session-state', from: 'recorded', to: 'converting' },
        { what: 'window-begun', left: { start: toInstant(nowMs), end: draft.end } },
      ],
    });
  });

  it('one may watch without asking by now, or somebody asked from elsewhere', async () => {
    problem = { code: 'APPROVAL_NOT_NEEDED', data: {} };
    expect(await codes()).toEqual(['APPROVAL_NOT_NEEDED']);
    problem = { code: 'ALREADY_ASKED', data: { requestId: 'R-1' } };
    expect(await codes()).toEqual(['ALREADY_ASKED']);
  });

  it('the policy wants a code, other reasons, longer words', async () => {
    policy = samplePolicy({ governanceCode: { label: 'Ticket', required: true, pattern: null } });
    expect(await codes()).toEqual(['GOVERNANCE_CODE_REQUIRED']);
    policy = samplePolicy({ reasons: [{ id: 'audit', label: 'Audit' }] });
    expect(await codes()).toEqual(['REASON_UNKNOWN']);
    policy = samplePolicy({ minJustificationLength: 500 });
    expect(await codes()).toEqual(['JUSTIFICATION_REQUIRED']);
  });

  it('a window that is over cannot be sent', async () => {
    nowMs += 3 * hourMs;
    expect(await codes()).toEqual(['WINDOW_OVER']);
    await expect(send()).rejects.toMatchObject({ failure: { code: 'WINDOW_OVER' } });
    expect(seen).toEqual([]);
  });
});
