import { EventEmitter, on } from 'node:events';
import { watch } from 'node:fs';
import { sql } from 'kysely';
import type { ServerEvent } from '../contract/gateway.ts';
import { type Database, databaseFile, type Handle } from './store/database.ts';
import type { Tables } from './store/schema.ts';

export type EventRow = { sequence: number; type: Tables['events']['type']; subject: string; person_id: string | null };

const lookAgainMs = [50, 500];

/**
 * The log of what happened, in the order it happened. A row names its subject and nothing else: what a person gets to read is
 * looked up when it is delivered, as that person may see it then. Rows are written in the transaction of the change itself.
 * `onOutsideChange` hears that another process has changed the store: people, policy.
 */
export function createEvents(db: Database, folder: string, now: () => number, onOutsideChange: () => void) {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const wake = () => emitter.emit('wake');
  // Another process (the command line) may write too: its commit touches the write-ahead log and changes `data_version`.
  let version = 0;
  async function look(): Promise<void> {
    const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db);
    const seen = rows[0]?.data_version ?? 0;
    if (seen === version) return;
    version = seen;
    wake();
    onOutsideChange();
  }
  // The log is written a moment before the commit can be seen, so after the last write it is looked at again, once and once more.
  let again: NodeJS.Timeout[] = [];
  const watcher = watch(`${databaseFile(folder)}-wal`, () => {
    for (const timer of again) clearTimeout(timer);
    again = lookAgainMs.map((wait) => setTimeout(() => void look(), wait));
    void look();
  });

  /** Writes an event down. `wake` must follow once the transaction is committed. */
  async function append(handle: Handle, type: EventRow['type'], subject: string, personId: string | null = null): Promise<void> {
    await handle.insertInto('events').values({ at: now(), type, subject, person_id: personId }).execute();
  }

  async function last(): Promise<number> {
    const row = await db
      .selectFrom('events')
      .select(({ fn }) => fn.max('sequence').as('sequence'))
      .executeTakeFirst();
    return Number(row?.sequence ?? 0);
  }

  /**
   * The events of one client, from after `lastId`, as they come, until `signal`. `see` answers with what this person reads of an
   * event, or null for nothing.
   */
  async function* stream(
    lastId: string | undefined,
    signal: AbortSignal,
    see: (row: EventRow) => Promise<ServerEvent | null>,
  ): AsyncGenerator<{ id: string; event: ServerEvent }> {
    const wakes = on(emitter, 'wake', { signal });
    let position = await last();
    const resumed = lastId === undefined ? null : Number(lastId);
    yield { id: String(resumed ?? position), event: { type: 'hello', time: new Date(now()).toISOString() } };
    if (resumed !== null) {
      const oldest = await db
        .selectFrom('events')
        .select(({ fn }) => fn.min('sequence').as('sequence'))
        .executeTakeFirst();
      const gap = !Number.isInteger(resumed) || resumed > position || resumed + 1 < Number(oldest?.sequence ?? position + 1);
      if (gap) yield { id: String(position), event: { type: 'reset' } };
      else position = resumed;
    }
    for (;;) {
      const rows = await db
        .selectFrom('events')
        .select(['sequence', 'type', 'subject', 'person_id'])
        .where('sequence', '>', position)
        .orderBy('sequence')
        .limit(500)
        .execute();
      for (const row of latestOfEach(rows)) {
        const event = await see(row);
        if (event) yield { id: String(row.sequence), event };
      }
      position = rows.at(-1)?.sequence ?? position;
      if (rows.length > 0) continue;
      try {
        await wakes.next();
      } catch {
        return;
      }
    }
  }

  function close(): void {
    watcher.close();
    for (const timer of again) clearTimeout(timer);
  }

  return { append, wake, stream, close };
}

export type Events = ReturnType<typeof createEvents>;

/** Of several events about one subject only the last says something: it is read as it is now anyway. */
function latestOfEach(rows: EventRow[]): EventRow[] {
  const latest = new Map(rows.map((row) => [`${row.type} ${row.subject} ${row.person_id ?? ''}`, row.sequence]));
  return rows.filter((row) => latest.get(`${row.type} ${row.subject} ${row.person_id ?? ''}`) === row.sequence);
}
