import { chmodSync, mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, Migrator, SqliteDialect, type Transaction } from 'kysely';
import { migrations } from './migrations.ts';
import type { Tables } from './schema.ts';

export type Database = Kysely<Tables>;
/** A transaction, or the database itself for a single statement. */
export type Handle = Database | Transaction<Tables>;

/** The folder's file; everything the gateway knows is in it. */
export const databaseFile = (folder: string) => path.join(folder, 'gateway.sqlite');

/**
 * Opens, and if need be makes, the store in `folder`. What was acknowledged survives `kill -9` and a power cut: WAL with
 * `synchronous=FULL`. Text is compared by `fold`, which puts case and accents aside.
 */
export async function openDatabase(folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sqlite = new Sqlite(databaseFile(folder));
  chmodSync(databaseFile(folder), 0o600);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'busy_timeout = 5000'])
    sqlite.pragma(pragma);
  sqlite.function('fold', { deterministic: true }, (text) => fold(String(text ?? '')));
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (error) throw error;
  return db;
}

/**
 * Tells the gateway that runs on `folder`, if one does, that this process has changed the store. It watches the write-ahead log; but it
 * may look when a commit is written and not yet visible, so the log is touched once more, when everything is.
 */
export function tellGateway(folder: string): void {
  const now = new Date();
  try {
    utimesSync(`${databaseFile(folder)}-wal`, now, now);
  } catch {
    // Without a log nobody has the store open.
  }
}

/** Text without case and accents: `José` is found as `jose`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
