import type { HistoryField, HistoryFilter, HistoryItem, HistoryPage, HistoryQuery, HistoryRow } from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';
import type { Json } from './calls.ts';
import type { Database } from './database.ts';
import { figureQueries } from './figures.ts';
import type { Journal } from './journal.ts';
import { listQueries } from './lists.ts';
import { isEverything, searchOf, searchQueries } from './search.ts';
import type { viewingQueries } from './viewings.ts';
import { fold } from './words.ts';

const valuesOffered = 20;
/** Values are taken from so many of the newest rows that have one. */
const rowsForValues = 4_000;

/** What History asks of the archive. Times are the gateway's (epoch ms). */
export function historyQueries(db: Database, viewings: ReturnType<typeof viewingQueries>, journal: Journal) {
  const searches = searchQueries(db);
  const lists = listQueries(db, searches, journal);
  const figures = figureQueries(db, searches);
  const shown = db
    .prepare<[number], string>(
      `select json || (select watched_ms from requests indexed by requests_facts where requests.row = requests_shown.row) || '}'
       from requests_shown where row = ?`,
    )
    .pluck();
  // Cross joins: in the order of the rows that are asked for.
  const several = db
    .prepare<[string], string>(
      `select requests_shown.json || watched_ms || '}' from json_each(?) as wanted
       cross join requests_shown on requests_shown.row = wanted.value cross join requests indexed by requests_facts on requests.row = wanted.value`,
    )
    .pluck();
  const all = db.prepare<[], number>('select count(*) from requests').pluck();
  const one = db.prepare<[string], string>('select json from requests where id = ?').pluck();
  const session = db.prepare<[string], string>('select json from sessions where id = ?').pluck();

  return {
    figures,
    async page(query: HistoryQuery, from: number, limit: number, nowMs: number): Promise<Json<HistoryPage>> {
      const rows = await lists.page(query, from, limit, nowMs);
      return `{"rows":[${several.all(JSON.stringify(rows)).join(',')}],"from":${from}}`;
    },
    async count(query: HistoryQuery, nowMs: number): Promise<number> {
      const counted = lists.count(query, nowMs);
      if (!isEverything(searchOf(query.filter, nowMs))) return counted;
      // How many there are in all is known without their list. It is made all the same: the first leap does not wait for it.
      counted.catch(() => undefined);
      return all.get() ?? 0;
    },
    get(requestId: string): Json<HistoryItem | null> {
      const text = one.get(requestId);
      if (text === undefined) return 'null';
      const { session: of }: AccessRequest = JSON.parse(text);
      return `{"request":${text},"session":${session.get(of.id) ?? 'null'},"viewings":[${viewings.about(requestId, of.id).join(',')}],"confirmation":"waiting","notKept":[]}`;
    },
    /** Values of a field that have this part, of what was asked for last first. */
    async values(field: HistoryField, text: string, nowMs: number): Promise<string[]> {
      const filter: HistoryFilter = { [field]: text };
      const found = new Set<string>();
      let looked = 0;
      for await (const { rows } of searches.rows(searchOf(filter, nowMs))) {
        for (const row of rows) {
          const of: HistoryRow = JSON.parse(shown.get(row) ?? 'null');
          for (const value of valuesOf(of, field)) if (value !== '' && fold(value).includes(fold(text))) found.add(value);
          looked += 1;
          if (found.size >= valuesOffered || looked >= rowsForValues) return [...found].slice(0, valuesOffered);
        }
      }
      return [...found];
    },
  };
}

function valuesOf(row: HistoryRow, field: HistoryField): string[] {
  switch (field) {
    case 'requester':
      return [row.requester.displayName];
    case 'approver':
      return row.approvers;
    case 'user':
    case 'device':
      return [row.session[field]];
    case 'reason':
      return [row.reason];
    case 'governanceCode':
      return [row.governanceCode ?? ''];
    default:
      return field satisfies never;
  }
}
