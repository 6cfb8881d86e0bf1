import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { fail } from '../../contract/failure.ts';
import type { Session, SessionPage, SessionQuery } from '../../contract/session.ts';
import type { SessionColumn } from '../../contract/settings.ts';
import { csvLine } from './csv.ts';

const pageSize = 500;

/**
 * Writes every session that fits as CSV to `file`, page by page. The file is there whole or not at all: what was there before stays
 * until the last row is on the disk. Answers with the number of rows; fails with CANNOT_SAVE_FILE, or with what the page failed with.
 */
export async function exportSessions(
  file: string,
  query: Pick<SessionQuery, 'filter' | 'sort'>,
  columns: readonly SessionColumn[],
  page: (query: SessionQuery) => Promise<SessionPage>,
  progress: (rows: number, total: number | null) => void,
): Promise<number> {
  const unfinished = `${file}.${randomUUID().slice(0, 8)}.part`;
  const handle = await saved(open(unfinished, 'wx', 0o600));
  try {
    const rows = await writeRows(handle, query, columns, page, progress);
    await saved(handle.sync());
    await saved(handle.close());
    await saved(rename(unfinished, file));
    return rows;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeRows(
  handle: FileHandle,
  query: Pick<SessionQuery, 'filter' | 'sort'>,
  columns: readonly SessionColumn[],
  page: (query: SessionQuery) => Promise<SessionPage>,
  progress: (rows: number, total: number | null) => void,
): Promise<number> {
  // Spreadsheets take the byte order mark for "this is UTF-8".
  await saved(handle.writeFile(`\uFEFF${csvLine(columns)}`));
  let rows = 0;
  let total: number | null = null;
  for (let cursor: string | undefined; ; ) {
    const {
      items,
      nextCursor,
      total: counted,
    } = await page({ ...query, limit: pageSize, ...(cursor !== undefined && { cursor }) });
    await saved(handle.writeFile(items.map((session) => csvLine(columns.map((column) => cellOf(session, column)))).join('')));
    rows += items.length;
    total ??= counted;
    progress(rows, total);
    if (nextCursor === null) return rows;
    cursor = nextCursor;
  }
}

/** What the disk refuses is one failure to the person, whatever its number. */
function saved<T>(done: Promise<T>): Promise<T> {
  return done.catch(() => fail('CANNOT_SAVE_FILE'));
}

/** What a column says of a session, in the file: codes, seconds and UTC times, since a file is read anywhere. */
function cellOf(session: Session, column: SessionColumn): string {
  switch (column) {
    case 'duration':
      return session.durationMs === null ? '' : String(Math.round(session.durationMs / 1000));
    case 'access':
      return session.access[session.state === 'live' ? 'livestream' : 'recording'].state;
    default:
      return session[column];
  }
}
