export type Position = [at: string | number, id: string];

// The archive's cursors bear a mark: a list that began in the archive goes on in it, one of the gateway's does not.
const mark = 'archive:';

/** Whether the archive made a cursor, rather than the gateway. */
export const isArchiveCursor = (cursor: string) => cursor.startsWith(mark);

export const toCursor = (...position: Position) => mark + JSON.stringify(position);

/** Where a cursor of the archive points; null for text that is none: it comes back from a page, which may send anything. */
export function fromCursor(cursor: string): Position | null {
  if (!isArchiveCursor(cursor)) return null;
  try {
    const [at, id, ...rest] = JSON.parse(cursor.slice(mark.length));
    return (typeof at === 'string' || typeof at === 'number') && typeof id === 'string' && rest.length === 0 ? [at, id] : null;
  } catch {
    return null;
  }
}
