import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { type Database, openAside } from './database.ts';

/**
 * Takes over what can still be read of a damaged file (`aside`, with its key) into `db`, which has just been begun. A page that is
 * damaged takes its own rows along and no others, since each page is authenticated by itself: what is read is what was written. It works
 * on a copy: what was put aside stays as it was. Answers with the number of rows.
 */
export function rescue(aside: string, key: string, db: Database): number {
  const copy = `${aside}.copy`;
  const parts = ['', '-wal', '-shm'];
  const remove = () => {
    for (const part of parts) rmSync(copy + part, { force: true });
  };
  try {
    // Without its write-ahead log too: one that is damaged, or another file's, hides a file that may be whole.
    for (const taken of [['', '-wal'], ['']]) {
      remove();
      for (const part of taken) if (existsSync(aside + part)) copyFileSync(aside + part, copy + part);
      const rows = copyRows(copy, key, db);
      if (rows > 0) return rows;
    }
    return 0;
  } finally {
    remove();
  }
}

function copyRows(aside: string, key: string, db: Database): number {
  let old: Database;
  try {
    old = openAside(aside, key);
  } catch {
    return 0;
  }
  try {
    return tablesOf(db).reduce((sum, table) => sum + copyTable(old, db, table), 0);
  } finally {
    old.close();
  }
}

const tablesOf = (db: Database) =>
  db.prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").pluck().all();

/** From the first row on and from the last one back: what lies between two damaged pages stays where it is. */
function copyTable(old: Database, db: Database, table: string): number {
  let rows = 0;
  for (const order of ['asc', 'desc']) {
    try {
      const columns = columnsOf(old, table).filter((column) => columnsOf(db, table).includes(column));
      const insert = db.prepare(
        `insert or ignore into "${table}" (${columns.join(', ')}) values (${columns.map((column) => `@${column}`).join(', ')})`,
      );
      for (const row of old.prepare(`select ${columns.join(', ')} from "${table}" order by rowid ${order}`).iterate())
        rows += insert.run(row).changes;
      return rows;
    } catch {
      // The page is damaged, or the table is not there at all.
    }
  }
  return rows;
}

const columnsOf = (db: Database, table: string) =>
  db.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table);
