import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type HistoryFilter, type HistoryQuery, phases, type ViewingRecord } from '../../../contract/history.ts';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { toInstant, toMs } from '../../../contract/time.ts';
import type { ArchiveCallName, ArchiveCalls } from '../../../main/archive/calls.ts';
import { createArchiveHandlers } from '../../../main/archive/handlers.ts';
import { fold } from '../../../main/archive/words.ts';
import { createFeedPages } from '../../support/feed-pages.ts';
import { hourMs, noonMs, sampleRequest, sampleSession } from '../../support/samples.ts';

let handlers: ReturnType<typeof createArchiveHandlers>;
async function call<N extends ArchiveCallName>(name: N, input: ArchiveCalls[N]['input']): Promise<ArchiveCalls[N]['output']> {
  return JSON.parse(await (handlers[name] as (input: unknown) => string | Promise<string>)(input));
}
async function begin(): Promise<void> {
  handlers?.close({});
  handlers = createArchiveHandlers();
  await call('open', { folder: '/nowhere', name: 'x', key: null });
}
beforeEach(begin);

const newestFirst: HistoryQuery['sort'] = { by: 'createdAt', direction: 'desc' };
const dayMs = 24 * hourMs;
const person = (name: string) => ({ id: `p-${name}`, userName: name.toLowerCase().replaceAll(' ', '.'), displayName: name });
const query = (filter: HistoryFilter, sort = newestFirst): HistoryQuery => ({ filter, sort });
const page = (filter: HistoryFilter, sort = newestFirst, from = 0, limit = 500, nowMs = noonMs) =>
  call('history.page', { query: query(filter, sort), from, limit, nowMs });
const found = async (filter: HistoryFilter, sort = newestFirst) => (await page(filter, sort)).rows.map(({ id }) => id);
const figures = (filter: HistoryFilter = {}) => call('history.figures', { filter, nowMs: noonMs });

function viewing(number: number, more: Partial<ViewingRecord> = {}): ViewingRecord {
  return {
    id: `V-${number}`,
    sessionId: 'S-000001',
    kind: 'recording',
    requestId: 'R-000001',
    viewer: person('Vera Ito'),
    startedAt: toInstant(noonMs),
    endedAt: toInstant(noonMs + hourMs),
    why: 'closed' as ViewingRecord['why'],
    watchedMs: 60_000,
    shown: [],
    snapshots: 0,
    receipts: null,
    ...more,
  };
}

// A few names and words with accents, capitals and scripts whose words are one or two characters.
const names = ['José Ávila', 'Ana Souza', '李明', 'Ødegård "Od" O’Neil', 'Ana Sousa'];
const words = ['Revisão da falha', 'FALHA crítica', '审计 会话', 'x', '100%_\'"', 'a a', 'Straße', 'İstanbul', '', 'data\nlines'];
const filterWords = [
  'falha',
  'crit',
  'FALHA c',
  '审',
  '审计',
  'a',
  'an',
  'ß',
  'istan',
  '%',
  '_',
  '"',
  "'",
  'o’n',
  '-0000',
  'zz',
  'é',
  'souza ana',
  'a\nl',
  'sou',
  'ls -',
  '\0',
];

const someRequest = fc
  .record({
    number: fc.nat(11),
    minute: fc.nat(4),
    requester: fc.constantFrom(...names),
    approver: fc.option(fc.constantFrom(...names), { nil: null }),
    justification: fc.constantFrom(...words),
    comment: fc.constantFrom(...words),
    reason: fc.constantFrom('Incident', 'Rotina', '審査'),
    governanceCode: fc.option(fc.constantFrom('CHG-1', 'INC 22'), { nil: null }),
    user: fc.constantFrom('root', 'Administração', '管理员'),
    device: fc.constantFrom('srv-1', 'SRV-2', 'São Paulo 3'),
    kind: fc.constantFrom('recording' as const, 'livestream' as const),
    status: fc.constantFrom('pending', 'approved', 'rejected', 'expired', 'canceled', 'revoked'),
    startHours: fc.integer({ min: -3, max: 2 }),
    deadlineHours: fc.integer({ min: -1, max: 1 }),
    version: fc.integer({ min: 1, max: 3 }),
  })
  .map((made): AccessRequest => {
    const base = sampleRequest(made.number);
    const createdMs = noonMs - made.minute * 9 * dayMs - (made.number % 3);
    const at = toInstant(createdMs + 1_000 * (made.number + 1));
    const by = person(made.approver ?? 'Nobody');
    const window = {
      start: toInstant(noonMs + made.startHours * hourMs),
      end: toInstant(noonMs + (made.startHours + 2) * hourMs),
    };
    const verdict = made.status === 'rejected' ? 'reject' : 'approve';
    const states = {
      pending: { status: 'pending', level: 1 },
      approved: { status: 'approved', at },
      rejected: { status: 'rejected', at, by, comment: made.comment },
      expired: { status: 'expired', at },
      canceled: { status: 'canceled', at },
      revoked: { status: 'revoked', at, by, comment: made.comment },
    } as const;
    return {
      ...base,
      // A request is made once: what changes is its version, and with it the rest.
      createdAt: toInstant(noonMs - (made.number % 4) * 9 * dayMs - (made.number % 3)),
      version: made.version,
      kind: made.kind,
      requester: person(made.requester),
      justification: made.justification,
      reason: { id: 'r', label: made.reason },
      governanceCode: made.governanceCode,
      session: { ...base.session, id: `S-${made.number % 3}`, user: made.user, device: made.device },
      window,
      deadline: toInstant(noonMs + made.deadlineHours * hourMs),
      decisions: made.approver === null ? [] : [{ by, level: 1, verdict, comment: made.comment, at }],
      state: states[made.status as keyof typeof states],
    };
  });

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const someFilter = fc.record({
  text: maybe(fc.constantFrom(...filterWords)),
  phases: maybe(fc.subarray([...phases])),
  kind: maybe(fc.constantFrom('recording' as const, 'livestream' as const)),
  requester: maybe(fc.constantFrom('ana', 'avila', '李', 'so', 'jose.')),
  approver: maybe(fc.constantFrom('ana', 'avila', '李明', 'zzz')),
  session: maybe(fc.constantFrom('s-1', 'S-', '2')),
  user: maybe(fc.constantFrom('root', 'administracao', '员', 'oo')),
  device: maybe(fc.constantFrom('srv', 'sao paulo', '3')),
  reason: maybe(fc.constantFrom('incident', '審', 'rot')),
  governanceCode: maybe(fc.constantFrom('chg', 'inc 2', '1')),
  askedFrom: maybe(fc.constantFrom(toInstant(noonMs - 9 * dayMs), toInstant(noonMs - 2))),
  askedUntil: maybe(fc.constantFrom(toInstant(noonMs - 9 * dayMs - 1), toInstant(noonMs - dayMs))),
  watched: maybe(fc.boolean()),
}) as fc.Arbitrary<HistoryFilter>;
const someSort = fc.record({
  by: fc.constantFrom('createdAt' as const, 'requester' as const, 'device' as const),
  direction: fc.constantFrom('asc' as const, 'desc' as const),
});

type Model = {
  requests: Map<string, AccessRequest>;
  order: string[];
  viewings: Map<string, ViewingRecord>;
  commands: Map<string, string>;
};

const watchedUnder = ({ viewings }: Model, id: string) =>
  [...viewings.values()].reduce((sum, one) => sum + (one.requestId === id ? one.watchedMs : 0), 0);

/** The filter as one reads it. */
function fits(model: Model, request: AccessRequest, filter: HistoryFilter): boolean {
  const part = (value: string, wanted: string | undefined) =>
    fold(value)
      .replaceAll('\n', ' ')
      .includes(
        fold(wanted ?? '')
          .replaceAll('\n', ' ')
          .trim(),
      );
  const people = (of: { displayName: string; userName: string }[]) => of.map((one) => `${one.displayName} ${one.userName}`);
  const approvers = request.decisions.map(({ by }) => by);
  const everything = [
    ...people([request.requester, ...approvers]),
    request.session.id,
    request.session.user,
    request.session.device,
    request.session.credential,
    request.reason.label,
    request.governanceCode ?? '',
    request.id,
    request.justification,
    ...request.decisions.map(({ comment }) => comment),
    ...('by' in request.state ? [request.state.by.displayName, request.state.comment] : []),
    model.commands.get(request.session.id) ?? '',
  ];
  return (
    fold(filter.text ?? '')
      .split(/\s+/)
      .every((word) => everything.some((one) => fold(one).includes(word))) &&
    (!filter.phases?.length || filter.phases.includes(phaseOf(request, noonMs))) &&
    (filter.kind === undefined || filter.kind === request.kind) &&
    people([request.requester]).some((one) => part(one, filter.requester)) &&
    (!filter.approver || part(people(approvers).join(' '), filter.approver)) &&
    part(request.session.id, filter.session) &&
    part(request.session.user, filter.user) &&
    part(request.session.device, filter.device) &&
    part(request.reason.label, filter.reason) &&
    part(request.governanceCode ?? '', filter.governanceCode) &&
    (filter.askedFrom === undefined || toMs(request.createdAt) >= toMs(filter.askedFrom)) &&
    (filter.askedUntil === undefined || toMs(request.createdAt) < toMs(filter.askedUntil)) &&
    (filter.watched === undefined || watchedUnder(model, request.id) > 0 === filter.watched)
  );
}

function expected(model: Model, filter: HistoryFilter, { by, direction }: HistoryQuery['sort']): string[] {
  const arrival = (id: string) => model.order.indexOf(id);
  const byTime = [...model.requests.values()]
    .filter((request) => fits(model, request, filter))
    .sort((a, b) => toMs(b.createdAt) - toMs(a.createdAt) || arrival(b.id) - arrival(a.id));
  if (by === 'createdAt') return (direction === 'desc' ? byTime : byTime.toReversed()).map(({ id }) => id);
  const sign = direction === 'asc' ? 1 : -1;
  const value = (request: AccessRequest) =>
    Buffer.from(fold(by === 'requester' ? request.requester.displayName : request.session.device));
  return byTime.sort((a, b) => sign * Buffer.compare(value(a), value(b))).map(({ id }) => id);
}

const someChange = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(someRequest, { minLength: 1, maxLength: 6 }).map((items) => ({ what: 'put' as const, items })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('watch' as const),
      viewing: fc.nat(3),
      number: fc.nat(11),
      watchedMs: fc.constantFrom(0, 5, 9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('keep' as const), numbers: fc.subarray([...Array(12).keys()], { minLength: 6 }) }),
  },
);

const feed = createFeedPages();

async function change(
  model: Model,
  one: fc.Arbitrary<unknown> extends never ? never : typeof someChange extends fc.Arbitrary<infer T> ? T : never,
) {
  if (one.what === 'put') {
    for (const request of one.items) {
      const there = model.requests.get(request.id);
      if (there && there.version > request.version) continue;
      model.requests.set(request.id, request);
      if (!there) model.order = [...model.order.filter((id) => id !== request.id), request.id];
    }
    await call('requests.put', { items: one.items });
  } else if (one.what === 'watch') {
    const made = viewing(one.viewing, { requestId: `R-${String(one.viewing * 3).padStart(6, '0')}`, watchedMs: one.watchedMs });
    model.viewings.set(made.id, made);
    await call('viewings.put', { items: [made] });
  } else {
    const ids = one.numbers.map((number) => `R-${String(number).padStart(6, '0')}`);
    const gone = [...model.requests.keys()].filter((id) => !ids.includes(id));
    for (const id of gone) model.requests.delete(id);
    const records = gone.map((id) => ({ what: 'gone', of: 'request', id }) as const);
    const { cursor } = await call('changes.state', {});
    const page = feed.page(records, cursor ?? '', `${Number(cursor ?? 0) + 1}`, { reset: cursor === null });
    await call('changes.apply', { page, key: feed.key, keepSinceMs: 0 });
  }
}

describe('a query of history', () => {
  it('finds exactly what its filter says, in its order, whatever has come, changed and gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(someChange, fc.array(fc.tuple(someFilter, someSort), { maxLength: 3 })), {
          minLength: 1,
          maxLength: 8,
        }),
        async (steps) => {
          await begin();
          const model: Model = { requests: new Map(), order: [], viewings: new Map(), commands: new Map() };
          const asked: [HistoryFilter, HistoryQuery['sort']][] = [];
          for (const [one, queries] of steps) {
            await change(model, one);
            asked.push(...queries);
            // Also those that were asked before: their lists are kept, and have to follow.
            for (const [filter, sort] of asked) {
              const ids = expected(model, filter, sort);
              expect(await found(filter, sort)).toEqual(ids);
              expect(await call('history.count', { query: query(filter, sort), nowMs: noonMs })).toEqual({ total: ids.length });
              expect((await page(filter, sort, 1, 2)).rows.map(({ id }) => id)).toEqual(ids.slice(1, 3));
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('text', () => {
  const texts = ['Ação de rotina', '审计 会话', 'Überprüfung', 'plain words', '𠮷野家', 'zq', '@'];
  const oldMs = noonMs - 3_000 * hourMs;

  it('of one, two and more characters is found among thousands, also only in the oldest of them', async () => {
    const many = Array.from({ length: 3_000 }, (_, number) =>
      sampleRequest(number, { createdAt: toInstant(noonMs - number * hourMs), justification: `Entry ${number}` }),
    );
    const rare = texts.map((justification, number) =>
      sampleRequest(5_000 + number, { createdAt: toInstant(oldMs - number * 60_000), justification }),
    );
    await call('requests.put', { items: [...rare, ...many] });
    for (const text of [
      'ção',
      'çã',
      'ç',
      '审',
      '会话',
      '审计 会',
      'ü',
      '𠮷',
      '𠮷野',
      'zq',
      'Zq',
      '@',
      'q',
      '~',
      '~~',
      '~~~',
      'entry 299',
      '29',
      'pl wo',
    ]) {
      const ids = [...many, ...rare]
        .filter(({ justification, session, id, requester, reason }) =>
          text
            .split(' ')
            .every((word) =>
              fold(
                [
                  justification,
                  session.id,
                  session.user,
                  session.device,
                  session.credential,
                  id,
                  requester.displayName,
                  requester.userName,
                  reason.label,
                ].join('\n'),
              ).includes(fold(word)),
            ),
        )
        .map(({ id }) => id);
      expect((await call('history.count', { query: query({ text }), nowMs: noonMs })).total, text).toBe(ids.length);
      expect(await found({ text }), text).toEqual(ids.slice(0, 500));
    }
  });

  it('is looked for in the commands of the session, where they are known', async () => {
    await call('requests.put', { items: [sampleRequest(1), sampleRequest(2)] });
    await call('sessions.put', { items: [sampleSession(1)] });
    const filter = { text: 'DROP tabl' };
    expect(await found(filter)).toEqual([]);
    await call('sessions.putCommands', { id: 'S-000001', commands: 'ls -l\ndrop table ledger' });
    expect(await found(filter)).toEqual(['R-000001']);
    // Both come again without them.
    await call('requests.put', { items: [sampleRequest(1, { version: 2 })] });
    await call('sessions.put', { items: [sampleSession(1, { user: 'other' })] });
    expect(await found(filter)).toEqual(['R-000001']);
    const sessions = (text: string) =>
      call('sessions.page', { filter: { text }, sort: { by: 'startedAt', direction: 'desc' }, limit: 9 });
    expect((await sessions('ledger')).items).toHaveLength(1);
    await call('sessions.putCommands', { id: 'S-000001', commands: null });
    expect(await found(filter)).toEqual([]);
    expect((await sessions('ledger')).items).toEqual([]);
  });

  it('stays in its field', async () => {
    const items = [
      sampleRequest(1, { requester: person('Ana Souza'), justification: 'for Bruno' }),
      sampleRequest(2, { requester: person('Bruno Reis'), justification: 'for Ana Souza' }),
    ];
    await call('requests.put', { items });
    expect(await found({ text: 'ana bruno' })).toEqual(['R-000001', 'R-000002']);
    expect(await found({ requester: 'ana souza' })).toEqual(['R-000001']);
    expect(await found({ requester: 'a' })).toEqual(['R-000001']);
    expect(await found({ requester: 'bruno', text: 'souza' })).toEqual(['R-000002']);
  });
});

describe('a list that is filled only as far as it is looked at', () => {
  it('has what came below while nobody looked further', async () => {
    const old = (number: number, hours: number) => sampleRequest(number, { createdAt: toInstant(noonMs - hours * hourMs) });
    await call('requests.put', { items: [old(1, 1), old(2, 2), old(3, 100)] });
    const filter = { text: 'change' };
    expect((await page(filter, newestFirst, 0, 1)).rows.map(({ id }) => id)).toEqual(['R-000001']);
    await call('requests.put', { items: [old(4, 50), old(5, 3_000)] });
    expect(await found(filter)).toEqual(['R-000001', 'R-000002', 'R-000004', 'R-000003', 'R-000005']);
  });
});

describe('a row of history', () => {
  it('says what a table shows', async () => {
    const approvedAt = toInstant(noonMs + 1_000);
    const decision = { by: person('Ana Souza'), level: 1, verdict: 'approve' as const, comment: 'yes', at: approvedAt };
    await call('viewings.put', { items: [viewing(1, { watchedMs: 7_000 }), viewing(2, { watchedMs: 500, requestId: null })] });
    const request = sampleRequest(1, { decisions: [decision], state: { status: 'approved', at: approvedAt } });
    await call('requests.put', { items: [request] });
    await call('viewings.put', { items: [viewing(3, { watchedMs: 1_000 })] });
    await call('viewings.put', { items: [viewing(3, { watchedMs: 3_000 })] });
    const { rows, from } = await page({});
    expect(from).toBe(0);
    expect(rows[0]).toMatchObject({
      id: request.id,
      requester: request.requester,
      reason: request.reason.label,
      session: { id: request.session.id, user: request.session.user, device: request.session.device },
      decidedAt: approvedAt,
      approvers: ['Ana Souza'],
      watchedMs: 10_000,
    });
    const { item } = await call('history.get', { requestId: request.id });
    expect(item?.request).toEqual(request);
    expect(item?.session).toBeNull();
    expect(item?.viewings.map(({ id }) => id)).toEqual(['V-1', 'V-2', 'V-3']);
    await call('sessions.put', { items: [sampleSession(1)] });
    expect((await call('history.get', { requestId: request.id })).item?.session).toEqual(sampleSession(1));
    expect((await call('history.get', { requestId: 'R-9' })).item).toBeNull();
  });
});

describe('figures', () => {
  const decided = (
    number: number,
    afterMs: number,
    state: (at: string) => AccessRequest['state'],
    verdict: 'approve' | 'reject' = 'approve',
  ) => {
    const at = toInstant(noonMs - number * dayMs + afterMs);
    const createdAt = toInstant(noonMs - number * dayMs);
    return sampleRequest(number, {
      createdAt,
      state: state(at),
      decisions: [{ by: person('Ana Souza'), level: 1, verdict, comment: '', at }],
    });
  };

  it('count what became of requests, how long deciding took and what was watched, week by week', async () => {
    await call('requests.put', {
      items: [
        sampleRequest(0),
        decided(1, 1_000, (at) => ({ status: 'approved', at })),
        decided(8, 3_000, (at) => ({ status: 'rejected', at, by: person('Ana Souza'), comment: '' }), 'reject'),
        decided(22, 9_000, (at) => ({
          status: 'revoked',
          at: toInstant(toMs(at) + hourMs),
          by: person('Ana Souza'),
          comment: '',
        })),
        sampleRequest(4, { state: { status: 'expired', at: toInstant(noonMs) } }),
        sampleRequest(5, { state: { status: 'canceled', at: toInstant(noonMs) } }),
        sampleRequest(6, { deadline: toInstant(noonMs) }),
      ],
    });
    await call('viewings.put', {
      items: [
        viewing(1, { watchedMs: 10, startedAt: toInstant(noonMs - 7 * dayMs) }),
        viewing(2, { watchedMs: 30 }),
        viewing(3, { requestId: 'R-000099' }),
      ],
    });
    const all = await figures();
    expect(all).toMatchObject({ asked: 7, approved: 2, rejected: 1, expired: 2, canceled: 1, revoked: 1, watched: 1 });
    expect(all).toMatchObject({ medianDecideMs: 3_000, watchedMs: 40 });
    // The noon is a Tuesday.
    expect(all.weeks).toEqual([
      { start: '2026-11-02T00:00:00.000Z', asked: 1, decided: 1, watchedMs: 0 },
      { start: '2026-11-09T00:00:00.000Z', asked: 0, decided: 0, watchedMs: 0 },
      { start: '2026-11-16T00:00:00.000Z', asked: 1, decided: 1, watchedMs: 10 },
      { start: '2026-11-23T00:00:00.000Z', asked: 5, decided: 1, watchedMs: 30 },
    ]);
    expect(await figures({ phases: ['rejected'] })).toMatchObject({ asked: 1, medianDecideMs: 3_000, watchedMs: 0 });
    expect(await figures({ text: 'nobody ever' })).toMatchObject({ asked: 0, medianDecideMs: null, weeks: [] });
  });
});

describe('values of a field', () => {
  const values = (field: 'requester' | 'approver' | 'governanceCode' | 'device', text: string) =>
    call('history.values', { field, text, nowMs: noonMs });

  it('are those that have the part, of what was asked for last first, each once, twenty at most', async () => {
    const by = ['José Ávila', 'Ana Souza'].map((name) => ({
      by: person(name),
      level: 1,
      verdict: 'approve' as const,
      comment: '',
      at: toInstant(noonMs),
    }));
    await call('requests.put', {
      items: Array.from({ length: 30 }, (_, number) =>
        sampleRequest(number, {
          decisions: number === 2 ? by : [],
          governanceCode: number === 3 ? 'CHG-7' : null,
          requester: person(number % 2 ? 'Otto' : 'Ottilie'),
          session: { ...sampleRequest(number).session, device: `srv-${number}` },
        }),
      ),
    });
    expect(await values('requester', 'ott')).toEqual({ values: ['Ottilie', 'Otto'] });
    expect(await values('requester', 'OTTO')).toEqual({ values: ['Otto'] });
    expect(await values('approver', 'avi')).toEqual({ values: ['José Ávila'] });
    expect(await values('governanceCode', '')).toEqual({ values: ['CHG-7'] });
    expect((await values('device', '')).values).toHaveLength(20);
    expect(await values('device', '-29')).toEqual({ values: ['srv-29'] });
    expect(await values('device', 'nowhere')).toEqual({ values: [] });
  });
});

describe('retention', () => {
  const untilMs = noonMs - 90 * dayMs;
  const old = (number: number, more: Partial<AccessRequest> = {}) =>
    sampleRequest(number, {
      createdAt: toInstant(untilMs - number * hourMs),
      state: { status: 'rejected', at: toInstant(untilMs - 1), by: person('Ana Souza'), comment: 'secretword' },
      ...more,
    });

  it('removes what had its last change before, with what was watched and its session; what goes on or is referred to stays', async () => {
    const approved = { status: 'approved', at: toInstant(untilMs - 1) } as const;
    const about = (id: string) => ({ session: { ...sampleRequest(1).session, id } });
    await call('requests.put', {
      items: [
        old(1, about('S-gone')),
        old(2, { state: { status: 'rejected', at: toInstant(untilMs), by: person('Ana Souza'), comment: '' } }),
        old(3, { state: { status: 'pending', level: 1 } }),
        old(4, { state: approved, ...about('S-kept') }),
        old(5, { state: approved, window: { start: toInstant(untilMs - hourMs), end: toInstant(noonMs + 1) } }),
        sampleRequest(6),
        ...Array.from({ length: 300 }, (_, number) => old(100 + number)),
      ],
    });
    const session = (id: string, startedMs: number) => sampleSession(1, { id, startedAt: toInstant(startedMs) });
    await call('sessions.put', {
      items: [
        session('S-gone', untilMs - 1),
        session('S-kept', untilMs - 1),
        session('S-new', untilMs),
        session('S-watched', untilMs - 1),
      ],
    });
    await call('sessions.putCommands', { id: 'S-gone', commands: 'secretcommand' });
    const ended = { startedAt: toInstant(untilMs - hourMs), endedAt: toInstant(untilMs - 1) };
    await call('viewings.put', {
      items: [
        viewing(1, { ...ended, requestId: 'R-000001' }),
        viewing(2, { ...ended, requestId: null }),
        viewing(3, { ...ended, requestId: 'R-000004' }),
        viewing(4, { requestId: null, sessionId: 'S-watched' }),
      ],
    });
    const { gone } = await call('history.expire', { untilMs, nowMs: noonMs });
    expect(gone).toHaveLength(301);
    expect((await found({})).toSorted()).toEqual(['R-000002', 'R-000003', 'R-000004', 'R-000005', 'R-000006']);
    expect(await found({ text: 'secretword' })).toEqual([]);
    const sessions = await Promise.all(['S-gone', 'S-kept', 'S-new', 'S-watched'].map((id) => call('sessions.get', { id })));
    expect(sessions.map((one) => one.session !== null)).toEqual([false, true, true, true]);
    const kept = async (requestId: string) => (await call('history.get', { requestId })).item?.viewings.map(({ id }) => id);
    expect(await kept('R-000004')).toEqual(['V-3']);
    expect(await kept('R-000006')).toEqual([]);
    expect((await call('history.expire', { untilMs, nowMs: noonMs })).gone).toEqual([]);
  });
});
