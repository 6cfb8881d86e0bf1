import type { HistoryFigures, HistoryQuery, Seal } from '../../contract/history.ts';
import type { Database } from './database.ts';
import { figureQueries } from './figures.ts';
import { listQueries } from './lists.ts';
import { searchQueries } from './search.ts';
import { fold } from './words.ts';

/** A request as it is kept, and what was watched under it: JSON texts. */
export type KeptRequest = { request: string; viewings: string[] };

export interface ExportReader {
  count(): Promise<number>;
  figures(): Promise<HistoryFigures>;
  /** The newest seal of the gateway; null when nothing is sealed. */
  seal(): Seal | null;
  /** Everything that the query finds, in its order. */
  requests(): AsyncGenerator<KeptRequest>;
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
  const request = db.prepare<[number], string>('select json from requests where row = ?').pluck();
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
    seal: () => null,
    async *requests() {
      for (let from = 0; ; from += rowsAtOnce) {
        const rows = await lists.page(query, from, rowsAtOnce, nowMs);
        const watched = viewingsOf(rows);
        for (const row of rows) yield { request: request.get(row) ?? '', viewings: watched.get(row) ?? [] };
        if (rows.length < rowsAtOnce) return;
      }
    },
  };
}
