import type { SessionEvent } from '../contract/session.ts';
import type { Handle } from './store/database.ts';

/** How many events of each kind that is counted a session has. */
export async function countEvents(
  handle: Handle,
  sessionId: string,
): Promise<Record<'command' | 'window' | 'file' | 'alert', number>> {
  const rows = await handle
    .selectFrom('session_events')
    .select(({ fn }) => ['type', fn.countAll<number>().as('count')])
    .where('session_id', '=', sessionId)
    .groupBy('type')
    .execute();
  const count = (type: SessionEvent['type']) => Number(rows.find((row) => row.type === type)?.count ?? 0);
  return { command: count('command'), window: count('window'), file: count('file'), alert: count('alert') };
}

/** SQLite takes 32,766 values in one statement; a row of these has seven. */
const rowsAtOnce = 2_000;

/** Writes events of a session, numbered from `first`. */
export async function insertEvents(
  handle: Handle,
  sessionId: string,
  events: readonly SessionEvent[],
  first: number,
): Promise<void> {
  const rows = events.map(({ atMs, type, text, detail, severity }, index) => ({
    session_id: sessionId,
    number: first + index,
    at_ms: atMs,
    type,
    text,
    detail: detail ?? null,
    severity: severity ?? null,
  }));
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await handle
      .insertInto('session_events')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute();
}
