import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { putAside } from '../settings/files.ts';

export type Database = Sqlite.Database;
export type Opened = { db: Database; state: 'ok' | 'rebuilt' | 'too-new' | 'in-memory' };

const companions = ['-wal', '-shm'];

/**
 * Opens an encrypted file (SQLCipher, the key used as it is: 64 hex digits) or, without a key, a database in memory. A file that cannot
 * be read is put aside with its companions and begun anew; one that a newer version wrote is left alone.
 */
export function openEncrypted(file: string, key: string | null, migrations: readonly string[]): Opened {
  if (key === null) return { db: migrated(new Sqlite(':memory:'), migrations), state: 'in-memory' };
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const db = tryOpen(file, key, migrations);
  if (db === 'too-new') return { db: migrated(new Sqlite(':memory:'), migrations), state: 'too-new' };
  if (db !== 'unreadable') return { db, state: 'ok' };
  putAside(file, companions);
  const fresh = tryOpen(file, key, migrations);
  if (typeof fresh === 'string') throw new Error(`the archive cannot be begun anew: ${fresh}`);
  return { db: fresh, state: 'rebuilt' };
}

export const filesOf = (file: string) => [file, ...companions.map((suffix) => `${file}${suffix}`)];

function tryOpen(file: string, key: string, migrations: readonly string[]): Database | 'unreadable' | 'too-new' {
  const db = new Sqlite(file);
  try {
    db.pragma("cipher='sqlcipher'");
    db.pragma(`key="x'${key}'"`);
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON']) db.pragma(pragma);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > migrations.length) {
      db.close();
      return 'too-new';
    }
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new Error('the file is damaged');
    return migrated(db, migrations);
  } catch {
    db.close();
    return 'unreadable';
  }
}

function migrated(db: Database, migrations: readonly string[]): Database {
  const done = Number(db.pragma('user_version', { simple: true }));
  for (const [index, step] of migrations.entries()) {
    if (index < done) continue;
    db.transaction(() => {
      db.exec(step);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
  return db;
}
