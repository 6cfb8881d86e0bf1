import type { ChainedEntry, Checkpoint } from '../../contract/receipt.ts';
import type { Json } from './calls.ts';
import { json } from './calls.ts';
import type { Database } from './database.ts';

export type WaitingReceipts = { viewingId: string; entries: ChainedEntry[]; checkpoint: Checkpoint | null };

/** What was shown and the gateway has not acknowledged, and its last word on each viewing. */
export function receiptQueries(db: Database) {
  const insert = db.prepare('insert or ignore into receipts values (?, ?, ?)');
  const remove = db.prepare('delete from receipts where viewing_id = ? and sequence <= ?');
  const removeAll = db.prepare('delete from receipts where viewing_id = ?');
  const checkpoint = db.prepare('insert or replace into checkpoints values (?, ?, ?)');
  const rows = db.prepare<[], { viewing_id: string; json: string }>(
    'select viewing_id, json from receipts order by viewing_id, sequence',
  );
  const checkpointOf = db.prepare<[string], { json: string }>('select json from checkpoints where viewing_id = ?');
  // Old words say nothing that the gateway could not show itself; so many are more than a year of work.
  const trim = db.prepare('delete from checkpoints where at not in (select at from checkpoints order by at desc limit 5000)');

  /** What waits, by viewing, with the gateway's last word on each. */
  function left(): WaitingReceipts[] {
    const found = new Map<string, WaitingReceipts>();
    for (const { viewing_id: viewingId, json: text } of rows.all()) {
      const word = checkpointOf.get(viewingId);
      const one: WaitingReceipts = found.get(viewingId) ?? {
        viewingId,
        entries: [],
        checkpoint: word ? JSON.parse(word.json) : null,
      };
      one.entries.push(JSON.parse(text));
      found.set(viewingId, one);
    }
    return [...found.values()];
  }

  return {
    put: db.transaction((viewingId: string, entries: readonly ChainedEntry[]): void => {
      for (const entry of entries) insert.run(viewingId, entry.sequence, JSON.stringify(entry));
    }),
    acknowledged: db.transaction((word: Checkpoint): void => {
      remove.run(word.viewingId, word.sequence);
      checkpoint.run(word.viewingId, word.at, JSON.stringify(word));
      trim.run();
    }),
    drop: (viewingId: string) => void removeAll.run(viewingId),
    left,
    waiting: (): Json<{ waiting: WaitingReceipts[] }> => json({ waiting: left() }),
    /** Puts in what waited elsewhere, with the gateway's last word on it. */
    restore: db.transaction(({ viewingId, entries, checkpoint: word }: WaitingReceipts): void => {
      for (const entry of entries) insert.run(viewingId, entry.sequence, JSON.stringify(entry));
      if (word) checkpoint.run(word.viewingId, word.at, JSON.stringify(word));
    }),
  };
}
