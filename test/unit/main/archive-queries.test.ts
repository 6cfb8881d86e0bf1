import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest, RequestScope } from '../../../contract/request.ts';
import type { Session, SessionFilter, SessionQuery } from '../../../contract/session.ts';
import { toInstant, toMs } from '../../../contract/time.ts';
import type { ArchiveCallName, ArchiveCalls, SlicedCallName } from '../../../main/archive/calls.ts';
import { fromCursor, isArchiveCursor, toCursor } from '../../../main/archive/cursor.ts';
import { createArchiveHandlers } from '../../../main/archive/handlers.ts';
import { fold } from '../../../main/archive/words.ts';
import { hourMs, noonMs, sampleDraft, sampleRequest, sampleSession } from '../../support/samples.ts';

let handlers: ReturnType<typeof createArchiveHandlers>;
function call<N extends Exclude<ArchiveCallName, SlicedCallName>>(
  name: N,
  input: ArchiveCalls[N]['input'],
): ArchiveCalls[N]['output'] {
  return JSON.parse((handlers[name] as (input: unknown) => string)(input));
}
function begin(): void {
  handlers = createArchiveHandlers();
  call('open', { folder: '/nowhere', name: 'x', key: null });
}
beforeEach(begin);

/** Every page after another, as a list that is scrolled to its end. */
function sessionsOf(query: Partial<SessionQuery>): Session[] {
  const items: Session[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = call('sessions.page', {
      filter: {},
      sort: { by: 'startedAt', direction: 'desc' },
      limit: 3,
      ...query,
      ...(cursor !== undefined && { cursor }),
    });
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}
const idsOf = (query: Partial<SessionQuery>) => sessionsOf(query).map(({ id }) => id);
const found = (filter: SessionFilter) => idsOf({ filter }).sort();

/** As SQLite compares: ASCII letters without case, then by bytes. */
const nocase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const compare = (a: string | number, b: string | number) =>
  typeof a === 'number' || typeof b === 'number' ? Number(a) - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(b));
const sortKey: Record<SessionQuery['sort']['by'], (session: Session) => string | number> = {
  startedAt: (session) => toMs(session.startedAt),
  user: (session) => nocase(session.user),
  device: (session) => nocase(session.device),
  credential: (session) => nocase(session.credential),
  durationMs: (session) => session.durationMs ?? -1,
};

const name = fc.oneof(
  fc.constantFrom('ana', 'Ana', 'ANA', 'Ácaro', 'bob', '', 'ß', '日本', '😀'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const anySession = (id: fc.Arbitrary<string>) =>
  fc
    .record({
      id,
      user: name,
      device: name,
      credential: name,
      reason: name,
      justification: fc.string({ unit: 'grapheme', maxLength: 30 }),
      protocol: fc.constantFrom('SSH' as const, 'RDP' as const, 'VNC' as const),
      state: fc.constantFrom('live' as const, 'recorded' as const),
      startedAt: fc.integer({ min: 0, max: 5 }).map((minute) => toInstant(noonMs + minute * 60_000)),
      durationMs: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    })
    .map((more) => sampleSession(1, more));
const someSessions = fc.uniqueArray(anySession(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 6 })), {
  selector: ({ id }) => id,
  maxLength: 25,
});

describe('sessions', () => {
  it('come page by page in the order of a sort in memory, each once', () => {
    fc.assert(
      fc.property(
        someSessions,
        fc.constantFrom('startedAt' as const, 'user' as const, 'device' as const, 'credential' as const, 'durationMs' as const),
        fc.constantFrom('asc' as const, 'desc' as const),
        fc.integer({ min: 1, max: 7 }),
        (sessions, by, direction, limit) => {
          begin();
          call('sessions.put', { items: sessions });
          const sorted = sessions.toSorted((a, b) => compare(sortKey[by](a), sortKey[by](b)) || compare(a.id, b.id));
          if (direction === 'desc') sorted.reverse();
          expect(idsOf({ sort: { by, direction }, limit })).toEqual(sorted.map(({ id }) => id));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are found by any part of any text, by index or not, exactly as by comparing', () => {
    const part = fc
      .tuple(
        someSessions,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('user', 'device', 'justification', 'id', 'text'),
      )
      .chain(([sessions, which, from, length, by]) => {
        const session = sessions[which % Math.max(1, sessions.length)];
        const text = session ? (by === 'text' ? `${session.reason}\n${session.justification}` : session[by as 'user']) : 'x';
        const characters = [...text];
        const start = from % Math.max(1, characters.length);
        return fc.record({
          sessions: fc.constant(sessions),
          by: fc.constant(by),
          text: fc.oneof(fc.constant(characters.slice(start, start + length).join('')), name),
        });
      });
    fc.assert(
      fc.property(part, ({ sessions, by, text }) => {
        begin();
        call('sessions.put', { items: sessions });
        const fits = (session: Session) => {
          if (by !== 'text') return fold(session[by as 'user']).includes(fold(text));
          const words = ['id', 'user', 'credential', 'device', 'originIp', 'proxy', 'reason', 'justification', 'protocol'].map(
            (one) => session[one as 'user'],
          );
          return text.split(/\s+/).every((word) => fold(words.join('\n')).includes(fold(word)));
        };
        const expected = sessions.filter(fits).map(({ id }) => id);
        expect(found({ [by]: text })).toEqual(expected.sort());
      }),
      { numRuns: 300 },
    );
  });

  it('are filtered by every filter there is', () => {
    const odd: Partial<Session>[] = [
      { id: 'X-77' },
      { user: 'José Ávila' },
      { credential: 'oracle' },
      { device: 'db-primary' },
      { originIp: '192.168.7.9' },
      { protocol: 'RDP' },
      { proxy: 'edge-2' },
      { startedAt: toInstant(noonMs + 5 * hourMs) },
      { state: 'live', durationMs: null },
      { reason: 'Incident "42"' },
      { justification: '100% of_it; \'quoted\' OR "x" NEAR(y)' },
    ];
    const all = odd.map((more, index) => sampleSession(index, { id: `S-${index}`, ...more }));
    call('sessions.put', { items: all });
    const only = (index: number) => [all[index]?.id];
    expect(found({ id: 'x-7' })).toEqual(only(0));
    expect(found({ user: 'jose avi' })).toEqual(only(1));
    expect(found({ credential: 'RACL' })).toEqual(only(2));
    expect(found({ device: 'primary' })).toEqual(only(3));
    expect(found({ originIp: '168.7' })).toEqual(only(4));
    expect(found({ protocols: ['RDP', 'VNC'] })).toEqual(only(5));
    expect(found({ proxy: 'ge-2' })).toEqual(only(6));
    expect(found({ startedFrom: toInstant(noonMs + 5 * hourMs) })).toEqual(only(7));
    expect(found({ startedUntil: toInstant(noonMs + 5 * hourMs) })).toHaveLength(all.length - 1);
    expect(found({ states: ['live'] })).toEqual(only(8));
    expect(found({ reason: '"42"' })).toEqual(only(9));
    expect(found({ justification: '100%' })).toEqual(only(10));
    expect(found({ justification: 'OR "x" NEAR(' })).toEqual(only(10));
    expect(found({ text: 'near(y) of_it' })).toEqual(only(10));
    // "not" is only a word: 1 and 2 letters are found too.
    expect(found({ text: '77' })).toEqual(only(0));
    expect(found({ text: 'oracle primary' })).toEqual([]);
    expect(found({ protocols: [], states: [], text: '' })).toHaveLength(all.length);
    // A part of one field is not found in another.
    expect(found({ user: 'oracle' })).toEqual([]);
    expect(
      call('sessions.page', { filter: { user: 'user' }, sort: { by: 'startedAt', direction: 'desc' }, limit: 2 }).total,
    ).toBe(all.length - 1);
  });

  it('count once, on the first page', () => {
    call('sessions.put', { items: [1, 2, 3].map((number) => sampleSession(number)) });
    const query = { filter: {}, sort: { by: 'startedAt', direction: 'desc' }, limit: 2 } as const;
    const first = call('sessions.page', query);
    expect(first.total).toBe(3);
    expect(call('sessions.page', { ...query, cursor: first.nextCursor ?? '' }).total).toBeNull();
  });

  it('are kept as last seen, in the index too', () => {
    call('sessions.put', { items: [sampleSession(1, { user: 'before', state: 'live' })] });
    call('sessions.put', { items: [sampleSession(1, { user: 'after' }), sampleSession(2)] });
    expect(found({ user: 'before' })).toEqual([]);
    expect(found({ user: 'after' })).toEqual(['S-000001']);
    expect(call('sessions.get', { id: 'S-000001' }).session).toEqual(sampleSession(1, { user: 'after' }));
    expect(call('sessions.get', { id: 'S-9' }).session).toBeNull();
  });
});

describe('requests', () => {
  const list = (scope: RequestScope, nowMs = noonMs, limit = 100) =>
    call('requests.list', { query: { scope, limit }, personId: 'p-me', nowMs }).items.map(({ id }) => id);
  const mine = { requester: { id: 'p-me', userName: 'me', displayName: 'Me' } };
  const notMine = { may: { ...sampleRequest(1).may, decide: { allowed: false as const, why: 'NOT_AN_APPROVER' as const } } };

  it('are listed by scope, newest first', () => {
    const all: AccessRequest[] = [
      sampleRequest(1),
      sampleRequest(2, { ...mine, ...notMine }),
      sampleRequest(3, notMine),
      sampleRequest(4, { state: { status: 'approved', at: toInstant(noonMs) } }),
      sampleRequest(5, { deadline: toInstant(noonMs - 1) }),
      sampleRequest(6, { window: { start: toInstant(noonMs - hourMs), end: toInstant(noonMs) } }),
    ];
    call('requests.put', { items: all.toReversed() });
    expect(list('all')).toEqual(all.map(({ id }) => id));
    expect(list('mine')).toEqual(['R-000002']);
    expect(list('waiting')).toEqual(['R-000001']);
    expect(list('decided')).toEqual(['R-000003', 'R-000004', 'R-000005', 'R-000006']);
    // The deadline passes: nobody waits any more.
    expect(list('waiting', noonMs + hourMs - 1)).toEqual(['R-000001']);
    expect(list('waiting', noonMs + hourMs)).toEqual([]);
    expect(list('decided', noonMs + hourMs)).toContain('R-000001');
  });

  it('come page by page, each once, though many were made in one moment', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(40), fc.nat(2)), { selector: ([number]) => number, maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (made, limit) => {
          begin();
          const all = made.map(([number, minute]) => sampleRequest(number, { createdAt: toInstant(noonMs + minute * 60_000) }));
          call('requests.put', { items: all });
          const expected = all
            .toReversed()
            .toSorted((a, b) => compare(b.createdAt, a.createdAt))
            .map(({ id }) => id);
          const ids: string[] = [];
          for (let cursor: string | undefined; ; ) {
            const page = call('requests.list', {
              query: { scope: 'all', limit, ...(cursor !== undefined && { cursor }) },
              personId: 'p',
              nowMs: noonMs,
            });
            ids.push(...page.items.map(({ id }) => id));
            if (page.nextCursor === null) break;
            cursor = page.nextCursor;
          }
          expect(ids).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that wait come as they are due, page by page, and are counted', () => {
    const due = [40, 10, 30, 20, 10].map((minutes, index) =>
      sampleRequest(index, { deadline: toInstant(noonMs + minutes * 60_000) }),
    );
    const shortWindow = sampleRequest(7, { window: { start: toInstant(noonMs), end: toInstant(noonMs + 5 * 60_000) } });
    call('requests.put', { items: [...due, shortWindow, sampleRequest(8, notMine)] });
    const expected = ['R-000007', 'R-000001', 'R-000004', 'R-000003', 'R-000002', 'R-000000'];
    const ids: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = { scope: 'waiting' as const, limit: 2, ...(cursor !== undefined && { cursor }) };
      const page = call('requests.list', { query, personId: 'p-me', nowMs: noonMs });
      ids.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(expected);
    expect(call('requests.count', { nowMs: noonMs })).toEqual({ waiting: 6 });
    expect(call('requests.count', { nowMs: noonMs + 10 * 60_000 })).toEqual({ waiting: 3 });
    // Back and forth, and after something was written: what was counted before stands only as long as it is true.
    expect(call('requests.count', { nowMs: noonMs })).toEqual({ waiting: 6 });
  });

  it('are found by words of whoever asks, what for, which session, which device; case and accents aside', () => {
    call('requests.put', {
      items: [
        sampleRequest(1, { requester: { id: 'p', userName: 'jose', displayName: 'José Ávila' } }),
        sampleRequest(2, { justification: 'The ÇHECKOUT was down' }),
        sampleRequest(3),
      ],
    });
    const found = (text: string) =>
      call('requests.list', { query: { scope: 'all', limit: 9, text }, personId: 'p-me', nowMs: noonMs }).items.map(
        ({ id }) => id,
      );
    expect(found('avila JOSE')).toEqual(['R-000001']);
    expect(found('checkout')).toEqual(['R-000002']);
    expect(found('srv-3')).toEqual(['R-000003']);
    expect(found(sampleRequest(2).session.id)).toEqual(['R-000002']);
    expect(found('srv-3 checkout')).toEqual([]);
    expect(found(' ')).toHaveLength(3);
    expect(found('%_"\'')).toEqual([]);
  });

  it('never go back to an older version, and tell what was new', () => {
    const decided = sampleRequest(1, { version: 2, state: { status: 'approved', at: toInstant(noonMs) } });
    expect(call('requests.put', { items: [decided, sampleRequest(2)] }).changed).toEqual(['R-000001', 'R-000002']);
    expect(call('requests.put', { items: [sampleRequest(1), sampleRequest(2)] }).changed).toEqual([]);
    expect(call('requests.get', { id: 'R-000001' }).request).toEqual(decided);
    // The same version seen with other rights is news.
    expect(call('requests.put', { items: [sampleRequest(2, notMine)] }).changed).toEqual(['R-000002']);
    expect(list('waiting')).toEqual([]);
  });
});

describe('drafts', () => {
  it('are one for each session and kind, until dropped', () => {
    call('drafts.put', sampleDraft());
    call('drafts.put', sampleDraft({ justification: 'Half a sentence' }));
    call('drafts.put', sampleDraft({ kind: 'livestream', justification: 'Other' }));
    const of = (kind: 'recording' | 'livestream') => call('drafts.get', { sessionId: 'S-000001', kind }).draft?.justification;
    expect([of('recording'), of('livestream')]).toEqual(['Half a sentence', 'Other']);
    call('drafts.drop', { sessionId: 'S-000001', kind: 'recording' });
    expect([of('recording'), of('livestream')]).toEqual([undefined, 'Other']);
  });
});

describe('drafts of decisions', () => {
  it('are one for each request, replaced as it is typed, and dropped', () => {
    const seen = (({ version, window, deadline, decisions, state }) => ({ version, window, deadline, decisions, state }))(
      sampleRequest(1),
    );
    const draft = { requestId: 'R-000001', seen, comment: 'Half a sen', window: null };
    expect(call('decisionDrafts.get', { requestId: 'R-000001' })).toEqual({ draft: null });
    call('decisionDrafts.put', draft);
    call('decisionDrafts.put', { ...draft, comment: 'Half a sentence' });
    expect(call('decisionDrafts.get', { requestId: 'R-000001' })).toEqual({ draft: { ...draft, comment: 'Half a sentence' } });
    expect(call('decisionDrafts.get', { requestId: 'R-000002' })).toEqual({ draft: null });
    call('decisionDrafts.drop', { requestId: 'R-000001' });
    expect(call('decisionDrafts.get', { requestId: 'R-000001' })).toEqual({ draft: null });
  });
});

describe('a cursor', () => {
  it('leads back to where it was made', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.string()), fc.string(), (at, id) => {
        expect(fromCursor(toCursor(at, id))).toEqual([at, id]);
      }),
    );
  });

  it('of a page that makes things up leads nowhere', () => {
    for (const text of [
      '',
      'archive:',
      'archive:{}',
      'archive:[1]',
      'archive:[1,2]',
      'archive:[null,"a"]',
      'archive:[{"a":1},"b"]',
      'archive:[1,"a",2]',
      'archive:nonsense',
    ])
      expect(fromCursor(text), text).toBeNull();
    expect(isArchiveCursor(Buffer.from('[1,"a"]').toString('base64url'))).toBe(false);
  });
});
