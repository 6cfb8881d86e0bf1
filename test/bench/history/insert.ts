import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Sqlite from 'better-sqlite3';
import type { ChangesPage } from '../../../contract/history.ts';
import type { AccessRequest } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import { openEncrypted } from '../../../main/archive/database.ts';
import { queriesOf } from '../../../main/archive/handlers.ts';
import { archiveMigrations, draftsMigrations } from '../../../main/archive/migrations.ts';
import { columnsOf, firstRowAt, shownOf } from '../../../main/archive/request-row.ts';
import { wordsOf } from '../../../main/archive/words.ts';
import { judgeRatio, measureArms } from '../compare.ts';
import { tell } from '../results.ts';
import { median, ratioOf } from '../statistics.ts';
import { openPlain } from './plain.ts';
import { key } from './seed.ts';
import { makeArchive } from './words.ts';

/** As a page of changes brings them. */
const batch = 250;
const rounds = 20;
const batchesInRound = 8;

/** Requests into an archive with everything that indexes them, against bare statements into the same tables; encrypted against plain. */
export async function measureInsert(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'oversight-bench-'));
  const made = makeArchive((rounds + 1) * batchesInRound * batch, 20_000);
  const drafts = openEncrypted(path.join(folder, 'drafts'), null, draftsMigrations);
  const ours = (db: Sqlite.Database) => {
    const queries = queriesOf({ db, state: 'ok', looked: true, begun: true }, drafts);
    let cursor = '';
    let number = 0;
    return (items: AccessRequest[]): void => {
      const before = cursor;
      number += 1;
      cursor = String(number);
      const page: ChangesPage = {
        reset: number === 1,
        records: items.map((request) => ({ what: 'request', request })),
        cursor,
        more: true,
        remaining: 1,
        seal: { before, after: cursor, at: toInstant(0), signature: '', notKept: [] },
      };
      if (!queries.changes.apply({ page, key: null, keepSinceMs: 0 }).taken) throw new Error('not taken in');
    };
  };
  const opened = (name: string) => openEncrypted(path.join(folder, name), key, archiveMigrations).db;
  const writers = {
    ours: ours(opened('ours')),
    plain: ours(openPlain(path.join(folder, 'plain'))),
    limit: bare(opened('bare')),
    again: bare(opened('again')),
  };
  let number = 0;
  const taken = { ours: 0, plain: 0, limit: 0, again: 0 };
  /** The same rows for each arm, made before anything is measured. */
  const rows: AccessRequest[] = [];
  const rowsOf = (arm: keyof typeof taken) => {
    const from = taken[arm];
    taken[arm] += batchesInRound * batch;
    while (rows.length < taken[arm]) rows.push(made.request(number++));
    return rows.slice(from, taken[arm]);
  };
  const arm = (name: keyof typeof taken) => async () => {
    const batches = Array.from({ length: batchesInRound }, () => [] as AccessRequest[]);
    for (const [at, row] of rowsOf(name).entries()) batches[Math.floor(at / batch)]?.push(row);
    const prepared = name === 'limit' || name === 'again' ? batches.map(writers[name].prepare) : batches;
    const began = performance.now();
    for (const one of prepared) (writers[name] as (items: unknown) => void)(one);
    return performance.now() - began;
  };
  const values = await measureArms({ ours: arm('ours'), plain: arm('plain'), limit: arm('limit'), again: arm('again') }, rounds);
  const aa = median(values.again) / median(values.limit);
  const speed = ratioOf(values.limit, values.ours);
  const round = (value: number) => Number(value.toFixed(3));
  tell({
    bench: 'history: speed of first sync, indexed, against bare statements',
    value: round(speed.ratio),
    interval: [round(speed.low), round(speed.high)],
    goal: '>= 0.6',
    met: speed.low >= 0.6,
    aa: round(aa),
    valid: aa >= 0.9 && aa <= 1.1,
    rowsPerSecond: Math.round((1_000 * batch * batchesInRound) / median(values.ours)),
    rounds,
  });
  judgeRatio(
    { name: 'history: writing encrypted, against plain', unit: 'ms', goal: 1.6, statistic: 'median' },
    values.ours,
    values.plain,
    aa,
  );
  rmSync(folder, { recursive: true, force: true });
}

type Prepared = { columns: Record<string, unknown>; row: number; words: string; shown: string }[];

/** Nothing but prepared statements for the same tables: what is put into them is ready, and nothing is looked up. */
function bare(db: Sqlite.Database): ((items: Prepared) => void) & { prepare(items: AccessRequest[]): Prepared } {
  const names = Object.keys(columnsOf(makeArchive(1, 1).request(0)));
  const insert = db.prepare(
    `insert or ignore into requests (row, ${names.join(', ')}, watched_ms) values (@row, ${names.map((name) => `@${name}`).join(', ')}, 0)`,
  );
  const words = db.prepare('insert into requests_text (rowid, words) values (?, ?)');
  const shown = db.prepare('insert into requests_shown values (?, ?)');
  let last = 0;
  const write = db.transaction((items: Prepared) => {
    for (const { columns, row, shown: text } of items) {
      insert.run({ ...columns, row });
      shown.run(row, text);
    }
    for (const { row, words: text } of items) words.run(row, text);
  });
  const prepare = (items: AccessRequest[]) =>
    items
      .map((request) => ({
        columns: columnsOf(request),
        row: firstRowAt(Date.parse(request.createdAt)) + (last++ % 8),
        words: wordsOf(request, ''),
        shown: shownOf(request),
      }))
      .sort((a, b) => a.row - b.row);
  return Object.assign((items: Prepared) => write(items), { prepare });
}
