import type { HistoryQuery } from '../../contract/history.ts';
import type { Database } from './database.ts';
import type { Journal } from './journal.ts';
import { breathe, isEverything, type Search, searchOf, type searchQueries } from './search.ts';

/** The rows that a query finds, in its order (by time: newest first); it grows while they are looked for. */
type List = {
  search: Search;
  byTime: boolean;
  rows: number[];
  /** Down to which row everything is found, by time. */
  reached: number;
  /** Rows below that which have changed since it was begun. */
  later: Set<number>;
  complete: boolean;
  /** The moment of the journal up to which it is right. */
  seen: number;
  begunMs: number;
  filled: Promise<void>;
  /** The next slice. */
  grown: PromiseWithResolvers<void>;
  /** So many rows are wanted: it is filled no further than that. */
  wanted: number;
  /** More is wanted. */
  asked: PromiseWithResolvers<void>;
};

const listsKept = 4;
/** After more changes than these a list is sooner made anew than mended. */
const mostMended = 200;
/** What depends on the moment is looked at anew after this long. */
const momentMs = 10_000;
/** Of fewer rows than these each is asked for what is sorted by. */
const few = 20_000;
const rowsAtOnce = 5_000;

const columns = { requester: 'requester_name', device: 'device' } as const;
type Column = (typeof columns)[keyof typeof columns];

/**
 * The rows of the queries that were asked last, so that row number k of a list is there at once, wherever that is: counting up to it
 * (`offset`) takes longer the further it is. A list is made once, slice by slice, as far as somebody wants it, and mended when single
 * requests change.
 */
export function listQueries(db: Database, searches: ReturnType<typeof searchQueries>, journal: Journal) {
  const lists = new Map<string, List>();
  /** The list that was asked for last. */
  let current: List | null = null;
  let switched = Promise.withResolvers<void>();

  /** The list of a query, as far as it is known, and no older than the last change. */
  function listOf(query: HistoryQuery, nowMs: number): List {
    const key = JSON.stringify(query);
    const kept = lists.get(key);
    const list = kept && isUsable(kept, nowMs) ? kept : begin(query, nowMs);
    lists.delete(key);
    lists.set(key, list);
    for (const oldest of [...lists.keys()].slice(0, -listsKept)) lists.delete(oldest);
    list.filled.catch(() => {
      if (lists.get(key) === list) lists.delete(key);
      if (current === list) current = null;
    });
    return list;
  }

  function isUsable(list: List, nowMs: number): boolean {
    if ('nowMs' in list.search.values && Math.abs(nowMs - list.begunMs) > momentMs) return false;
    const changed = journal.since(list.seen);
    if (changed?.length === 0) return true;
    if (changed === null || changed.length > mostMended || !list.byTime) return false;
    mend(list, new Set(changed));
    return true;
  }

  function mend(list: List, changed: ReadonlySet<number>): void {
    list.seen = journal.now();
    for (const row of changed) {
      if (row < list.reached) list.later.add(row);
      else place(list, row);
    }
  }

  /** Puts a row where it belongs, or takes it out. */
  function place(list: List, row: number): void {
    const at = placeOf(list.rows, row);
    const there = list.rows[at] === row;
    if (searches.has(list.search, row) !== there) list.rows.splice(at, there ? 1 : 0, ...(there ? [] : [row]));
  }

  /** Everything down to a row is found: what has changed there meanwhile may have been read before. */
  function reach(list: List, row: number): void {
    list.reached = row;
    for (const one of list.later) {
      if (one < row) continue;
      list.later.delete(one);
      place(list, one);
    }
  }

  function begin(query: HistoryQuery, nowMs: number): List {
    const list: List = {
      search: searchOf(query.filter, nowMs),
      byTime: query.sort.by === 'createdAt',
      rows: [],
      reached: Number.MAX_SAFE_INTEGER,
      later: new Set(),
      complete: false,
      seen: journal.now(),
      begunMs: nowMs,
      filled: Promise.resolve(),
      grown: Promise.withResolvers(),
      wanted: 0,
      asked: Promise.withResolvers(),
    };
    list.filled = fill(list, query).then(() => {
      reach(list, Number.MIN_SAFE_INTEGER);
      list.complete = true;
    });
    return list;
  }

  async function fill(list: List, { sort }: HistoryQuery): Promise<void> {
    if (sort.by === 'createdAt') {
      for await (const { low, rows } of searches.rows(list.search)) {
        for (const row of rows) list.rows.push(row);
        reach(list, low);
        grown(list);
        await turnOf(list);
      }
      return;
    }
    const column = columns[sort.by];
    for await (const rows of sorted(list.search, column, sort.direction)) {
      for (const row of rows) list.rows.push(row);
      grown(list);
      await turnOf(list);
    }
  }

  /** Resolves when more of a list is wanted, and what was asked for last is there: who types asks for one list after another. */
  async function turnOf(list: List): Promise<void> {
    while (list.rows.length >= list.wanted) await list.asked.promise;
    while (current !== list && current && !current.complete && current.rows.length < current.wanted)
      await Promise.race([current.grown.promise, current.filled.catch(() => undefined), switched.promise]);
  }

  /** Wants so many rows of a list, before those of any other. */
  function want(list: List, count: number): void {
    list.wanted = Math.max(list.wanted, count);
    list.asked.resolve();
    list.asked = Promise.withResolvers();
    if (current === list) return;
    current = list;
    switched.resolve();
    switched = Promise.withResolvers();
  }

  function grown(list: List): void {
    list.grown.resolve();
    list.grown = Promise.withResolvers();
  }

  async function* sorted(search: Search, column: Column, direction: 'asc' | 'desc'): AsyncGenerator<number[]> {
    if (isEverything(search)) return yield* byValue(column, direction);
    const found: number[] = [];
    for await (const { rows } of searches.rows(search)) for (const row of rows) found.push(row);
    if (found.length <= few) return yield* sortedFew(found, column, direction);
    for await (const rows of byValue(column, direction)) yield rows.filter((row) => found[placeOf(found, row)] === row);
  }

  /** All rows in the order of a column, newest first where it is the same: value by value along its index. */
  async function* byValue(column: Column, direction: 'asc' | 'desc'): AsyncGenerator<number[]> {
    const [first, further] = direction === 'asc' ? ['min', '>'] : ['max', '<'];
    const start = db.prepare<[], string | null>(`select ${first}(${column}) from requests`).pluck();
    const next = db
      .prepare<[string], string | null>(`select ${first}(${column}) from requests where ${column} ${further} ?`)
      .pluck();
    const some = db
      .prepare<[string, number], number>(
        `select row from requests where ${column} = ? and row < ? order by row desc limit ${rowsAtOnce}`,
      )
      .pluck();
    for (let value = start.get() ?? null; value !== null; value = next.get(value) ?? null) {
      for (let row: number | undefined = Number.MAX_SAFE_INTEGER; row !== undefined; ) {
        const rows = some.all(value, row);
        yield rows;
        await breathe();
        row = rows.length === rowsAtOnce ? rows.at(-1) : undefined;
      }
    }
  }

  async function* sortedFew(rows: readonly number[], column: Column, direction: 'asc' | 'desc'): AsyncGenerator<number[]> {
    const sortedBy = db.prepare<[number], string>(`select ${column} from requests where row = ?`).pluck();
    const groups = new Map<string, number[]>();
    for (const [number, row] of rows.entries()) {
      const value = sortedBy.get(row) ?? '';
      const group = groups.get(value);
      if (group) group.push(row);
      else groups.set(value, [row]);
      if (number % 500 === 499) await breathe();
    }
    const sign = direction === 'asc' ? 1 : -1;
    // As SQLite compares: by the bytes of UTF-8.
    const ordered = [...groups].sort(([a], [b]) => sign * Buffer.compare(Buffer.from(a), Buffer.from(b)));
    yield ordered.flatMap(([, group]) => group);
  }

  return {
    /** The rows `from` to `from + limit` of a query, as soon as they are known. */
    async page(query: HistoryQuery, from: number, limit: number, nowMs: number): Promise<number[]> {
      const list = listOf(query, nowMs);
      const oldestFirst = list.byTime && query.sort.direction === 'asc';
      // The first come last: all have to be known.
      want(list, oldestFirst ? Number.POSITIVE_INFINITY : from + limit);
      if (oldestFirst) await list.filled;
      while (!list.complete && list.rows.length < from + limit) await Promise.race([list.grown.promise, list.filled]);
      if (!oldestFirst) return list.rows.slice(from, from + limit);
      const end = Math.max(0, list.rows.length - from);
      return list.rows.slice(Math.max(0, end - limit), end).reverse();
    },
    /** How many rows a query has. */
    async count(query: HistoryQuery, nowMs: number): Promise<number> {
      const list = listOf(query, nowMs);
      want(list, Number.POSITIVE_INFINITY);
      await list.filled;
      return list.rows.length;
    },
  };
}

/** Where a row is, or would be, among rows that fall. */
function placeOf(rows: readonly number[], row: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as number) > row) low = middle + 1;
    else high = middle;
  }
  return low;
}
