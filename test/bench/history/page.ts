import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Sqlite from 'better-sqlite3';
import { openEncrypted, openToRead } from '../../../main/archive/database.ts';
import { queriesOf } from '../../../main/archive/handlers.ts';
import { archiveMigrations, draftsMigrations } from '../../../main/archive/migrations.ts';
import { compare } from '../compare.ts';
import { openPlain } from './plain.ts';
import { key, many, seeded } from './seed.ts';
import { endMs } from './words.ts';

const everything = { filter: {}, sort: { by: 'createdAt', direction: 'desc' } } as const;
const rowsAtOnce = 100_000;

/** Pages of 100 of a million requests, as the archive's process reads them: encrypted against plain, the first and anywhere. */
export async function measurePage(): Promise<void> {
  const { folder, name } = seeded();
  const work = mkdtempSync(path.join(path.dirname(folder), 'page-'));
  try {
    const drafts = openEncrypted(path.join(work, 'drafts'), key, draftsMigrations);
    const pagesOf = (db: Sqlite.Database) => {
      copyShown(path.join(folder, `${name}.archive`), db);
      const { history } = queriesOf({ db, state: 'ok', looked: true, begun: true }, drafts);
      return (from: () => number) => async () => {
        const at = from();
        const began = performance.now();
        await history.page(everything, at, 100, endMs);
        return performance.now() - began;
      };
    };
    const encrypted = pagesOf(openEncrypted(path.join(work, 'encrypted'), key, archiveMigrations).db);
    const plain = pagesOf(openPlain(path.join(work, 'plain')));
    const first = () => 0;
    const anywhere = () => Math.floor(Math.random() * (many.requests - 100));
    // Once to the end: from here on every row is known.
    for (const pages of [encrypted, plain]) await pages(() => many.requests - 100)();
    for (const [where, from] of [
      ['the first', first],
      ['anywhere', anywhere],
    ] as const)
      await compare({
        name: `history: a page of 100, ${where}, encrypted against plain`,
        unit: 'ms',
        goal: 1.1,
        rounds: 400,
        ours: encrypted(from),
        limit: plain(from),
      });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What pages are read from, row by row from one archive into another: alike in both, whatever the one they come from looks like. */
function copyShown(archive: string, to: Sqlite.Database): void {
  const from = openToRead({ file: archive, key });
  to.pragma('synchronous = OFF');
  copy('select row, json from requests_shown order by row', 'requests_shown');
  copy(
    `select row, cast(row as text) as id, created_at, '' as requester, '' as requester_name, '' as device, '' as session_id, status, kind, start_at,
       end_at, deadline, decided_at, approved_at, changed_at, may_decide, version, watched_ms, '{}' as json from requests order by row`,
    'requests',
  );
  to.pragma('wal_checkpoint(TRUNCATE)');
  from.close();

  function copy(select: string, table: string): void {
    const rows = from.prepare<[], Record<string, unknown>>(select);
    const names = rows.columns().map(({ name }) => name);
    const insert = to.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map((one) => `@${one}`).join(', ')})`);
    let count = 0;
    to.exec('begin');
    for (const row of rows.iterate()) {
      insert.run(row);
      count += 1;
      if (count % rowsAtOnce === 0) to.exec('commit; begin');
    }
    to.exec('commit');
  }
}
