import type { Failure } from '../../../contract/failure.ts';
import type { HistoryRow, HistorySort } from '../../../contract/history.ts';

/** So many rows come with a page. */
export const pageSize = 100;
/** So many pages are kept; those farthest from what is in sight are dropped. */
const mostPages = 30;

/** The rows found so far, by the number of their page. `total` is null while they are being counted. */
export type Rows = { pages: ReadonlyMap<number, readonly HistoryRow[]>; total: number | null };

/**
 * The list as it is drawn. `searching`: what is shown answers the search before. `trouble`: why rows in sight could not be read.
 */
export type ListState =
  | { name: 'waiting' }
  | { name: 'failed'; failure: Failure }
  | { name: 'shown'; rows: Rows; searching: boolean; trouble: Failure | null };

export const pageOf = (index: number) => Math.floor(index / pageSize);

/** The row with a number, if its page is here. */
export function rowAt({ pages }: Rows, index: number): HistoryRow | null {
  return pages.get(pageOf(index))?.[index % pageSize] ?? null;
}

/** How many rows there are to draw: all of them, or, while they are being counted, those that are here and a few more if there are more. */
export function countOf({ pages, total }: Rows, ahead: number): number {
  if (total !== null) return total;
  const last = Math.max(-1, ...pages.keys());
  const rows = pages.get(last)?.length ?? 0;
  return Math.max(0, last) * pageSize + rows + (rows === pageSize ? ahead : 0);
}

/** The number of the row that shows a request, among those that are here; -1 if it is not. */
export function indexOf({ pages }: Rows, requestId: string): number {
  for (const [page, rows] of pages) {
    const at = rows.findIndex(({ id }) => id === requestId);
    if (at >= 0) return page * pageSize + at;
  }
  return -1;
}

/** The rows with a page more; those farthest from it give way. A page that is not full tells how many rows there are. */
export function withPage({ pages, total }: Rows, page: number, rows: readonly HistoryRow[]): Rows {
  const all = [...new Map(pages).set(page, rows)];
  const near = all.sort(([a], [b]) => Math.abs(a - page) - Math.abs(b - page)).slice(0, mostPages);
  const isLast = rows.length < pageSize && (rows.length > 0 || page === 0);
  return { pages: new Map(near), total: total ?? (isLast ? page * pageSize + rows.length : null) };
}

/** The pages that hold some rows and are not here, those in the middle of what is looked at first. */
export function missingPages({ pages, total }: Rows, from: number, to: number): number[] {
  const last = total === null ? pageOf(to) : Math.min(pageOf(to), pageOf(Math.max(0, total - 1)));
  const first = Math.max(0, pageOf(from));
  const middle = (first + last) / 2;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
    .filter((page) => !pages.has(page))
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
}

/** The sort after a click on a column's header: first the natural direction, then the other one. */
export function sortBy(by: HistorySort['by'], now: HistorySort): HistorySort {
  if (now.by !== by) return { by, direction: by === 'createdAt' ? 'desc' : 'asc' };
  return { by, direction: now.direction === 'asc' ? 'desc' : 'asc' };
}
