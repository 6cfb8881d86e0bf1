import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Failure, fail } from '../../../contract/failure.ts';
import type { ServerEvent } from '../../../contract/gateway.ts';
import type { AccessRequest, NewRequest, Policy } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import type { Gateway } from '../../../main/gateway/client.ts';
import { createRecord, type RecordKept } from '../../../main/history/record.ts';
import { createDrafts, type Drafts } from '../../../main/requests/drafts.ts';
import { createRequests } from '../../../main/requests/service.ts';
import { type Listed, listedGateway } from '../../support/listed-gateway.ts';
import { openMemoryArchive } from '../../support/memory-archive.ts';
import { noonMs, sampleDraft, samplePolicy, sampleRequest } from '../../support/samples.ts';

const unreachable: Failure = { code: 'UNREACHABLE', data: { host: 'g', why: 'refused' } };
const approved = (number: number) => sampleRequest(number, { version: 2, state: { status: 'approved', at: toInstant(noonMs) } });
const newRequest = {
  key: sampleDraft().key,
  sessionId: 'S-000001',
  kind: 'recording',
  justification: 'x',
  reasonId: 'incident',
  governanceCode: null,
  window: sampleRequest(1).window,
} as NewRequest;

let listed: Listed;
let gateway: Gateway | null;
let told: AccessRequest[][];
let toldPolicy: Policy[];
let archive: Awaited<ReturnType<typeof openMemoryArchive>>;
let record: RecordKept;
let requests: ReturnType<typeof createRequests>;
let drafts: Drafts;

const hello = { type: 'hello', time: toInstant(noonMs) } as const;
/** What main does with an event. */
async function heard(event: ServerEvent): Promise<void> {
  try {
    await requests.heard(event);
  } finally {
    await record.sync.heard(event);
  }
}
const listedNow = async () =>
  (await requests.list({ scope: 'all', limit: 100 })).items.map(({ id, version }) => `${id} ${version}`);
const kept = async () =>
  (await archive.call('requests.list', { query: { scope: 'all', limit: 100 }, personId: '', nowMs: noonMs })).items.map(
    ({ id, version }) => `${id} ${version}`,
  );

beforeEach(async () => {
  const there = [1, 2, 3, 4, 5].map((number) => sampleRequest(number));
  listed = { there, policy: samplePolicy(), failure: null, asked: [], between: () => undefined };
  gateway = listedGateway(listed);
  told = [];
  toldPolicy = [];
  archive = await openMemoryArchive();
  const options = {
    gateway: () => gateway ?? fail('SIGNED_OUT'),
    archive,
    clock: { now: () => noonMs },
    publish: (name: string, payload: unknown) => {
      if (name === 'requests') told.push((payload as { changed: AccessRequest[] }).changed);
      if (name === 'policy') toldPolicy.push(payload as Policy);
    },
  };
  record = createRecord({
    ...options,
    wantedDays: () => 3650,
    sealKey: async () => gateway?.receiptKey() ?? null,
    report: () => '',
  });
  drafts = createDrafts(options);
  requests = createRequests({ ...options, ...record, drafts, personId: () => 'p-me' });
});
afterEach(() => {
  record.sync.stop();
  record.check.stop();
});

describe('the synchronisation', () => {
  it('reads every page after signing in, tells what is new, and not again while nothing was missed', async () => {
    await heard(hello);
    expect(await kept()).toEqual(listed.there.map(({ id }) => `${id} 1`));
    expect(told.flat()).toEqual(listed.there);
    expect((await archive.call('meta.get', { name: 'synchronised' })).value).toBe(toInstant(noonMs));
    listed.asked = [];
    await heard(hello);
    expect(listed.asked).toEqual([]);
  });

  it('begins again with every sign-in, and tells only what has changed', async () => {
    await heard(hello);
    listed.there = [approved(1), ...listed.there.slice(1, 4), sampleRequest(6)];
    told = [];
    gateway = listedGateway(listed);
    await heard(hello);
    expect(told.flat().map(({ id }) => id)).toEqual(['R-000001', 'R-000006']);
    // R-000005 may not be seen any more.
    expect(await kept()).toEqual(['R-000001 2', 'R-000002 1', 'R-000003 1', 'R-000004 1', 'R-000006 1']);
  });

  it('begins again after a reset and when the person’s rights have changed', async () => {
    await heard(hello);
    listed.there = [approved(1)];
    listed.policy = samplePolicy({ minJustificationLength: 77 });
    await heard({ type: 'reset' });
    expect(await kept()).toEqual(['R-000001 2']);
    expect(toldPolicy.at(-1)?.minJustificationLength).toBe(77);
    listed.there = [approved(1), sampleRequest(2)];
    await heard({ type: 'user', user: {} as never });
    expect(await kept()).toEqual(['R-000001 2', 'R-000002 1']);
  });

  it('that broke off fails, keeps what it has, and is made good by the next hello', async () => {
    listed.between = () => {
      listed.failure = unreachable;
    };
    await expect(heard(hello)).rejects.toMatchObject({ failure: unreachable });
    expect(await kept()).toEqual(['R-000001 1', 'R-000002 1']);
    listed.failure = null;
    listed.between = () => undefined;
    await heard(hello);
    expect(await kept()).toHaveLength(5);
  });

  it('that failed is also made good by whatever is heard next, once', async () => {
    listed.failure = unreachable;
    await expect(heard(hello)).rejects.toMatchObject({ failure: unreachable });
    listed.failure = null;
    listed.asked = [];
    listed.there = [approved(1), approved(2), approved(3), ...listed.there.slice(3)];
    await Promise.all([1, 2, 3].map((number) => heard({ type: 'request', request: approved(number) })));
    expect(listed.asked.filter((name) => name === 'changes')).toHaveLength(3);
    expect(await kept()).toEqual(['R-000001 2', 'R-000002 2', 'R-000003 2', 'R-000004 1', 'R-000005 1']);
  });

  it('does not undo what happens while it reads', async () => {
    let once = true;
    listed.between = async () => {
      if (!once) return;
      once = false;
      await requests.create(newRequest);
      await requests.decide({ id: 'R-000001' } as never);
    };
    await heard(hello);
    expect(await kept()).toEqual(['R-000001 2', 'R-000002 1', 'R-000003 1', 'R-000004 1', 'R-000005 1', 'R-000009 1'].sort());
  });

  it('goes nowhere once somebody else has signed in', async () => {
    listed.between = () => {
      gateway = listedGateway(listed);
    };
    await expect(heard(hello)).rejects.toMatchObject({ failure: { code: 'SIGNED_OUT' } });
    expect(await kept()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is begun again by the next hello when the archive failed with an event', async () => {
    await heard(hello);
    archive.failing = true;
    await expect(heard({ type: 'request', request: approved(1) })).rejects.toMatchObject({ failure: { code: 'ARCHIVE_FAILED' } });
    archive.failing = false;
    expect(told.at(-1)).toEqual([approved(1)]);
    expect((await kept())[0]).toBe('R-000001 1');
    listed.there[0] = approved(1);
    await heard(hello);
    expect((await kept())[0]).toBe('R-000001 2');
  });
});

describe('events', () => {
  it('change the archive and are told; what is older than what is known is not', async () => {
    await heard(hello);
    told = [];
    await heard({ type: 'request', request: approved(1) });
    await heard({ type: 'request', request: sampleRequest(1) });
    expect(told).toEqual([[approved(1)]]);
    expect((await requests.get('R-000001')).version).toBe(2);
  });

  it('of the policy are told, kept, and answer the next question', async () => {
    await heard(hello);
    toldPolicy = [];
    expect((await requests.policy()).minJustificationLength).toBe(10);
    await heard({ type: 'policy', policy: samplePolicy({ minJustificationLength: 30 }) });
    expect(toldPolicy).toHaveLength(1);
    listed.asked = [];
    expect((await requests.policy()).minJustificationLength).toBe(30);
    expect(listed.asked).toEqual([]);
    // The next start, offline.
    gateway = listedGateway(listed);
    listed.failure = unreachable;
    expect((await requests.policy()).minJustificationLength).toBe(30);
  });
});

describe('lists', () => {
  it('come from the archive without asking, online or not', async () => {
    await heard(hello);
    listed.asked = [];
    expect(await listedNow()).toHaveLength(5);
    listed.failure = unreachable;
    expect(await listedNow()).toHaveLength(5);
    const first = await requests.list({ scope: 'all', limit: 3 });
    const rest = await requests.list({ scope: 'all', limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...rest.items]).toEqual(listed.there);
    expect(listed.asked).toEqual([]);
  });

  it('come from the gateway until the archive is complete, and go on there', async () => {
    const first = await requests.list({ scope: 'all', limit: 2 });
    expect(first.items).toEqual(listed.there.slice(0, 2));
    await heard(hello);
    expect((await requests.list({ scope: 'all', limit: 2, cursor: first.nextCursor ?? '' })).items).toEqual(
      listed.there.slice(2, 4),
    );
  });

  it('come from the gateway when the archive fails, from what is there when both do not know more', async () => {
    await heard(hello);
    archive.failing = true;
    expect(await listedNow()).toHaveLength(2);
    archive.failing = false;
    listed.failure = unreachable;
    gateway = listedGateway(listed);
    expect(await listedNow()).toHaveLength(5);
  });

  it('with a made-up cursor are refused', async () => {
    await expect(requests.list({ scope: 'all', limit: 2, cursor: 'archive:1' })).rejects.toMatchObject({
      failure: { code: 'INVALID_INPUT' },
    });
  });

  it('lack nothing: a request that the archive does not have is fetched and kept', async () => {
    expect(await requests.get('R-000003')).toEqual(listed.there[2]);
    listed.asked = [];
    expect(await requests.get('R-000003')).toEqual(listed.there[2]);
    expect(listed.asked).toEqual([]);
  });
});

describe('what the person does', () => {
  it('is in the archive and told before the answer', async () => {
    for (const name of ['decide', 'cancel', 'revoke'] as const) {
      listed.there = [sampleRequest(1)];
      const changed = await requests[name]({ id: 'R-000001' } as never);
      expect(changed.version).toBe(2);
      expect((await archive.call('requests.get', { id: 'R-000001' })).request?.version).toBe(2);
    }
    expect(told[0]?.[0]?.version).toBe(2);
  });

  it('drops the draft once the gateway has the request, and not before', async () => {
    await drafts.put(sampleDraft());
    listed.failure = unreachable;
    await expect(requests.create(newRequest)).rejects.toMatchObject({ failure: unreachable });
    expect(await drafts.get('S-000001', 'recording'), 'what was sent').toMatchObject({ key: newRequest.key, justification: 'x' });
    listed.failure = null;
    expect((await requests.create(newRequest)).id).toBe('R-000009');
    expect(await drafts.get('S-000001', 'recording')).toBeNull();
    expect(await kept()).toEqual(['R-000009 1']);
  });

  it('is done when the gateway says so, even if the archive fails', async () => {
    archive.failing = true;
    expect((await requests.decide({ id: 'R-000001' } as never)).version).toBe(2);
    expect(told.flat().map(({ id }) => id)).toEqual(['R-000001']);
  });

  it('is not sent while it cannot be written down: a second try could make a second request', async () => {
    archive.failing = true;
    listed.asked = [];
    await expect(requests.create(newRequest)).rejects.toMatchObject({ failure: { code: 'ARCHIVE_FAILED' } });
    expect(listed.asked).toEqual([]);
  });

  it('drops a draft that is not wanted any more', async () => {
    await drafts.put(sampleDraft());
    await drafts.drop('S-000001', 'recording');
    expect(await drafts.get('S-000001', 'recording')).toBeNull();
  });
});
