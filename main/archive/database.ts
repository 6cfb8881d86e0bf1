import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { putAside } from '../settings/files.ts';

export type Database = Sqlite.Database;
export type Opened = { db: Database; state: 'ok' | 'rebuilt' | 'too-new' | 'in-memory' };

const companions = ['-wal', '-shm'];

/** Failures of the disk or the computer: the file itself may be whole, so it stays where it is. */
const passing = /^SQLITE_(BUSY|LOCKED|FULL|CANTOPEN|PERM|READONLY|NOMEM|IOERR_(?!SHORT_READ|DATA|CORRUPTFS))/;

/**
 * Opens an encrypted file (SQLCipher, the key used as it is: 64 hex digits) or, without a key, a database in memory. A file that is
 * damaged, or that the key does not fit, is put aside with its companions and begun anew; one that a newer version wrote is left alone
 * and a database in memory stands in for it. Throws when the disk is full, the folder cannot be written and the like.
 */
export function openEncrypted(file: string, key: string | null, migrations: readonly string[]): Opened {
  if (key === null) return { db: migrated(new Sqlite(':memory:'), migrations), state: 'in-memory' };
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const db = tryOpen(file, key, migrations.length);
  if (db === 'too-new') return { db: migrated(new Sqlite(':memory:'), migrations), state: 'too-new' };
  if (db !== 'unreadable') return { db: migrated(db, migrations), state: 'ok' };
  putAside(file, companions);
  const fresh = tryOpen(file, key, migrations.length);
  if (typeof fresh === 'string') throw new Error(`the archive cannot be begun anew: ${fresh}`);
  return { db: migrated(fresh, migrations), state: 'rebuilt' };
}

function tryOpen(file: string, key: string, newest: number): Database | 'unreadable' | 'too-new' {
  const db = new Sqlite(file);
  try {
    db.pragma("cipher='sqlcipher'");
    db.pragma(`key="x'${key}'"`);
    // The first look at the file, before anything of it is changed.
    if (versionOf(db) > newest) {
      db.close();
      return 'too-new';
    }
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON'])
      db.pragma(pragma);
    if (isDamaged(db)) throw new Error('the file is damaged');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Sqlite.SqliteError && passing.test(error.code)) throw error;
    return 'unreadable';
  }
}

/**
 * Looks at every page that is in use, table by table: the check of the whole file would also compare a search index word by word with
 * what it indexes, which takes four times as long.
 */
function isDamaged(db: Database): boolean {
  const tables = db.prepare<[], string>("select name from sqlite_schema where type = 'table' and rootpage > 0").pluck().all();
  return ['sqlite_schema', ...tables].some((table) => db.pragma(`quick_check("${table}")`, { simple: true }) !== 'ok');
}

/** Does the steps that are not done yet, each whole or not at all. A step that fails is our mistake: the file stays as it was. */
function migrated(db: Database, migrations: readonly string[]): Database {
  try {
    for (const [done, step] of migrations.entries()) {
      if (done < versionOf(db)) continue;
      db.transaction(() => {
        db.exec(step);
        db.pragma(`user_version = ${done + 1}`);
      })();
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const versionOf = (db: Database) => Number(db.pragma('user_version', { simple: true }));
