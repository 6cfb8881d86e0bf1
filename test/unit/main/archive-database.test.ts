import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryFilter, HistoryPage, HistoryQuery } from '../../../contract/history.ts';
import { toInstant } from '../../../contract/time.ts';
import type { ArchiveCallName, ArchiveCalls, SlicedCallName } from '../../../main/archive/calls.ts';
import { openEncrypted } from '../../../main/archive/database.ts';
import { answerTo, createArchiveHandlers } from '../../../main/archive/handlers.ts';
import { archiveMigrations, draftsMigrations } from '../../../main/archive/migrations.ts';
import { columnsOf, shownOf } from '../../../main/archive/request-row.ts';
import { noonMs, sampleDraft, sampleRequest, sampleSession } from '../../support/samples.ts';

const key = 'a1'.repeat(32);
const otherKey = 'b2'.repeat(32);
const secret = 'Unmistakable-justification-7321';

let folder: string;
let handlers: ReturnType<typeof createArchiveHandlers>;

function call<N extends Exclude<ArchiveCallName, SlicedCallName>>(
  name: N,
  input: ArchiveCalls[N]['input'],
): ArchiveCalls[N]['output'] {
  return JSON.parse((handlers[name] as (input: unknown) => string)(input));
}
const open = (with_: string | null = key) => call('open', { folder, name: 'one', key: with_ }).notices;
const file = (what: 'archive' | 'drafts') => path.join(folder, `one.${what}`);
const files = () => readdirSync(folder).sort();
const bytes = () => Buffer.concat(files().map((name) => readFileSync(path.join(folder, name))));
const draftText = () => call('drafts.get', { sessionId: 'S-1', kind: 'recording' }).draft?.justification ?? null;
const request = () => call('requests.get', { id: 'R-000001' }).request;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'oversight-archive-'));
  handlers = createArchiveHandlers();
});
afterEach(() => {
  handlers.close({});
  rmSync(folder, { recursive: true, force: true });
});

function fill(): void {
  call('requests.put', { items: [sampleRequest(1, { justification: secret })] });
  call('sessions.put', { items: [sampleSession(1, { justification: secret })] });
  call('drafts.put', sampleDraft({ sessionId: 'S-1', justification: secret }));
  call('meta.put', { name: 'user', value: secret });
}

describe('what is on the disk', () => {
  it('is there again after closing', () => {
    expect(open()).toEqual([]);
    fill();
    handlers.close({});
    expect(open()).toEqual([]);
    expect(request()?.justification).toBe(secret);
    expect(draftText()).toBe(secret);
    expect(call('meta.get', { name: 'user' }).value).toBe(secret);
  });

  it('holds nothing that can be read without the key, in no file, neither open nor closed', () => {
    open();
    fill();
    expect(files()).toContain('one.archive-wal');
    for (const part of [secret, secret.toLowerCase(), 'SQLite format 3', 'create table', 'R-000001'])
      expect(bytes().includes(part), part).toBe(false);
    handlers.close({});
    for (const part of [secret, secret.toLowerCase(), 'SQLite format 3', 'create table', 'R-000001'])
      expect(bytes().includes(part), part).toBe(false);
  });

  it('is for its owner alone to read', () => {
    const below = path.join(folder, 'archive');
    openEncrypted(path.join(below, 'x'), key, archiveMigrations).db.close();
    expect(statSync(below).mode & 0o077).toBe(0);
  });

  it('is gone after wipe, with what was put aside, and another account stays', () => {
    open();
    fill();
    handlers.close({});
    open(otherKey);
    call('open', { folder, name: 'other', key });
    call('wipe', { folder, name: 'one' });
    expect(files().length).toBeGreaterThan(0);
    expect(files().every((name) => name.startsWith('other.'))).toBe(true);
    call('wipe', { folder: path.join(folder, 'never-made'), name: 'one' });
  });

  it('is nothing at all without a key', () => {
    expect(open(null)).toEqual(['archive-in-memory']);
    fill();
    expect(request()?.justification).toBe(secret);
    expect(files()).toEqual([]);
  });

  it('is not needed for a call before it is opened: that fails', () => {
    expect(() => request()).toThrow(/not open/);
  });
});

describe('what cannot be read', () => {
  it('with a wrong key is put aside, whole, and begun anew', () => {
    open();
    fill();
    // As after kill -9: the write-ahead log has not been folded in.
    const killed = mkdtempSync(path.join(tmpdir(), 'oversight-archive-'));
    for (const name of files()) copyFileSync(path.join(folder, name), path.join(killed, name));
    handlers.close({});
    rmSync(folder, { recursive: true });
    folder = killed;

    expect(open(otherKey)).toEqual(['archive-rebuilt', 'drafts-lost']);
    expect(request()).toBeNull();
    expect(draftText()).toBeNull();
    handlers.close({});
    const aside = files().filter((name) => name.includes('.unreadable-'));
    expect(aside.some((name) => name.startsWith('one.archive'))).toBe(true);
    expect(aside.some((name) => name.startsWith('one.drafts'))).toBe(true);
    // What was put aside still opens with the right key and holds everything.
    const old = aside.find((name) => name.startsWith('one.drafts') && !/-(wal|shm)$/.test(name)) ?? '';
    const { db, state } = openEncrypted(path.join(folder, old), key, draftsMigrations);
    expect(state).toBe('ok');
    expect(db.prepare('select count(*) as rows from drafts').get()).toEqual({ rows: 1 });
    db.close();
  });

  it.each([
    ['text', (name: string) => writeFileSync(name, 'this is no database'.repeat(1000))],
    [
      'plain SQLite',
      (name: string) => writeFileSync(name, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192, 1)])),
    ],
    ['half of it', (name: string) => writeFileSync(name, readFileSync(name).subarray(0, 4096 * 3 + 100))],
    ['a page overwritten', (name: string) => overwrite(name, 4096 * 4 + 50, 200)],
    ['its first page overwritten', (name: string) => overwrite(name, 60, 100)],
    ['its end overwritten', (name: string) => overwrite(name, readFileSync(name).length - 4096 * 40, 4096 * 39)],
  ])('a damaged archive (%s) is put aside and the drafts survive', (_how, damage) => {
    open();
    fill();
    call('requests.put', { items: Array.from({ length: 300 }, (_, number) => sampleRequest(number + 10)) });
    handlers.close({});
    damage(file('archive'));
    expect(open()).toEqual(['archive-rebuilt']);
    expect(request()).toBeNull();
    expect(draftText()).toBe(secret);
    expect(files().filter((name) => name.startsWith('one.archive.unreadable-')).length).toBeGreaterThan(0);
    fill();
    expect(request()?.justification).toBe(secret);
  });

  it('a large archive opens without being read; damage is found when it is met, and by a look at the whole', async () => {
    const archive = { folder, name: 'one', key };
    open();
    fill();
    const items = Array.from({ length: 7_000 }, (_, number) => sampleRequest(number + 10, { justification: 'x'.repeat(500) }));
    call('requests.put', { items });
    handlers.close({});
    expect(call('open', archive)).toEqual({ notices: [], looked: false });
    expect(call('look', archive)).toEqual({ damaged: false });
    call('meta.put', { name: 'looked', value: new Date().toISOString() });
    handlers.close({});
    expect(call('open', archive)).toEqual({ notices: [], looked: true });
    handlers.close({});

    overwrite(file('archive'), Math.floor(statSync(file('archive')).size / 2), 4096 * 40);
    expect(call('look', archive)).toEqual({ damaged: true });
    expect(open()).toEqual([]);
    const query = { filter: { text: 'x' }, sort: { by: 'createdAt', direction: 'desc' } } as const;
    const ask = { id: 1, name: 'history.figures', input: { filter: query.filter, nowMs: 0 } } as const;
    // No answer: it is asked again of a new process.
    expect(await answerTo(handlers, ask)).toBeNull();
    handlers.close({});
    handlers = createArchiveHandlers();
    expect(open()).toEqual(['archive-rebuilt']);
    expect(await answerTo(handlers, ask)).toMatchObject({ id: 1, json: expect.stringContaining('"asked":0') });
    expect(draftText()).toBe(secret);
    expect(files().some((one) => one.endsWith('.suspect'))).toBe(false);
  });

  it('damaged drafts are put aside, it is said, and the archive stays', () => {
    open();
    fill();
    handlers.close({});
    overwrite(file('drafts'), 4096 + 50, 300);
    expect(open()).toEqual(['drafts-lost']);
    expect(request()?.justification).toBe(secret);
    expect(draftText()).toBeNull();
  });

  it('of damaged drafts those in other pages are taken over, word for word', () => {
    open();
    const words = (number: number) => `Draft ${number}: ${secret}. `.repeat(60);
    for (let number = 0; number < 40; number += 1)
      call('drafts.put', sampleDraft({ sessionId: `S-${number}`, justification: words(number) }));
    call('decisionDrafts.put', { requestId: 'R-1', seen: sampleRequest(1), comment: secret, window: null });
    handlers.close({});
    const pages = readFileSync(file('drafts')).length / 4096;
    overwrite(file('drafts'), 4096 * (pages - 3) + 50, 300);
    expect(open()).toEqual(['drafts-lost']);
    const kept = Array.from({ length: 40 }, (_, number) => call('drafts.get', { sessionId: `S-${number}`, kind: 'recording' }));
    const there = kept.flatMap(({ draft }, number) => (draft ? [draft.justification === words(number)] : []));
    expect(there.length).toBeGreaterThan(20);
    expect(there.every(Boolean)).toBe(true);
    expect(call('decisionDrafts.get', { requestId: 'R-1' }).draft?.comment).toBe(secret);
    expect(
      files().filter((name) => name.endsWith('.copy')),
      'nothing of the rescue stays',
    ).toEqual([]);
  });

  it.each([
    ['drafts', 'drafts-lost'],
    ['archive', 'archive-rebuilt'],
  ] as const)('a file of %s that was emptied is not taken for a new one', (which, notice) => {
    open();
    fill();
    handlers.close({});
    writeFileSync(file(which), '');
    expect(open()).toEqual([notice]);
    handlers.close({});
    expect(open(), 'said once').toEqual([]);
  });

  it('one of our files under the name of the other is put aside like what is damaged', () => {
    open();
    fill();
    handlers.close({});
    copyFileSync(file('drafts'), file('archive'));
    expect(open()).toEqual(['archive-rebuilt']);
    handlers.close({});
    copyFileSync(file('archive'), file('drafts'));
    expect(open()).toEqual(['drafts-lost']);
  });

  it('a file that a newer version wrote is left as it is', () => {
    open();
    fill();
    handlers.close({});
    const { db } = openEncrypted(file('archive'), key, archiveMigrations);
    db.pragma(`user_version = ${archiveMigrations.length + 1}`);
    db.close();
    const before = readFileSync(file('archive'));
    expect(open()).toEqual(['archive-too-new']);
    expect(request()).toBeNull();
    call('requests.put', { items: [sampleRequest(2)] });
    expect(draftText()).toBe(secret);
    handlers.close({});
    expect(readFileSync(file('archive')).equals(before)).toBe(true);
    expect(files().some((name) => name.includes('unreadable'))).toBe(false);
  });

  it('a place that cannot be written is no damage: nothing is put aside', () => {
    expect(() => openEncrypted(path.join(folder), key, archiveMigrations)).toThrow();
    expect(statSync(folder).isDirectory()).toBe(true);
  });
});

describe('migrations', () => {
  it('bring a file of every earlier version to the newest without losing a row', () => {
    for (let version = 1; version <= archiveMigrations.length; version += 1) {
      const name = path.join(folder, `v${version}`);
      const old = openEncrypted(name, key, archiveMigrations.slice(0, version)).db;
      old.exec(
        `insert into sessions (id, started_at, user, device, credential, duration_ms, state, protocol, words, json)
         values ('S-1', 1, 'ana', 'd', 'c', 1, 'recorded', 'SSH', 'ana maintenance', '{"id":"S-1"}')`,
      );
      old.exec(`insert into meta values ('a', 'b')`);
      old.close();
      const { db, state } = openEncrypted(name, key, archiveMigrations);
      expect(state).toBe('ok');
      expect(db.pragma('user_version', { simple: true })).toBe(archiveMigrations.length);
      expect(db.prepare(`select rowid from sessions_text where sessions_text match '"mainten"'`).all()).toHaveLength(1);
      expect(db.prepare('select value from meta').get()).toEqual({ value: 'b' });
      db.close();
    }
  });

  it('keep the requests of every earlier version, and find them in every way afterwards', () => {
    const kept = sampleRequest(1, { justification: 'Falha crítica' });
    for (let version = 1; version <= 3; version += 1) {
      rmSync(folder, { recursive: true, force: true });
      const old = openEncrypted(file('archive'), key, archiveMigrations.slice(0, version)).db;
      old
        .prepare(
          `insert into requests (id, created_at, requester, status, deadline, end_at, may_decide, version, json)
           values (?, ?, ?, 'pending', ?, ?, 1, 1, ?)`,
        )
        .run(kept.id, Date.parse(kept.createdAt), kept.requester.id, 1, 1, JSON.stringify(kept));
      old.close();
      expect(open()).toEqual([]);
      expect(request()).toEqual(kept);
      const query = { scope: 'all', limit: 9, text: 'critica' } as const;
      expect(call('requests.list', { query, personId: 'p', nowMs: 0 }).items).toEqual([kept]);
      handlers.close({});
      const { db } = openEncrypted(file('archive'), key, archiveMigrations);
      expect(db.prepare('select count(*) as rows from requests_earlier').get()).toEqual({ rows: 0 });
      db.close();
    }
  });

  it('find what is current among the requests of a version that did not keep it apart', async () => {
    const old = openEncrypted(file('archive'), key, archiveMigrations.slice(0, 5)).db;
    const kept = [
      sampleRequest(1),
      sampleRequest(2, { state: { status: 'canceled', at: toInstant(noonMs) } }),
      sampleRequest(3, { state: { status: 'approved', at: toInstant(noonMs) } }),
    ];
    for (const [row, request] of kept.entries()) {
      const columns = { row: row + 1, ...columnsOf(request), watched_ms: 0 };
      const names = Object.keys(columns);
      old.prepare(`insert into requests (${names.join(', ')}) values (${names.map((one) => `@${one}`).join(', ')})`).run(columns);
      old.prepare('insert into requests_shown values (?, ?)').run(row + 1, shownOf(request));
    }
    old.close();
    expect(open()).toEqual([]);
    const filter: HistoryFilter = { phases: ['pending', 'scheduled', 'open'] };
    const query: HistoryQuery = { filter, sort: { by: 'createdAt', direction: 'desc' } };
    const found: HistoryPage = JSON.parse(await handlers['history.page']({ query, from: 0, limit: 9, nowMs: noonMs }));
    expect(found.rows.map(({ id }) => id)).toEqual([kept[2]?.id, kept[0]?.id]);
  });

  it('do each step whole or not at all', () => {
    const name = path.join(folder, 'steps');
    openEncrypted(name, key, ['create table a (x)']).db.close();
    const failing = ['create table a (x)', 'create table b (x); create table a (x)'];
    expect(() => openEncrypted(name, key, failing)).toThrow(/already exists/);
    // The file stayed where it was, as it was.
    expect(files().some((one) => one.includes('unreadable'))).toBe(false);
    const { db, state } = openEncrypted(name, key, ['create table a (x)', 'create table b (x)']);
    expect(state).toBe('ok');
    expect(db.pragma('user_version', { simple: true })).toBe(2);
    db.close();
  });

  it('ends with every write on the disk (synchronous=FULL, write-ahead log, deleted text overwritten)', () => {
    const { db } = openEncrypted(path.join(folder, 'pragmas'), key, archiveMigrations);
    const value = (name: string) => db.pragma(name, { simple: true });
    expect([value('journal_mode'), value('synchronous'), value('foreign_keys'), value('secure_delete')]).toEqual([
      'wal',
      2,
      1,
      1,
    ]);
    db.close();
  });
});

function overwrite(name: string, at: number, length: number): void {
  const all = readFileSync(name);
  all.fill(0x5a, at, at + length);
  writeFileSync(name, all);
}
