import type { AccessRequest, RequestPage, RequestQuery, RequestScope } from '../../contract/request.ts';
import { toMs } from '../../contract/time.ts';
import type { Json } from './calls.ts';
import { fromCursor, toCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { fold } from './sessions.ts';

type Row = { json: string; position: number; id: string };

// The same words as in the indexes `requests_waiting` and `requests_decided`: SQLite uses a partial index only for its very condition.
const mayWait = "status = 'pending' and may_decide = 1";
// What phaseOf says of a pending request, for the index.
const waiting = `${mayWait} and due_at > @nowMs`;
const words = ['requester.displayName', 'requester.userName', 'justification', 'session.id', 'session.user', 'session.device']
  .map((field) => `(json ->> '$.${field}')`)
  .join(" || ' ' || ");

// Told by name: of what it knows about the data, SQLite would choose another one, and sort thousands for the first hundred.
const byDue = 'requests indexed by requests_waiting';

/** The parts of a scope, and the column that its order goes by. Parts are read side by side, each off an index of its own. */
const scopes: Record<
  RequestScope,
  { parts: { from: string; where: string }[]; by: 'created_at' | 'due_at'; direction: 'asc' | 'desc' }
> = {
  mine: { parts: [{ from: 'requests', where: 'requester = @personId' }], by: 'created_at', direction: 'desc' },
  waiting: { parts: [{ from: byDue, where: waiting }], by: 'due_at', direction: 'asc' },
  decided: {
    parts: [
      { from: 'requests indexed by requests_decided', where: `requester <> @personId and not (${mayWait})` },
      { from: byDue, where: `requester <> @personId and ${mayWait} and due_at <= @nowMs` },
    ],
    by: 'created_at',
    direction: 'desc',
  },
  all: { parts: [{ from: 'requests', where: 'true' }], by: 'created_at', direction: 'desc' },
};

/** The requests that this person may see: what waits as it is due, else newest first. */
export function requestQueries(db: Database) {
  // What comes late is older: a version never goes back.
  const upsert = db.prepare(
    `insert into requests values (@id, @created_at, @requester, @status, @deadline, @end_at, @may_decide, @version, @json)
     on conflict (id) do update set status = @status, deadline = @deadline, end_at = @end_at, may_decide = @may_decide, version = @version, json = @json
     where @version >= version and @json <> json`,
  );
  const others = db
    .prepare<[string], string>('delete from requests where id not in (select value from json_each(?)) returning id')
    .pluck();
  const one = db.prepare<[string], { json: string }>('select json from requests where id = ?');
  const count = db.prepare<object, number>(`select count(*) from ${byDue} where ${waiting}`).pluck();
  const pages = new Map<string, ReturnType<typeof page>>();

  function page(scope: RequestScope, more: boolean, text: number) {
    const { parts, by, direction } = scopes[scope];
    const conditions = [
      ...(more ? [`(${by}, id) ${direction === 'asc' ? '>' : '<'} (@at, @after)`] : []),
      ...Array.from({ length: text }, (_, number) => `instr(fold(${words}), @word${number}) > 0`),
    ];
    const selects = parts.map(
      ({ from, where }) => `select json, ${by} as position, id from ${from} where ${[where, ...conditions].join(' and ')}`,
    );
    return db.prepare<object, Row>(`${selects.join(' union all ')} order by position ${direction}, id ${direction} limit @limit`);
  }

  function prepared(scope: RequestScope, more: boolean, text: number): ReturnType<typeof page> {
    const name = `${scope} ${more} ${text}`;
    const statement = pages.get(name) ?? page(scope, more, text);
    pages.set(name, statement);
    return statement;
  }

  return {
    /** Answers with the ids of those that were new or newer. */
    put: db.transaction((items: AccessRequest[]): string[] =>
      items.filter((request) => upsert.run(rowOf(request)).changes > 0).map(({ id }) => id),
    ),
    /** Answers with the ids of those that were there and are not named. */
    keep: (ids: string[]): string[] => others.all(JSON.stringify(ids)),
    get: (id: string): Json<AccessRequest | null> => one.get(id)?.json ?? 'null',
    countWaiting: (nowMs: number): number => count.get({ nowMs }) ?? 0,
    list({ scope, cursor, limit, text }: RequestQuery, personId: string, nowMs: number): Json<RequestPage> {
      const position = cursor === undefined ? null : fromCursor(cursor);
      const wanted = fold(text ?? '')
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, 10);
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

function rowOf(request: AccessRequest) {
  return {
    id: request.id,
    created_at: toMs(request.createdAt),
    requester: request.requester.id,
    status: request.state.status,
    deadline: toMs(request.deadline),
    end_at: toMs(request.window.end),
    may_decide: Number(request.may.decide.allowed),
    version: request.version,
    json: JSON.stringify(request),
  };
}
