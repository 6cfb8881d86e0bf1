import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventPayload } from '../../../contract/events.ts';
import { type Failure, fail } from '../../../contract/failure.ts';
import type { Synchronisation } from '../../../contract/history.ts';
import type { AccessRequest } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import type { Gateway } from '../../../main/gateway/client.ts';
import { createRecord, type RecordKept } from '../../../main/history/record.ts';
import { createHistory, type HistoryService } from '../../../main/history/service.ts';
import type { Publish } from '../../../main/sessions/service.ts';
import { eventually } from '../../support/eventually.ts';
import { type Listed, listedGateway } from '../../support/listed-gateway.ts';
import { openMemoryArchive } from '../../support/memory-archive.ts';
import { hourMs, me, noonMs, samplePolicy, sampleRequest } from '../../support/samples.ts';

const unreachable: Failure = { code: 'UNREACHABLE', data: { host: 'g', why: 'cut' } };
const at = toInstant(noonMs);
const dayMs = 24 * hourMs;

let listed: Listed;
let gateway: Gateway;
let days: number;
let archive: Awaited<ReturnType<typeof openMemoryArchive>>;
let record: RecordKept;
let history: HistoryService;
let told: AccessRequest[];
let removed: string[];
let notices: string[];
let progress: Synchronisation[];

const keptOf = async (id: string) => (await archive.call('requests.get', { id })).request;
const rejected = (number: number) =>
  sampleRequest(number, {
    version: 2,
    decisions: [{ by: me, level: 1, verdict: 'reject', comment: 'A comment', at }],
    state: { status: 'rejected', at, by: me, comment: 'A comment' },
  });

beforeEach(async () => {
  const there = [1, 2, 3, 4, 5].map((number) => sampleRequest(number));
  listed = { there, policy: samplePolicy(), failure: null, asked: [], between: () => undefined };
  gateway = listedGateway(listed);
  days = 3650;
  [told, removed, notices, progress] = [[], [], [], []];
  archive = await openMemoryArchive();
  const publish: Publish = (name, payload) => {
    if (name === 'storage-notice') notices.push((payload as EventPayload<'storage-notice'>).notice);
    if (name === 'synchronisation') progress.push(payload as Synchronisation);
    if (name !== 'requests') return;
    told.push(...(payload as EventPayload<'requests'>).changed);
    removed.push(...(payload as EventPayload<'requests'>).removed);
  };
  const shared = { gateway: () => gateway, archive, clock: { now: () => noonMs }, publish };
  record = createRecord({
    ...shared,
    wantedDays: () => days,
    sealKey: async () => gateway.receiptKey(),
    report: () => '',
  });
  history = createHistory({
    ...shared,
    ...record,
    exports: { check: async () => undefined, save: async () => fail('CANCELED') },
    exporter: { run: async () => fail('CANCELED'), cancel: () => undefined },
    reportFacts: async () => fail('CANCELED'),
    chooseFile: async () => null,
    fonts: '',
  } as unknown as Parameters<typeof createHistory>[0]);
});
afterEach(() => {
  record.sync.stop();
  record.check.stop();
  record.retention.stop();
});

describe('a pull', () => {
  it('that is cut goes on where it was, says how far it is, and ends in step', async () => {
    let pages = 0;
    listed.between = () => {
      pages += 1;
      if (pages === 2) listed.failure = unreachable;
    };
    await expect(record.sync.pull()).rejects.toMatchObject({ failure: unreachable });
    const { cursor, complete } = await archive.call('changes.state', {});
    expect([cursor === null, complete]).toEqual([false, false]);
    listed.failure = null;
    listed.asked = [];
    await record.sync.pull();
    // Two of the three pages were in already.
    expect(listed.asked.filter((name) => name === 'changes').length).toBeLessThan(3);
    expect(progress[0]).toEqual({ state: 'reading', done: 2, total: 5 });
    expect(progress.at(-1)).toEqual({ state: 'idle' });
    expect((await history.status()).requests).toBe(5);
    expect(await record.sync.isComplete()).toBe(true);
    await record.check.idle();
    for (const { id } of listed.there) expect(await history.get(id)).toMatchObject({ confirmation: 'confirmed' });
    expect(notices).toEqual([]);
  });

  it('takes nothing that another key has signed, tells nobody of it, and begins anew', async () => {
    await record.sync.pull();
    listed.there = [rejected(1), ...listed.there.slice(1)];
    const key = gateway.receiptKey;
    gateway.receiptKey = listedGateway(listed).receiptKey;
    told = [];
    await expect(record.sync.pull()).rejects.toMatchObject({ failure: { code: 'BAD_ANSWER' } });
    expect([await keptOf('R-000001'), told]).toEqual([sampleRequest(1), []]);
    gateway.receiptKey = key;
    await record.sync.pull();
    expect((await keptOf('R-000001'))?.state.status).toBe('rejected');
  });

  it('finds out what was put in, says so, and the gateway’s record is what is left', async () => {
    await record.sync.pull();
    await archive.call('requests.put', {
      items: [sampleRequest(77), sampleRequest(2, { version: 99, justification: 'Never said' })],
    });
    await record.sync.pull();
    await eventually(async () => expect(await keptOf('R-000077')).toBeNull());
    await eventually(async () => expect(await keptOf('R-000002')).toEqual(sampleRequest(2)));
    expect(notices).toEqual(['archive-contradicted']);
    expect(removed).toContain('R-000077');
  });
});

describe('what the policy wants on no disk', () => {
  const whole = rejected(1);
  const bare = { justification: '', decisions: [{ comment: '' }], state: { comment: '' } };

  it('is told to windows, shown while the gateway can be asked, and said to be missing when it cannot', async () => {
    listed.policy = samplePolicy({ notKept: ['justification', 'comments'] });
    listed.there = [whole];
    await record.sync.pull();
    expect(told).toEqual([]);
    expect(await keptOf('R-000001')).toMatchObject(bare);
    expect(await history.get('R-000001')).toMatchObject({ request: whole, notKept: [], confirmation: 'confirmed' });
    listed.failure = unreachable;
    expect(await history.get('R-000001')).toMatchObject({ request: bare, notKept: ['justification', 'comments'] });
  });

  it('is taken out when the policy comes to want it, and the rest stays confirmed', async () => {
    listed.there = [whole, sampleRequest(2)];
    await record.sync.pull();
    expect(await keptOf('R-000001')).toEqual(whole);
    listed.policy = samplePolicy({ notKept: ['justification', 'comments'] });
    // Another policy, another cursor: the gateway begins anew.
    gateway = listedGateway(listed);
    await record.policy.refresh();
    await record.sync.pull();
    expect(await keptOf('R-000001')).toMatchObject(bare);
    expect(await history.get('R-000002')).toMatchObject({ confirmation: 'confirmed' });
    expect(notices).toEqual([]);
  });

  it('is not taken from a page that was made before the policy that is known here', async () => {
    await record.policy.changed(samplePolicy({ notKept: ['justification'] }));
    let asked = 0;
    listed.between = () => {
      asked += 1;
      if (asked === 1) listed.policy = samplePolicy({ notKept: ['justification'] });
    };
    await record.sync.pull();
    for (const { id } of listed.there) expect((await keptOf(id))?.justification).toBe('');
  });
});

describe('retention', () => {
  const old = sampleRequest(9, {
    createdAt: toInstant(noonMs - 40 * dayMs),
    deadline: toInstant(noonMs - 39 * dayMs),
    state: { status: 'canceled', at: toInstant(noonMs - 39 * dayMs) },
  });

  it('lets nothing in that has rested for longer, removes it when fewer days are wanted, and reads it again for more', async () => {
    listed.there = [old, sampleRequest(1)];
    days = 30;
    await record.sync.pull();
    expect([await keptOf('R-000009'), (await keptOf('R-000001'))?.id]).toEqual([null, 'R-000001']);
    days = 60;
    await record.sync.pull();
    expect((await keptOf('R-000009'))?.id).toBe('R-000009');
    days = 30;
    await record.sync.pull();
    await eventually(async () => expect(await keptOf('R-000009')).toBeNull());
    await record.check.idle();
    expect(notices).toEqual([]);
  });
});
