import type { Confirmation, HistoryFigures, HistoryQuery, Seal } from '../../contract/history.ts';
import type { Database } from './database.ts';
import { figureQueries } from './figures.ts';
import { listQueries } from './lists.ts';
import { searchQueries } from './search.ts';
import { fold } from './words.ts';

/**
 * A request as it is kept, and what was watched under it (JSON texts), and whether a page that the gateway signed has it as it is, by what
 * was found when the archive was last checked.
 */
export type KeptRequest = { request: string; viewings: string[]; confirmation: Confirmation };

export interface ExportReader {
  count(): Promise<number>;
  figures(): Promise<HistoryFigures>;
  /** The newest seal of the gateway; null when nothing is sealed. */
  seal(): Seal | null;
  /** Everything that the query finds, in its order, some hundreds at a time: a million rows one by one are a million waits. */
  requests(): AsyncGenerator<KeptRequest[]>;
}

const rowsAtOnce = 500;
/** Of one moment nothing changes. */
const still = { now: () => 0, since: () => [], note: () => undefined };

/** What an export of `query` reads, all as of one moment: in a transaction that ends with the connection. `nowMs` is gateway time. */
export function exportReader(db: Database, query: HistoryQuery, nowMs: number): ExportReader {
  db.function('fold', { deterministic: true }, (text) => fold(String(text ?? '')));
  db.exec('begin');
  const searches = searchQueries(db);
  const lists = listQueries(db, searches, still);
  const figures = figureQueries(db, searches);
  const request = db
    .prepare<[number], [json: string, page: number | null]>('select json, page from requests where row = ?')
    .raw();
  const newestPage = db.prepare<[], Omit<Seal, 'notKept'> & { notKept: string }>(
    'select before, after, at, not_kept as notKept, signature from pages order by number desc limit 1',
  );
  const viewings = db
    .prepare<[string], [row: number, json: string]>(
      `select request_row, json from viewings indexed by viewings_by_request
       where request_row in (select value from json_each(?)) order by request_row, started_at, id`,
    )
    .raw();

  /** What was watched under some requests, by their rows. */
  function viewingsOf(rows: readonly number[]): Map<number, string[]> {
    const found = new Map<number, string[]>();
    for (const [row, json] of viewings.iterate(JSON.stringify(rows))) {
      const there = found.get(row);
      if (there) there.push(json);
      else found.set(row, [json]);
    }
    return found;
  }

  return {
    count: () => lists.count(query, nowMs),
    figures: () => figures(query.filter, nowMs),
    seal() {
      const page = newestPage.get();
      return page ? { ...page, notKept: JSON.parse(page.notKept) } : null;
    },
    async *requests() {
      for (let from = 0; ; from += rowsAtOnce) {
        const rows = await lists.page(query, from, rowsAtOnce, nowMs);
        const watched = viewingsOf(rows);
        yield rows.map((row) => {
          const [json, page] = request.get(row) ?? ['', null];
          return { request: json, viewings: watched.get(row) ?? [], confirmation: confirmationOf(page) };
        });
        if (rows.length < rowsAtOnce) return;
      }
    },
  };
}

/** See migrations.ts for what the page of a row means. */
function confirmationOf(page: number | null): Confirmation {
  if (page === -1) return 'contradicted';
  return page === null || page === 0 ? 'waiting' : 'confirmed';
}
