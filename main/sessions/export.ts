import { open, rename, rm } from 'node:fs/promises';
import { fail } from '../../contract/failure.ts';
import type { Session, SessionPage, SessionQuery } from '../../contract/session.ts';
import type { SessionColumn } from '../../contract/settings.ts';
import { csvLine } from './csv.ts';

const pageSize = 500;

/**
 * Writes every session that fits as CSV to `file`, page by page. The file is there whole or not at all. Answers with the number of
 * rows; fails with CANNOT_SAVE_FILE, or with what the page failed with.
 */
export async function exportSessions(
  file: string,
  query: Pick<SessionQuery, 'filter' | 'sort'>,
  columns: readonly SessionColumn[],
  page: (query: SessionQuery) => Promise<SessionPage>,
  progress: (rows: number, total: number | null) => void,
): Promise<number> {
  const temporary = `${file}.part`;
  const handle = await open(temporary, 'w', 0o600).catch(() => fail('CANNOT_SAVE_FILE'));
  try {
    // Spreadsheets take the byte order mark for "this is UTF-8".
    await handle.writeFile(`\uFEFF${csvLine(columns)}`);
    let rows = 0;
    let total: number | null = null;
    for (let cursor: string | undefined; ; ) {
      const answer = await page({ ...query, limit: pageSize, ...(cursor !== undefined && { cursor }) });
      await handle.writeFile(answer.items.map((session) => csvLine(columns.map((column) => cellOf(session, column)))).join(''));
      rows += answer.items.length;
      total ??= answer.total;
      progress(rows, total);
      if (answer.nextCursor === null) break;
      cursor = answer.nextCursor;
    }
    await handle.sync();
    await handle.close();
    await rename(temporary, file).catch(() => fail('CANNOT_SAVE_FILE'));
    return rows;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What a column says of a session, in the file: codes and UTC times, since a file is read anywhere. */
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
