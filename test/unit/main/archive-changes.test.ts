import { beforeEach, describe, expect, it } from 'vitest';
import type { ChangeRecord, ViewingRecord } from '../../../contract/history.ts';
import { toInstant } from '../../../contract/time.ts';
import { openEncrypted } from '../../../main/archive/database.ts';
import { queriesOf } from '../../../main/archive/handlers.ts';
import { archiveMigrations, draftsMigrations } from '../../../main/archive/migrations.ts';
import { createFeedPages, type FeedPages } from '../../support/feed-pages.ts';
import { hourMs, me, noonMs, sampleRequest, sampleSession } from '../../support/samples.ts';

let feed: FeedPages;
let opened: ReturnType<typeof openEncrypted>;
let archive: ReturnType<typeof queriesOf>;

const request = (number: number, more: Parameters<typeof sampleRequest>[1] = {}): ChangeRecord => ({
  what: 'request',
  request: sampleRequest(number, more),
});
const session = (number: number, commands: string | null = null): ChangeRecord => ({
  what: 'session',
  session: sampleSession(number),
  commands,
});
const viewing = (number: number, more: Partial<ViewingRecord> = {}): ChangeRecord => ({
  what: 'viewing',
  viewing: {
    id: `V-${number}`,
    sessionId: `S-00000${number}`,
    kind: 'recording',
    requestId: `R-00000${number}`,
    viewer: me,
    startedAt: toInstant(noonMs),
    endedAt: toInstant(noonMs + 5_000),
    why: 'closed',
    watchedMs: 5_000,
    shown: [],
    snapshots: 0,
    receipts: null,
    ...more,
  },
});
const gone = (of: 'request' | 'viewing' | 'session', id: string): ChangeRecord => ({ what: 'gone', of, id });

const apply = (page: Parameters<FeedPages['next']>[0], more: Parameters<FeedPages['next']>[1] = {}) =>
  archive.changes.apply({ page: feed.next(page, more), key: feed.key, keepSinceMs: 0 });
/** Does what is left to do at the end of a pull. */
function finish(keepSinceMs = 0) {
  const removed: string[] = [];
  for (;;) {
    const part = archive.changes.finish(keepSinceMs);
    removed.push(...part.removed);
    if (part.done) return { removed, doubtful: part.doubtful };
  }
}
/** Looks at everything. Answers with how much of it is not what was signed. */
function check(keepSinceMs = 0, key = feed.key): number {
  let contradicted = 0;
  for (let after = 0; ; ) {
    const found = archive.seals.check({ key, after, keepSinceMs });
    contradicted += found.contradicted;
    if (found.next === null) return contradicted;
    after = found.next;
  }
}
const confirm = (number: number) => archive.seals.confirm(`R-00000${number}`, feed.key);
const ids = () =>
  (JSON.parse(archive.requests.list({ scope: 'all', limit: 500 }, '', noonMs)) as { items: { id: string }[] }).items.map(
    ({ id }) => id,
  );
const tamper = (sql: string) => opened.db.exec(sql);

beforeEach(() => {
  feed = createFeedPages();
  opened = openEncrypted('', null, archiveMigrations);
  archive = queriesOf(opened, openEncrypted('', null, draftsMigrations));
  archive.changes.begin();
  apply([session(1, 'sudo -i'), request(1), viewing(1), session(2), request(2)], { reset: true, remaining: 2 });
  apply([session(3), request(3)]);
  finish();
});

describe('a page of the feed', () => {
  it('is there with its rows, its seal and its cursor; what was typed is found', () => {
    expect(archive.changes.state()).toMatchObject({ cursor: '2.0123456789abcdef', complete: true, anewFrom: null });
    expect(ids()).toEqual(['R-000001', 'R-000002', 'R-000003']);
    expect([1, 2, 3].map(confirm)).toEqual(['confirmed', 'confirmed', 'confirmed']);
    expect(check()).toBe(0);
  });

  it('is taken once, in its order, and only with the gateway’s signature', () => {
    const page = feed.next([request(4)]);
    const input = { page, key: feed.key, keepSinceMs: 0 };
    expect(archive.changes.apply(input)).toMatchObject({ taken: true, changed: ['R-000004'] });
    // The process died before it could answer, and is asked again.
    expect(archive.changes.apply(input)).toMatchObject({ taken: true, changed: ['R-000004'] });
    expect(check()).toBe(0);
    const replayed = feed.page([request(1, { version: 9 })], '1.0123456789abcdef', '2.0123456789abcdef');
    expect(archive.changes.apply({ ...input, page: replayed })).toEqual({ taken: false, why: 'order' });
    const forged = createFeedPages().page([request(5)], page.cursor, 'x');
    expect(archive.changes.apply({ ...input, page: forged })).toEqual({ taken: false, why: 'seal' });
    const altered = feed.page([request(5)], page.cursor, 'x');
    altered.records = [request(5, { justification: 'Another one' })];
    expect(archive.changes.apply({ ...input, page: altered })).toEqual({ taken: false, why: 'seal' });
    expect(ids()).toHaveLength(4);
  });

  it('moves what has changed, takes away what is gone, and both stay checkable', () => {
    const changed = request(1, { version: 2, state: { status: 'canceled', at: toInstant(noonMs) } });
    expect(apply([changed, viewing(1, { watchedMs: 9_000, requestId: null }), gone('request', 'R-000002')])).toMatchObject({
      changed: ['R-000001'],
      removed: ['R-000002'],
    });
    finish();
    expect(ids()).toEqual(['R-000001', 'R-000003']);
    expect(check()).toBe(0);
    expect(confirm(1)).toBe('confirmed');
  });

  it('that begins anew leaves what was there until all of it is read, and then only what came again', () => {
    archive.changes.forget();
    archive.changes.begin();
    apply([session(1), request(1)], { reset: true, remaining: 1 });
    expect(ids()).toHaveLength(3);
    expect(archive.changes.state()).toMatchObject({ complete: true, anewFrom: 3 });
    // What is told meanwhile stays.
    archive.requests.put([sampleRequest(7)]);
    apply([request(4)]);
    expect(finish().removed.toSorted()).toEqual(['R-000002', 'R-000003']);
    expect(ids()).toEqual(['R-000001', 'R-000004', 'R-000007']);
    expect(check()).toBe(0);
    expect(JSON.parse(archive.sessions.get('S-000001'))).toMatchObject({ id: 'S-000001' });
  });

  it('brings nothing that has rested for too long, and its absence contradicts nothing', () => {
    const old = { createdAt: toInstant(noonMs - 100 * hourMs), deadline: toInstant(noonMs - 99 * hourMs) };
    const at = toInstant(noonMs - 98 * hourMs);
    const keepSinceMs = noonMs - 90 * hourMs;
    const page = feed.next([request(8, { ...old, state: { status: 'canceled', at } })]);
    expect(archive.changes.apply({ page, key: feed.key, keepSinceMs })).toMatchObject({ changed: [] });
    expect(ids()).toHaveLength(3);
    expect(check(keepSinceMs)).toBe(0);
    // With more to be kept it is missing.
    expect(check(0)).toBe(1);
  });
});

describe('what was told otherwise', () => {
  it('waits for its page, and is confirmed by it', () => {
    archive.requests.put([sampleRequest(4), sampleRequest(1, { version: 2, justification: 'Other words' })]);
    expect([confirm(1), confirm(4)]).toEqual(['waiting', 'waiting']);
    expect(check()).toBe(0);
    archive.changes.begin();
    apply([session(4), request(4), request(1, { version: 2, justification: 'Other words' })]);
    expect(finish().doubtful).toBe(0);
    expect([confirm(1), confirm(4)]).toEqual(['confirmed', 'confirmed']);
  });

  it('with other rights alone is what it was', () => {
    archive.requests.put([
      sampleRequest(1, { may: { ...sampleRequest(1).may, decide: { allowed: false, why: 'NOT_PENDING' } } }),
    ]);
    archive.sessions.put([sampleSession(1, { access: sampleSession(1).access })]);
    expect(confirm(1)).toBe('confirmed');
  });

  it('and is in no page that was read since is doubted', () => {
    archive.requests.put([sampleRequest(6)]);
    archive.changes.begin();
    apply([]);
    expect(finish().doubtful).toBe(1);
    expect(confirm(6)).toBe('contradicted');
  });
});

describe('whoever has the key and changes the archive', () => {
  const cases: [string, string][] = [
    [
      'the words of a request',
      `update requests set json = json_set(json, '$.justification', 'Never said') where id = 'R-000001'`,
    ],
    ['what is filtered by', "update requests set status = 'approved' where id = 'R-000002'"],
    [
      'what the table shows',
      `update requests_shown set json = replace(json, 'Otto', 'Anna') where row = (select row from requests where id = 'R-000002')`,
    ],
    [
      'what is searched',
      "update requests_text set words = 'nothing' where rowid = (select row from requests where id = 'R-000003')",
    ],
    ['what was watched', `update viewings set json = json_set(json, '$.watchedMs', 1) where id = 'V-1'`],
    ['what was typed', "update session_commands set commands = 'ls' where session_id = 'S-000001'"],
    ['a session', `update sessions set json = json_set(json, '$.user', 'nobody') where id = 'S-000002'`],
    ['by removing a request', "delete from requests where id = 'R-000002'"],
    ['by removing a viewing', "delete from viewings where id = 'V-1'"],
    ['by removing a session', "delete from sessions where id = 'S-000003'"],
    [
      'by swapping two',
      `update requests set json = case id when 'R-000001' then (select json from requests where id = 'R-000002') else json end`,
    ],
    ['by pretending that it is older', "update requests set page = 1 where id = 'R-000003'"],
    [
      'by pretending that it is gone',
      "delete from requests where id = 'R-000002'; insert into gone values ('request', 'R-000002', 2)",
    ],
    ['a page', "update pages set lines = replace(lines, 'R-000003', 'R-000009') where number = 2"],
    ['by removing a page', 'delete from pages where number = 1'],
    [
      'by putting in a request',
      `insert into requests (row, id, created_at, requester, requester_name, device, session_id, status, kind, start_at, end_at, deadline, decided_at, approved_at,
         changed_at, may_decide, version, watched_ms, json, page)
       select row + 1, 'R-000099', created_at, requester, requester_name, device, session_id, status, kind, start_at, end_at, deadline, decided_at, approved_at,
         changed_at, may_decide, version, watched_ms, json, page from requests where id = 'R-000001'`,
    ],
  ];
  it.each(cases)('is found out: %s', (_what, sql) => {
    expect(check()).toBe(0);
    tamper(sql);
    expect(check()).toBeGreaterThan(0);
  });

  it('is found out with an old row under its old, rightly signed page', () => {
    const before = opened.db.prepare("select json, page from requests where id = 'R-000001'").get() as {
      json: string;
      page: number;
    };
    apply([request(1, { version: 2, state: { status: 'canceled', at: toInstant(noonMs) } })]);
    finish();
    archive.requests.put([]);
    opened.db
      .prepare("update requests set json = ?, page = ?, status = 'pending' where id = 'R-000001'")
      .run(before.json, before.page);
    expect(check()).toBeGreaterThan(0);
    expect(confirm(1)).toBe('contradicted');
  });

  it('is told at the item, and read anew: what the gateway says replaces it, whatever version it pretends to be', () => {
    tamper(
      `update requests set version = 99, json = json_set(json, '$.version', 99, '$.justification', 'Never said') where id = 'R-000001'`,
    );
    expect(confirm(1)).toBe('contradicted');
    expect(check()).toBe(1);
    archive.changes.forget();
    archive.changes.begin();
    apply([session(1, 'sudo -i'), request(1), viewing(1)], { reset: true });
    finish();
    expect([confirm(1), check()]).toEqual(['confirmed', 0]);
    expect(JSON.parse(archive.requests.get('R-000001'))).toMatchObject({
      version: 1,
      justification: 'Review of the change in the night',
    });
  });

  it('finds nothing signed by another key', () => {
    expect(check(0, createFeedPages().key)).toBeGreaterThan(0);
  });
});
