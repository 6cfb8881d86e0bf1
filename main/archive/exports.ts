import type { ExportRecord } from '../../contract/history.ts';
import { type Json, json } from './calls.ts';
import type { Database } from './database.ts';

/** An export that was begun: `record` is what the gateway has to know of it, null when it was never whole. */
export type WaitingExport = { key: string; unfinished: string; record: ExportRecord | null };

/** Exports that are not whole, or that the gateway has not yet put on record. */
export function exportQueries(db: Database) {
  const insert = db.prepare('insert into exports values (?, ?, null)');
  const set = db.prepare('update exports set json = ? where key = ?');
  const remove = db.prepare('delete from exports where key = ?');
  const all = db.prepare<[], { key: string; unfinished: string; json: string | null }>('select * from exports order by rowid');
  const restore = db.prepare('insert or ignore into exports values (?, ?, ?)');

  function left(): WaitingExport[] {
    return all
      .all()
      .map(({ key, unfinished, json: text }) => ({ key, unfinished, record: text === null ? null : JSON.parse(text) }));
  }

  return {
    begin: (key: string, unfinished: string) => void insert.run(key, unfinished),
    put: (record: ExportRecord) => void set.run(JSON.stringify(record), record.key),
    drop: (key: string) => void remove.run(key),
    left,
    waiting: (): Json<{ waiting: WaitingExport[] }> => json({ waiting: left() }),
    /** Puts in what waited elsewhere. */
    restore: ({ key, unfinished, record }: WaitingExport) =>
      void restore.run(key, unfinished, record === null ? null : JSON.stringify(record)),
  };
}
