import type { HistoryFilter } from '../../contract/history.ts';
import { toMs } from '../../contract/time.ts';
import type { Database } from './database.ts';
import { firstRowAt } from './request-row.ts';
import { holds, type Wanted, wantedBy } from './words.ts';

/** What a filter asks of rows: a condition on `requests_facts`, and what their words have to hold. */
export type Search = {
  facts: string;
  values: Record<string, number | string>;
  wanted: Wanted[];
  /** Only what is current at this moment (gateway time) is looked for: of all that was, that is little. */
  currentAt: number | null;
  /** Rows below are too old, rows above too new. */
  lowest: number;
  highest: number;
};

/** A stretch of rows, both ends inside. */
export type Stretch = { low: number; high: number };

/** What was found in a stretch; null: all of it. */
type Slice = Stretch & { rows: number[] | null };

const phaseConditions: Record<NonNullable<HistoryFilter['phases']>[number], string> = {
  pending: "status = 'pending' and min(deadline, end_at) > @nowMs",
  scheduled: "status = 'approved' and start_at > @nowMs",
  open: "status = 'approved' and start_at <= @nowMs and end_at > @nowMs",
  over: "status = 'approved' and start_at <= @nowMs and end_at <= @nowMs",
  rejected: "status = 'rejected'",
  expired: "(status = 'expired' or status = 'pending' and min(deadline, end_at) <= @nowMs)",
  canceled: "status = 'canceled'",
  revoked: "status = 'revoked'",
};

/** These end with the window at the latest (`requests_current`). */
const currentPhases: readonly string[] = ['pending', 'scheduled', 'open'];

/** So many of one moment may have been pushed on to later rows (request-row.ts). */
const pushedOnMs = 60_000;

/** What a filter asks of rows at `nowMs` (gateway time). */
export function searchOf(filter: HistoryFilter, nowMs: number): Search {
  const { phases = [], kind, askedFrom, askedUntil, watched } = filter;
  const conditions: string[] = [];
  const values: Search['values'] = {};
  if (phases.length > 0) {
    conditions.push(`(${phases.map((phase) => `(${phaseConditions[phase]})`).join(' or ')})`);
    if (phases.some((phase) => phaseConditions[phase].includes('@nowMs'))) values['nowMs'] = nowMs;
  }
  if (kind) {
    conditions.push('kind = @kind');
    values['kind'] = kind;
  }
  if (askedFrom) {
    conditions.push('created_at >= @askedFrom');
    values['askedFrom'] = toMs(askedFrom);
  }
  if (askedUntil) {
    conditions.push('created_at < @askedUntil');
    values['askedUntil'] = toMs(askedUntil);
  }
  if (watched !== undefined) conditions.push(watched ? 'watched_ms > 0' : 'watched_ms = 0');
  return {
    facts: conditions.join(' and ') || 'true',
    values,
    wanted: wantedBy(filter),
    currentAt: phases.length > 0 && phases.every((phase) => currentPhases.includes(phase)) ? nowMs : null,
    lowest: askedFrom ? firstRowAt(toMs(askedFrom)) : Number.MIN_SAFE_INTEGER,
    highest: askedUntil ? firstRowAt(toMs(askedUntil) + pushedOnMs) : Number.MAX_SAFE_INTEGER,
  };
}

/** Whether a search finds everything. */
export const isEverything = ({ facts, wanted }: Search) => facts === 'true' && wanted.length === 0;

/** The rest of the process has its turn: long work is done in slices with this between them. */
export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

const firstStretchMs = 24 * 3_600_000;
/** A slice is to take about this long (ms): long enough to be worth its beginning, short enough for whoever waits behind it. */
const [short, long] = [2, 8];
/** Parts of one or two characters are looked for in so many of the newest rows before the index is asked. */
const newestRows = 1_000;
/** More parts of three than this do not narrow anything. */
const mostTerms = 64;
const partLength = 3;
/** Of text up to this long every second part is asked for; of longer text parts side by side. */
const everySecond = 9;
/** How many rows the index is asked for: as a page needs at first, then more and more. */
const [firstAsked, mostAsked] = [112, 131_072];
const provedAtOnce = 2_048;

/** Finds the rows that a search asks for, newest first, slice by slice. */
export function searchQueries(db: Database) {
  const before = db
    .prepare<[number], number>('select row from requests not indexed where row < ? order by row desc limit 1')
    .pluck();
  const newest = db
    .prepare<[number, number], number>(
      'select row from requests indexed by requests_facts where row < ? order by row desc limit 1 offset ?',
    )
    .pluck();
  const current = db.prepare<[number], number>('select row from requests_current where end_at > ? order by row desc').pluck();
  const terms = db
    .prepare<[string, string], string>('select term from requests_terms where term > ? and term < ? limit 8')
    .pluck();

  // Every form of search is a statement of its own; the forms that people use are few.
  const prepared = new Map<string, ReturnType<typeof db.prepare<[object], unknown[]>>>();
  function all(sql: string, values: object): unknown[][] {
    const statement = prepared.get(sql) ?? db.prepare<[object], unknown[]>(sql).raw();
    if (prepared.size >= 64) prepared.clear();
    prepared.set(sql, statement);
    return statement.all(values);
  }

  /**
   * The stretches of rows in which a search looks, newest first, each as long as can be worked through in a few milliseconds: how long
   * whoever iterates takes for one decides how long the next is. Empty times are leapt over.
   */
  async function* stretches({ lowest, highest }: Pick<Search, 'lowest' | 'highest'>): AsyncGenerator<Stretch> {
    let width = firstRowAt(firstStretchMs);
    for (let high = before.get(highest) ?? null; high !== null && high >= lowest; ) {
      const low = Math.max(lowest, high - width);
      const began = performance.now();
      yield { low, high };
      const took = performance.now() - began;
      if (took < short) width *= 4;
      else if (took > long) width = Math.ceil(width / 2);
      await breathe();
      high = before.get(low) ?? null;
    }
  }

  /** What the index is asked for: null when it cannot narrow the search, 'nothing' when it knows that nothing is there. */
  async function expressionOf(wanted: readonly Wanted[]): Promise<string | null | 'nothing'> {
    const parts: string[] = [];
    for (const { text } of wanted) {
      const characters = [...text];
      if (text.includes('\0')) continue;
      if (characters.length >= partLength) {
        // What the parts find is proved anyway: each part more costs the index more than it leaves less to be proved.
        const step = characters.length <= everySecond ? 2 : partLength;
        const starts = characters.map((_, at) => at).filter((at) => at % step === 0);
        for (const start of starts) {
          const from = Math.min(start, characters.length - partLength);
          parts.push(quoted(characters.slice(from, from + partLength).join('')));
        }
      } else {
        const found = await termsBeginningWith(text);
        if (found.length === 0) return 'nothing';
        if (found.length <= mostTerms) parts.push(`(${found.map(quoted).join(' OR ')})`);
      }
    }
    return parts.length === 0 ? null : [...new Set(parts)].join(' AND ');
  }

  async function termsBeginningWith(text: string): Promise<string[]> {
    const found: string[] = [];
    for (let after = text; found.length <= mostTerms; ) {
      const more = terms.all(after, `${text}\u{10ffff}`);
      found.push(...more);
      after = more.at(-1) ?? '';
      if (more.length < 8) return found;
      await breathe();
    }
    return found;
  }

  /** The rows of a stretch whose words hold what is wanted, newest first. */
  function wordsIn({ low, high }: Stretch, wanted: readonly Wanted[]): number[] {
    return holding(wanted, 'id between @low and @high', { low, high });
  }

  /** Of some rows those whose words hold what is wanted, newest first. */
  function proved(rows: readonly number[], wanted: readonly Wanted[]): number[] {
    if (wanted.length === 0) return [...rows];
    return holding(wanted, 'id in (select value from json_each(@rows))', { rows: JSON.stringify(rows) });
  }

  function holding(wanted: readonly Wanted[], which: string, values: object): number[] {
    const lined = wanted.filter(({ line }) => line !== null);
    const found = all(
      `select id${lined.length > 0 ? ', c0' : ''} from requests_text_content where ${which}
       ${wanted.map((_, number) => `and instr(c0, @w${number}) > 0`).join(' ')} order by id desc`,
      { ...values, ...Object.fromEntries(wanted.map(({ text }, number) => [`w${number}`, text])) },
    ) as [number, string][];
    return found.filter(([, words]) => lined.every((one) => holds(words, one))).map(([row]) => row);
  }

  /** Columns of `requests_facts` of the rows of a slice that fit the facts, newest first. */
  function factsOf(search: Search, { low, high, rows: some }: Slice, columns: string): unknown[][] {
    if (some?.length === 0) return [];
    const which = some === null ? 'row between @low and @high' : 'row in (select value from json_each(@rows))';
    return all(`select ${columns} from requests indexed by requests_facts where ${which} and ${search.facts} order by row desc`, {
      ...search.values,
      ...(some === null ? { low, high } : { rows: JSON.stringify(some) }),
    });
  }

  const rowsOf = (search: Search, slice: Slice): number[] =>
    slice.rows !== null && search.facts === 'true' ? slice.rows : factsOf(search, slice, 'row').map(([row]) => row as number);

  /**
   * What the index knows, newest first. It finds its beginning anew for each question, which costs more the further back that is, and is
   * fast from there: so it is asked seldom, and for more each time.
   */
  async function* indexed(search: Search, expression: string, highest: number): AsyncGenerator<Slice> {
    // One part of three anywhere is just what the index knows.
    const exact = search.wanted.every(({ text, line }) => line === null && [...text].length === partLength);
    let after = highest;
    for (let size = firstAsked; ; size = Math.min(size * 8, mostAsked)) {
      const bounds = [
        ...(search.lowest > Number.MIN_SAFE_INTEGER ? ['and rowid >= @lowest'] : []),
        ...(after < Number.MAX_SAFE_INTEGER ? ['and rowid < @after'] : []),
      ].join(' ');
      const candidates = all(
        `select rowid from requests_text where requests_text match @expression ${bounds} order by rowid desc limit @size`,
        { expression, lowest: search.lowest, after, size },
      ).map(([row]) => row as number);
      yield* provedOf(candidates, exact ? [] : search.wanted);
      if (candidates.length < size) return;
      after = candidates.at(-1) as number;
    }
  }

  /** Of some rows (they fall) those whose words hold what is wanted, slice by slice. */
  async function* provedOf(rows: readonly number[], wanted: readonly Wanted[]): AsyncGenerator<Slice> {
    for (let at = 0; at < rows.length; at += provedAtOnce) {
      const some = rows.slice(at, at + provedAtOnce);
      yield { low: some.at(-1) as number, high: some[0] as number, rows: proved(some, wanted) };
      await breathe();
    }
  }

  /** Everything whose words hold what is wanted, slice by slice, whatever its facts are. */
  async function* slices(search: Search): AsyncGenerator<Slice> {
    const { wanted, currentAt } = search;
    if (currentAt !== null) {
      const rows = current.all(currentAt).filter((row) => row >= search.lowest && row < search.highest);
      return yield* provedOf(rows, wanted);
    }
    if (wanted.length === 0) {
      for await (const stretch of stretches(search)) yield { ...stretch, rows: null };
      return;
    }
    let { highest } = search;
    if (wanted.some(({ text }) => [...text].length < partLength)) {
      // The index answers for each of many parts; what many rows have is sooner found by looking at some.
      const low = Math.max(search.lowest, newest.get(highest, newestRows) ?? search.lowest);
      const stretch = { low, high: highest };
      yield { ...stretch, rows: wordsIn(stretch, wanted) };
      if (low === search.lowest) return;
      highest = low;
      await breathe();
    }
    const expression = await expressionOf(wanted);
    if (expression === 'nothing') return;
    if (expression !== null) return yield* indexed(search, expression, highest);
    for await (const stretch of stretches({ ...search, highest })) yield { ...stretch, rows: wordsIn(stretch, wanted) };
  }

  /** The rows that a search finds, slice by slice, with the stretch that a slice is from. */
  async function* rows(search: Search): AsyncGenerator<Stretch & { rows: number[] }> {
    for await (const slice of slices(search)) yield { ...slice, rows: rowsOf(search, slice) };
  }

  /** The same as columns of `requests_facts`. */
  async function* facts(search: Search, columns: string): AsyncGenerator<Stretch & { facts: unknown[][] }> {
    for await (const slice of slices(search)) yield { ...slice, facts: factsOf(search, slice, columns) };
  }

  return {
    rows,
    facts,
    /** Whether one row is among what a search finds. */
    has: (search: Search, row: number): boolean =>
      row >= search.lowest &&
      row < search.highest &&
      factsOf(search, { low: row, high: row, rows: null }, 'row').length > 0 &&
      (search.wanted.length === 0 || wordsIn({ low: row, high: row }, search.wanted).length > 0),
  };
}

const quoted = (part: string) => `"${part.replaceAll('"', '""')}"`;
