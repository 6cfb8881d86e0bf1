import type { AccessRequest, RequestPage, RequestQuery, RequestScope } from '../../contract/request.ts';
import { toMs } from '../../contract/time.ts';
import type { Json } from './calls.ts';
import { fromCursor, toCursor } from './cursor.ts';
import type { Database } from './database.ts';

type Row = { json: string; created_at: number; id: string };

// What phaseOf says of a pending request, for the index.
const waiting = "status = 'pending' and may_decide = 1 and deadline > @nowMs and end_at > @nowMs";
const scopes: Record<RequestScope, string> = {
  mine: 'requester = @personId',
  waiting,
  decided: `requester <> @personId and not (${waiting})`,
  all: 'true',
};

/** The requests that this person may see, newest first. */
export function requestQueries(db: Database) {
  // What comes late is older: a version never goes back.
  const upsert = db.prepare(
    `insert into requests values (@id, @created_at, @requester, @status, @deadline, @end_at, @may_decide, @version, @json)
     on conflict (id) do update set status = @status, deadline = @deadline, end_at = @end_at, may_decide = @may_decide, version = @version, json = @json
     where @version >= version and @json <> json`,
  );
  const others = db.prepare<[string]>('delete from requests where id not in (select value from json_each(?))');
  const one = db.prepare<[string], { json: string }>('select json from requests where id = ?');
  const pages = Object.fromEntries(
    Object.entries(scopes).map(([scope, where]) => [
      scope,
      { first: page(where, ''), next: page(where, 'and (created_at, id) < (@at, @after)') },
    ]),
  ) as Record<RequestScope, { first: ReturnType<typeof page>; next: ReturnType<typeof page> }>;

  function page(where: string, after: string) {
    return db.prepare<object, Row>(
      `select json, created_at, id from requests where ${where} ${after} order by created_at desc, id desc limit @limit`,
    );
  }

  return {
    /** Answers with the ids of those that were new or newer. */
    put: db.transaction((items: AccessRequest[]): string[] =>
      items.filter((request) => upsert.run(rowOf(request)).changes > 0).map(({ id }) => id),
    ),
    keep: (ids: string[]) => void others.run(JSON.stringify(ids)),
    get: (id: string): Json<AccessRequest | null> => one.get(id)?.json ?? 'null',
    list({ scope, cursor, limit }: RequestQuery, personId: string, nowMs: number): Json<RequestPage> {
      const given = { personId, nowMs, limit: limit + 1 };
      const position = cursor === undefined ? null : fromCursor(cursor);
      const rows =
        position === null
          ? pages[scope].first.all(given)
          : pages[scope].next.all({ ...given, at: position[0], after: position[1] });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = rows.length > limit && last ? toCursor(last.created_at, last.id) : null;
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
