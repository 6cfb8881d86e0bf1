import type { AccessRequest, RequestPage, RequestQuery } from '../../contract/request.ts';
import { toMs } from '../../contract/time.ts';
import type { Database } from './database.ts';

/** The requests that this person may see, newest first. */
export function requestQueries(db: Database) {
  const insert = db.prepare(
    `insert into requests values (@id, @created_at, @requester, @status, @deadline, @end_at, @may_decide, @version, @json)
     on conflict (id) do update set status = @status, deadline = @deadline, end_at = @end_at, may_decide = @may_decide, version = @version, json = @json
     where @version >= version`,
  );
  const put = db.transaction((items: AccessRequest[]) => {
    for (const request of items) {
      insert.run({
        id: request.id,
        created_at: toMs(request.createdAt),
        requester: request.requester.id,
        status: request.state.status,
        deadline: toMs(request.deadline),
        end_at: toMs(request.window.end),
        may_decide: Number(request.may.decide.allowed),
        version: request.version,
        json: JSON.stringify(request),
      });
    }
  });
  const replace = db.transaction((items: AccessRequest[]) => {
    db.exec('delete from requests');
    put(items);
  });
  const waiting = "status = 'pending' and may_decide = 1 and deadline > @nowMs and end_at > @nowMs";
  const scopes: Record<RequestQuery['scope'], string> = {
    mine: 'requester = @personId',
    waiting,
    decided: `requester <> @personId and not (${waiting})`,
    all: 'true',
  };
  const one = db.prepare<[string], { json: string }>('select json from requests where id = ?');

  return {
    put,
    replace,
    get: (id: string): AccessRequest | null => JSON.parse(one.get(id)?.json ?? 'null'),
    list({ scope, cursor, limit }: RequestQuery, personId: string, nowMs: number): RequestPage {
      const [at, id] = cursor?.split(' ') ?? [];
      const after = at === undefined ? '' : 'and (created_at, id) < (@at, @id)';
      const rows = db
        .prepare<object, { json: string; created_at: number; id: string }>(
          `select json, created_at, id from requests where ${scopes[scope]} ${after} order by created_at desc, id desc limit @limit`,
        )
        .all({ personId, nowMs, at: Number(at), id, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return { items: shown.map((row) => JSON.parse(row.json)), nextCursor: rows.length > limit && last ? `${last.created_at} ${last.id}` : null };
    },
  };
}
