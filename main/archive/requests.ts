import type { AccessRequest, RequestPage, RequestQuery, RequestScope } from '../../contract/request.ts';
import { sealedText } from '../../contract/seal.ts';
import type { Json } from './calls.ts';
import { fromCursor, toCursor } from './cursor.ts';
import type { Database } from './database.ts';
import type { Journal } from './journal.ts';
import { columnsOf, firstRowAt, shownOf } from './request-row.ts';
import { partsOf, wordsOf } from './words.ts';

type Row = { json: string; position: number; id: string };

// The same words as in the index `requests_waiting`: SQLite uses a partial index only for its very condition.
const mayWait = "status = 'pending' and may_decide = 1";
// What phaseOf says of a pending request, for the index.
const waiting = `${mayWait} and due_at > @nowMs`;

// Told by name: of what it knows about the data, SQLite would choose another one, and sort thousands for the first hundred.
const byDue = 'requests indexed by requests_waiting';
const wordsOfRow = 'select words from requests_text where rowid = row';
const byFacts = 'requests indexed by requests_facts';

/** The parts of a scope, and the column that its order goes by. Parts are read side by side, each off an index of its own. */
const scopes: Record<
  RequestScope,
  { parts: { from: string; where: string }[]; by: 'row' | 'due_at'; direction: 'asc' | 'desc' }
> = {
  mine: { parts: [{ from: 'requests', where: 'requester = @personId' }], by: 'row', direction: 'desc' },
  waiting: { parts: [{ from: byDue, where: waiting }], by: 'due_at', direction: 'asc' },
  decided: {
    parts: [
      { from: byFacts, where: `row > 0 and requester <> @personId and not (${mayWait})` },
      { from: byDue, where: `requester <> @personId and ${mayWait} and due_at <= @nowMs` },
    ],
    by: 'row',
    direction: 'desc',
  },
  all: { parts: [{ from: 'requests', where: 'true' }], by: 'row', direction: 'desc' },
};

/** The requests that this person may see: what waits as it is due, else newest first. */
export function requestQueries(db: Database, journal: Journal) {
  const known = db.prepare<[string], { row: number; version: number; json: string; page: number | null }>(
    'select row, version, json, page from requests where id = ?',
  );
  const setPage = db.prepare('update requests set page = @page where row = @row');
  const names =
    'id created_at requester requester_name device session_id status kind start_at end_at deadline decided_at approved_at changed_at';
  const columns = `${names} may_decide version json page`.split(' ');
  const insert = db.prepare(
    `insert into requests (row, ${columns.join(', ')}, watched_ms)
     values (@row, ${columns.map((name) => `@${name}`).join(', ')}, (select coalesce(sum(watched_ms), 0) from viewings where request_id = @id))
     on conflict (row) do nothing`,
  );
  const update = db.prepare(`update requests set ${columns.map((name) => `${name} = @${name}`).join(', ')} where row = @row`);
  const show = db.prepare('insert or replace into requests_shown values (?, ?)');
  const lastRow = db
    .prepare<[number, number], number>('select max(row) from requests indexed by requests_facts where row >= ? and row < ?')
    .pluck();
  const adopt = db.prepare('update viewings set request_row = @row where request_id = @id');
  const addWords = db.prepare('insert into requests_text (rowid, words) values (?, ?)');
  const setWords = db.prepare('update requests_text set words = @words where rowid = @row and words <> @words');
  const commandsOf = db.prepare<[string], string>('select commands from session_commands where session_id = ?').pluck();
  const ofSession = db.prepare<[string], { row: number; json: string }>('select row, json from requests where session_id = ?');
  const removeOne = db.prepare('delete from requests where id = ?');
  const one = db.prepare<[string], { json: string }>('select json from requests where id = ?');
  const count = db.prepare<object, number>(`select count(*) from ${byDue} where ${waiting}`).pluck();
  const firstDue = db.prepare<object, number | null>(`select min(due_at) from ${byDue} where ${waiting}`).pluck();
  const changes = db.prepare<[], number>('select total_changes()').pluck();
  /** The last count, good until something is written here or the first of what it counted is due: it is asked for with every look at the list. */
  let counted: { count: number; changes: number; fromMs: number; untilMs: number } | null = null;
  const earlier = db.prepare<[], string>('select json from requests_earlier').pluck();
  const pages = new Map<string, ReturnType<typeof page>>();

  function page(scope: RequestScope, more: boolean, text: number) {
    const { parts, by, direction } = scopes[scope];
    const conditions = [
      ...(more ? [by === 'row' ? 'row < @at' : '(due_at, id) > (@at, @after)'] : []),
      ...Array.from({ length: text }, (_, number) => `instr((${wordsOfRow}), @word${number}) > 0`),
    ];
    const selects = parts.map(
      ({ from, where }) => `select json, ${by} as position, id from ${from} where ${[where, ...conditions].join(' and ')}`,
    );
    return db.prepare<object, Row>(
      `${selects.join(' union all ')} order by position ${direction}${by === 'row' ? '' : ', id'} limit @limit`,
    );
  }

  function prepared(scope: RequestScope, more: boolean, text: number): ReturnType<typeof page> {
    const name = `${scope} ${more} ${text}`;
    const statement = pages.get(name) ?? page(scope, more, text);
    pages.set(name, statement);
    return statement;
  }

  /** The first row that is free for a request of this moment: looked for further and further on, since many can be made in one. */
  function freeRow(ms: number): number {
    const first = firstRowAt(ms);
    for (let reach = firstRowAt(1); ; reach *= 2) {
      const last = lastRow.get(first, first + reach) ?? first - 1;
      if (last < first + reach - 1) return last + 1;
    }
  }

  /**
   * The row of a request that is new or newer, and whether it is new; null for what comes late: a version never goes back. What was found to be
   * another's work is replaced, whatever it says. `page` is the page of the feed that it is in; null for what came otherwise.
   */
  function putOne(
    request: AccessRequest,
    page: number | null,
  ): { request: AccessRequest; row: number; isNew: boolean; isOther: boolean } | null {
    const there = known.get(request.id);
    const doubtful = there !== undefined && there.page !== null && there.page <= 0 && page !== null;
    if (there && request.version < there.version && !doubtful) return null;
    const values = { ...columnsOf(request), page: page ?? (there ? pageStill(there, request) : null) };
    const isOther = values.json !== there?.json;
    if (there && !isOther && !doubtful) {
      if (values.page !== there.page) setPage.run({ row: there.row, page: values.page });
      return null;
    }
    let row = there?.row ?? firstRowAt(values.created_at);
    if (there) update.run({ ...values, row });
    else if (insert.run({ ...values, row }).changes === 0) {
      row = freeRow(values.created_at);
      insert.run({ ...values, row });
    }
    if (!there) adopt.run({ id: request.id, row });
    show.run(row, shownOf(request));
    return { request, row, isNew: !there, isOther };
  }

  /** Answers with the ids of those that were new or newer. `page` is the page of the feed that they are in; null for what came otherwise. */
  const put = db.transaction((items: readonly AccessRequest[], page: number | null = null): string[] => {
    const changed = items.map((request) => putOne(request, page)).filter((one) => one !== null);
    // All words after all rows, and in their order: else the index writes down what it has gathered again and again, and takes twice as long.
    for (const { request, row, isNew } of changed.toSorted((a, b) => a.row - b.row)) {
      const words = wordsOf(request, commandsOf.get(request.session.id) ?? '');
      if (isNew) addWords.run(row, words);
      else setWords.run({ row, words });
    }
    return changed.flatMap(({ request, isOther }) => (isOther ? [request.id] : []));
  });

  return {
    put,
    /** Takes in what an earlier version of the archive held. */
    takeInEarlier: db.transaction((): void => {
      put(earlier.all().map((text): AccessRequest => JSON.parse(text)));
      db.exec('delete from requests_earlier');
    }),
    /** The commands of a session are known, or others: its requests are found by them. */
    reindex: db.transaction((sessionId: string): void => {
      const commands = commandsOf.get(sessionId) ?? '';
      for (const { row, json } of ofSession.all(sessionId)) {
        setWords.run({ row, words: wordsOf(JSON.parse(json), commands) });
        journal.note(row);
      }
    }),
    /** Whether it was there. */
    remove: (id: string): boolean => removeOne.run(id).changes > 0,
    get: (id: string): Json<AccessRequest | null> => one.get(id)?.json ?? 'null',
    countWaiting(nowMs: number): number {
      const written = changes.get() ?? 0;
      if (!counted || counted.changes !== written || nowMs < counted.fromMs || nowMs >= counted.untilMs)
        counted = {
          count: count.get({ nowMs }) ?? 0,
          changes: written,
          fromMs: nowMs,
          untilMs: firstDue.get({ nowMs }) ?? Number.POSITIVE_INFINITY,
        };
      return counted.count;
    },
    list({ scope, cursor, limit, text }: RequestQuery, personId: string, nowMs: number): Json<RequestPage> {
      const position = cursor === undefined ? null : fromCursor(cursor);
      const wanted = partsOf(text ?? '').slice(0, 10);
      const rows = prepared(scope, position !== null, wanted.length).all({
        personId,
        nowMs,
        limit: limit + 1,
        ...Object.fromEntries(wanted.map((word, number) => [`word${number}`, word])),
        ...(position !== null && { at: position[0], after: position[1] }),
      });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = rows.length > limit && last ? toCursor(last.position, last.id) : null;
      return `{"items":[${shown.map((row) => row.json).join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`;
    },
  };
}

/** The page of a row that is told again otherwise: it still holds unless more than what depends on the moment is another. */
function pageStill(there: { json: string; page: number | null }, request: AccessRequest): number | null {
  if (there.page === null) return null;
  const before = sealedText({ what: 'request', request: JSON.parse(there.json) });
  return before === sealedText({ what: 'request', request }) ? there.page : null;
}
