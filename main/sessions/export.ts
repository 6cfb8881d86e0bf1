import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fail } from '../../contract/failure.ts';
import type { Session, SessionPage, SessionQuery } from '../../contract/session.ts';
import type { SessionColumn } from '../../contract/settings.ts';
import { csvLine } from '../export/csv.ts';
import type { Exported } from '../export/job.ts';

const pageSize = 500;

/**
 * Writes every session that fits as CSV to a new file, page by page, and puts it on the disk. Rejects with CANNOT_SAVE_FILE, or with what
 * the page rejected with.
 */
export async function writeSessions(
  file: string,
  query: Pick<SessionQuery, 'filter' | 'sort'>,
  columns: readonly SessionColumn[],
  page: (query: SessionQuery) => Promise<SessionPage>,
  progress: (rows: number, total: number | null) => void,
): Promise<Exported> {
  const handle = await saved(open(file, 'wx', 0o600));
  const hash = createHash('sha256');
  const write = async (text: string) => {
    hash.update(text);
    await saved(handle.writeFile(text));
  };
  try {
    // Spreadsheets take the byte order mark for "this is UTF-8".
    await write(`\uFEFF${csvLine(columns)}`);
    let rows = 0;
    let total: number | null = null;
    for (let cursor: string | undefined; ; ) {
      const {
        items,
        nextCursor,
        total: counted,
      } = await page({
        ...query,
        limit: pageSize,
        ...(cursor !== undefined && { cursor }),
      });
      await write(items.map((session) => csvLine(columns.map((column) => cellOf(session, column)))).join(''));
      rows += items.length;
      total ??= counted;
      progress(rows, total);
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    await saved(handle.sync());
    return { rows, sha256: hash.digest('hex'), dataSha256: null };
  } finally {
    await handle.close().catch(() => undefined);
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
