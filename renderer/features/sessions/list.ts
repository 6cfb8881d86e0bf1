import type { CallOutput } from '../../../contract/calls.ts';
import type { Failure } from '../../../contract/failure.ts';
import type { Session, SessionFilter, SessionSort } from '../../../contract/session.ts';

/** What is looked for. */
export type Search = { filter: SessionFilter; sort: SessionSort };

export type Page = CallOutput<'sessions.page'>;

/** The sessions found so far, page after page. */
export type Found = {
  items: readonly Session[];
  nextCursor: string | null;
  total: number | null;
  from: Page['from'];
  asOf: string;
};

/** The list as it is drawn. `searching`: what is shown answers the search before; the answer to this one is on its way. */
export type ListState =
  | { name: 'waiting' }
  | { name: 'failed'; failure: Failure }
  | { name: 'shown'; found: Found; searching: boolean; next: 'idle' | 'waiting' | { failure: Failure } };

/** The first page of an answer. */
export function foundOf(page: Page): Found {
  return { items: page.items, nextCursor: page.nextCursor, total: page.total, from: page.from, asOf: page.asOf };
}

/** The list with one more page. A session that moved between two pages appears once, where it was first. */
export function withPage(found: Found, page: Page): Found {
  const known = new Set(found.items.map((session) => session.id));
  return {
    ...found,
    items: [...found.items, ...page.items.filter((session) => !known.has(session.id))],
    nextCursor: page.nextCursor,
    from: page.from,
    asOf: page.asOf,
  };
}

/**
 * The list after sessions have changed: each changes where it stands, nothing moves. `strangers` says whether a session changed that
 * the list does not hold, and that may belong at its top.
 */
export function withChanges(found: Found, changed: readonly Session[]): { found: Found; strangers: boolean } {
  const news = new Map(changed.map((session) => [session.id, session]));
  let touched = 0;
  const items = found.items.map((session) => {
    const now = news.get(session.id);
    if (!now) return session;
    touched += 1;
    return now;
  });
  return { found: touched === 0 ? found : { ...found, items }, strangers: touched < news.size };
}

/** The filter without what says nothing: empty words, empty choices. */
export function tidy(filter: SessionFilter): SessionFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => (typeof value === 'string' ? value.trim() !== '' : (value?.length ?? 0) > 0)),
  );
}

/** The sort after a click on a column's header: first the natural direction, then the other one. */
export function sortBy(by: SessionSort['by'], now: SessionSort): SessionSort {
  const natural = by === 'startedAt' || by === 'durationMs' ? 'desc' : 'asc';
  if (now.by !== by) return { by, direction: natural };
  return { by, direction: now.direction === 'asc' ? 'desc' : 'asc' };
}
