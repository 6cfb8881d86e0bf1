import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { putAside } from '../settings/files.ts';

export type Database = Sqlite.Database;
/** Where an open archive is: its file with the key (64 hex digits), or all of it (base64) where it is in memory alone. */
export type ArchiveSource = { file: string; key: string } | { image: string };
export type Opened = {
  db: Database;
  state: 'ok' | 'rebuilt' | 'too-new' | 'in-memory';
  /** Every page that is in use has been looked at, as is done at once with small files. */
  looked: boolean;
  /** Nothing was in the file: it is the first time, or somebody has emptied it. */
  begun: boolean;
  /** Where the file lies that was put aside. */
  aside?: string;
};

/** A file of so many pages (8 MB) is looked at in a tenth of a second. */
const pagesLookedAt = 2_048;
const companions = ['-wal', '-shm'];

/** Failures of the disk or the computer: the file itself may be whole, so it stays where it is. */
const passing = /^SQLITE_(BUSY|LOCKED|FULL|CANTOPEN|PERM|READONLY|NOMEM|IOERR_(?!SHORT_READ|DATA|CORRUPTFS))/;

/**
 * Opens an encrypted file (SQLCipher, the key used as it is: 64 hex digits) or, without a key, a database in memory. A file that is
 * damaged, or that the key does not fit, is put aside with its companions and begun anew; one that a newer version wrote is left alone
 * and a database in memory stands in for it. Throws when the disk is full, the folder cannot be written and the like.
 *
 * A small file is looked at wholly before it is used, a large one only when it is `suspect`: that takes as long as reading it. Nothing
 * wrong is read from it all the same, since every page is authenticated whenever it is read: then `isDamage` is what is thrown.
 */
export function openEncrypted(file: string, key: string | null, migrations: readonly string[], suspect = false): Opened {
  const inMemory = (state: Opened['state']) => ({
    db: migrated(new Sqlite(':memory:'), migrations),
    state,
    looked: true,
    begun: false,
  });
  if (key === null) return inMemory('in-memory');
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // SQLite would throw the log of an empty file away.
  const opened = isCutOff(file) ? 'unreadable' : tryOpen(file, key, migrations, suspect);
  if (opened === 'too-new') return inMemory('too-new');
  if (opened !== 'unreadable') return { ...opened, db: migrated(opened.db, migrations), state: 'ok' };
  const aside = putAside(file, companions);
  const fresh = tryOpen(file, key, migrations, suspect);
  if (typeof fresh === 'string') throw new Error(`the archive cannot be begun anew: ${fresh}`);
  return { ...fresh, db: migrated(fresh.db, migrations), state: 'rebuilt', aside };
}

/** Whether an error says that a file is damaged. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR_(SHORT_READ|DATA|CORRUPTFS))/.test(error.code);

/** Opens what another connection has open already, only to read: a file with its key, or the image of a database in memory. */
export function openToRead(source: ArchiveSource): Database {
  if ('image' in source) return new Sqlite(Buffer.from(source.image, 'base64'));
  const db = new Sqlite(source.file, { readonly: true, fileMustExist: true });
  unlock(db, source.key);
  return db;
}

/** Looks at every page of a file that another process may be writing. As slow as reading it. */
export function isFileDamaged(file: string, key: string): boolean {
  const db = openToRead({ file, key });
  try {
    return isDamaged(db);
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  } finally {
    db.close();
  }
}

/** The table that every version has, by its first step. */
function hasFirstTable(db: Database, [first = '']: readonly string[]): boolean {
  const [, table = ''] = /create table (\w+)/.exec(first) ?? [];
  return db.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(table) !== undefined;
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
const isCutOff = (file: string) => sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0;

/** Opens what was put aside, to read what is left of it. Throws when that is nothing. */
export function openAside(file: string, key: string): Database {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    unlock(db, key);
    versionOf(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function unlock(db: Database, key: string): void {
  db.pragma("cipher='sqlcipher'");
  db.pragma(`key="x'${key}'"`);
}

function tryOpen(
  file: string,
  key: string,
  migrations: readonly string[],
  suspect: boolean,
): { db: Database; looked: boolean; begun: boolean } | 'unreadable' | 'too-new' {
  const db = new Sqlite(file);
  try {
    unlock(db, key);
    // The first look at the file, before anything of it is changed.
    const version = versionOf(db);
    if (version > 0 && !hasFirstTable(db, migrations)) throw new Error('the file is another one of ours');
    if (version > migrations.length) {
      db.close();
      return 'too-new';
    }
    for (const pragma of [
      'journal_mode = WAL',
      'synchronous = FULL',
      'foreign_keys = ON',
      'secure_delete = ON',
      'wal_autocheckpoint = 4000',
      'cache_size = -65536',
    ])
      db.pragma(pragma);
    const looked = suspect || Number(db.pragma('page_count', { simple: true })) <= pagesLookedAt;
    if (looked && isDamaged(db)) throw new Error('the file is damaged');
    return { db, looked, begun: version === 0 };
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
