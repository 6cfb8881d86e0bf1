import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { ExportFormat, HistoryQuery } from '../../contract/history.ts';
import { openEncrypted, openToRead } from '../../main/archive/database.ts';
import { archiveMigrations } from '../../main/archive/migrations.ts';
import { createExporter } from '../../main/export/exporter.ts';
import { forkExport } from '../support/export-process.ts';
import { exportJob, newestFirst } from '../support/kept-history.ts';
import { root } from '../support/processes.ts';
import { compare } from './compare.ts';
import { key, many, seeded } from './history/seed.ts';
import { tell } from './results.ts';

const megabyte = 1024 * 1024;
const rounds = 3;
/** Memory is looked at from here on: what every export needs is there by then. */
const warmRows = 20_000;
/** JSON Lines and reports are measured over the newest that were asked since: about 100,000, and 20,000. */
const since = { jsonl: '2026-08-07T00:00:00.000Z', pdf: '2026-11-02T00:00:00.000Z' };

/**
 * A million requests as CSV, by the exporting process out of the encrypted archive, against what SQLite's own command line writes out of a
 * plain copy of the same rows: the same columns of the same JSON, in the same order, until it is on the disk. And what the process takes
 * of memory, and how fast the other forms are.
 */
export async function measureHistoryExport(): Promise<void> {
  const { folder, name } = seeded();
  const work = mkdtempSync(path.join(path.dirname(folder), 'export-'));
  try {
    const archive = path.join(folder, `${name}.archive`);
    // Opening brings it to the newest schema.
    openEncrypted(archive, key, archiveMigrations).db.close();
    const plain = path.join(work, 'plain.sqlite');
    copyPlain(archive, plain);
    const ours: Written[] = [];
    await compare({
      name: 'history: CSV of 1,000,000 requests against sqlite3',
      unit: 'ms',
      goal: 2,
      rounds,
      ours: async () => {
        const written = await write(archive, path.join(work, 'ours.csv'), 'csv', newestFirst);
        ours.push(written);
        if (written.rows !== many.requests) throw new Error(`${written.rows} rows`);
        return written.ms;
      },
      limit: async () => bySqlite(plain, path.join(work, 'limit.csv')),
    });
    const grown = Math.max(...ours.map(({ grownMb }) => grownMb));
    tell({ bench: 'history: memory that a CSV of 1,000,000 takes', value: grown, unit: 'MB', goal: '<= 50', met: grown <= 50 });
    for (const format of ['jsonl', 'pdf'] as const) {
      const query: HistoryQuery = { ...newestFirst, filter: { askedFrom: since[format] } };
      const { rows, ms, bytes, grownMb } = await write(archive, path.join(work, `ours.${format}`), format, query);
      tell({
        bench: `history: ${format === 'pdf' ? 'PDF' : 'JSON Lines'}`,
        value: Math.round((rows / ms) * 1000),
        unit: 'requests/s',
        rows,
        grownMb,
        fileMb: Math.round(bytes / megabyte),
      });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Written = { rows: number; ms: number; bytes: number; grownMb: number };

/** One export in a process of its own, from its start until the file is on the disk. */
async function write(archive: string, file: string, format: ExportFormat, query: HistoryQuery): Promise<Written> {
  rmSync(file, { force: true });
  let pid = 0;
  const exporter = createExporter({
    fork: () => {
      const forked = forkExport();
      pid = forked.pid ?? 0;
      return forked;
    },
    report: (error) => String(error),
  });
  let [warm, peak] = [0, 0];
  const started = performance.now();
  const job = exportJob(archive, file, {
    source: { file: archive, key },
    format,
    query,
    fonts: path.join(root, 'node_modules/@fontsource'),
  });
  const { rows } = await exporter.run(job, (done) => {
    const now = pssOf(pid);
    if (warm === 0 && done >= Math.min(warmRows, 2_000 * (format === 'pdf' ? 1 : 10))) warm = now;
    peak = Math.max(peak, now);
  });
  return { rows, ms: performance.now() - started, bytes: statSync(file).size, grownMb: Math.round(peak - (warm || peak)) };
}

/** What a process takes of memory (MB), shared pages in part. */
function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The rows that an export reads, in a file without encryption. */
function copyPlain(archive: string, file: string): void {
  const from = openToRead({ file: archive, key });
  const to = new Sqlite(file);
  to.pragma('journal_mode = OFF');
  to.pragma('synchronous = OFF');
  to.exec(`create table requests (row integer primary key, json text not null) strict;
    create table viewings (request_row integer, watched_ms integer not null) strict; begin;`);
  const request = to.prepare('insert into requests values (?, ?)');
  for (const [row, json] of from.prepare<[], [number, string]>('select row, json from requests order by row').raw().iterate())
    request.run(row, json);
  const viewing = to.prepare('insert into viewings values (?, ?)');
  const viewings = 'select request_row, watched_ms from viewings where request_row is not null order by request_row';
  for (const [row, watchedMs] of from.prepare<[], [number, number]>(viewings).raw().iterate()) viewing.run(row, watchedMs);
  to.exec('commit; create index viewings_by_request on viewings (request_row, watched_ms);');
  to.close();
  from.close();
}

const names = (of: string) =>
  `(select group_concat((value ->> '$.by.displayName') || ${of}) from json_each(requests.json, '$.decisions'))`;
/** The columns of history-csv.ts as SQL. */
const columns = [
  ...['id', 'kind', 'state.status', 'createdAt', 'requester.userName', 'requester.displayName', 'session.id', 'session.user'],
  ...[
    'session.credential',
    'session.device',
    'session.protocol',
    'reason.label',
    'governanceCode',
    'justification',
    'asked.start',
  ],
  ...['asked.end', 'window.start', 'window.end', 'deadline', 'state.at'],
].map((field) => `json ->> '$.${field}'`);
const select = `select ${columns.join(', ')}, ${names("' (' || (value ->> '$.verdict') || ')', '; '")}, ${names("': ' || (value ->> '$.comment'), char(10)")},
  (select count(*) from viewings where request_row = row), (select total(watched_ms) / 1000 from viewings where request_row = row)
  from requests order by row desc;`;

/** How long the command line of SQLite takes for it (ms), with the file on the disk. */
function bySqlite(plain: string, file: string): number {
  if (existsSync(file)) rmSync(file);
  const started = performance.now();
  execFileSync('sh', ['-c', 'sqlite3 -readonly -csv -header "$1" "$2" > "$3" && sync "$3"', 'sh', plain, select, file]);
  return performance.now() - started;
}
