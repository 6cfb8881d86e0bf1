import Sqlite from 'better-sqlite3';
import { archiveMigrations } from '../../../main/archive/migrations.ts';

/** The archive as it would be without encryption. */
export function openPlain(file: string): Sqlite.Database {
  const db = new Sqlite(file);
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'secure_delete = ON',
    'wal_autocheckpoint = 4000',
    'cache_size = -65536',
  ])
    db.pragma(pragma);
  for (const step of archiveMigrations) db.exec(step);
  return db;
}
