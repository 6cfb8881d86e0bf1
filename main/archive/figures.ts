import type { HistoryFigures, HistoryFilter } from '../../contract/history.ts';
import { toInstant } from '../../contract/time.ts';
import type { Database } from './database.ts';
import { searchOf, type searchQueries } from './search.ts';

type Facts = [
  row: number,
  createdAt: number,
  status: string,
  dueAt: number,
  decidedAt: number | null,
  approvedAt: number | null,
  watchedMs: number,
];
type Week = { asked: number; decided: number; watchedMs: number };

const weekMs = 7 * 24 * 3_600_000;
/** The first Monday of the epoch, at midnight (UTC). */
const mondayMs = 4 * 24 * 3_600_000;
/** Weeks without anything are there as well, so that time runs evenly; not over more than these. */
const mostWeeks = 1_040;

const weekOf = (ms: number) => Math.floor((ms - mondayMs) / weekMs);

/** What people ask about many requests together. */
export function figureQueries(db: Database, searches: ReturnType<typeof searchQueries>) {
  const columns = 'row, created_at, status, min(deadline, end_at), decided_at, approved_at, watched_ms';
  const watched = db
    .prepare<[number, number], [row: number, startedAt: number, watchedMs: number]>(
      `select request_row, started_at, watched_ms from viewings indexed by viewings_by_request
       where request_row is not null and request_row between ? and ? order by request_row desc`,
    )
    .raw();

  /** The figures about what a filter finds at `nowMs` (gateway time). */
  return async function figures(filter: HistoryFilter, nowMs: number): Promise<HistoryFigures> {
    const sums = { asked: 0, approved: 0, rejected: 0, expired: 0, canceled: 0, revoked: 0, watched: 0, watchedMs: 0 };
    const weeks = new Map<number, Week>();
    const durations: number[] = [];
    const weekAt = (ms: number): Week => {
      const number = weekOf(ms);
      const week = weeks.get(number) ?? { asked: 0, decided: 0, watchedMs: 0 };
      weeks.set(number, week);
      return week;
    };
    for await (const { low, high, facts } of searches.facts(searchOf(filter, nowMs), columns)) {
      const found = facts as Facts[];
      if (found.length === 0) continue;
      for (const [, createdAt, status, dueAt, decidedAt, approvedAt, watchedMs] of found) {
        sums.asked += 1;
        weekAt(createdAt).asked += 1;
        if (status === 'rejected' || status === 'canceled' || status === 'revoked') sums[status] += 1;
        if (status === 'expired' || (status === 'pending' && dueAt <= nowMs)) sums.expired += 1;
        if (approvedAt !== null) sums.approved += 1;
        if (approvedAt !== null && watchedMs > 0) sums.watched += 1;
        sums.watchedMs += watchedMs;
        const answeredAt = approvedAt ?? (status === 'rejected' ? decidedAt : null);
        if (answeredAt === null) continue;
        durations.push(Math.max(0, answeredAt - createdAt));
        weekAt(answeredAt).decided += 1;
      }
      let at = 0;
      for (const [row, startedAt, watchedMs] of watched.all(low, high)) {
        while ((found[at]?.[0] ?? row) > row) at += 1;
        if (found[at]?.[0] === row) weekAt(startedAt).watchedMs += watchedMs;
      }
    }
    return { ...sums, medianDecideMs: medianOf(durations), weeks: inOrder(weeks) };
  };
}

function inOrder(weeks: Map<number, Week>): HistoryFigures['weeks'] {
  const numbers = [...weeks.keys()].sort((a, b) => a - b);
  const [first = 0, last = -1] = [numbers[0], numbers.at(-1)];
  const all = last - first < mostWeeks ? Array.from({ length: last - first + 1 }, (_, number) => first + number) : numbers;
  return all.map((number) => ({
    start: toInstant(number * weekMs + mondayMs),
    ...(weeks.get(number) ?? { asked: 0, decided: 0, watchedMs: 0 }),
  }));
}

/** The median (ms), rounded; null of nothing. */
function medianOf(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return Math.round(((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2);
}
