import type { ViewingRecord } from '../../contract/history.ts';
import { toMs } from '../../contract/time.ts';
import type { Database } from './database.ts';

/** Viewings as they are on record. What was watched under a request is kept with it, whichever of the two is known first. */
export function viewingQueries(db: Database) {
  const upsert = db.prepare(
    `insert into viewings values (@id, @request_id, (select row from requests where id = @request_id), @session_id, @started_at, @changed_at, @watched_ms, @json)
     on conflict (id) do update set changed_at = @changed_at, watched_ms = @watched_ms, json = @json where @json <> json`,
  );
  const remove = db.prepare('delete from viewings where id = ?');
  const all = db
    .prepare<{ requestId: string; sessionId: string }, string>(
      `select json from (select json, started_at, id from viewings where request_id = @requestId
       union all select json, started_at, id from viewings where session_id = @sessionId and request_id is null) order by started_at, id`,
    )
    .pluck();
  return {
    /** Answers with those that were new or other than before. */
    put: db.transaction((items: ViewingRecord[]): ViewingRecord[] =>
      items.filter((viewing) => upsert.run(rowOf(viewing)).changes > 0),
    ),
    /** Whether it was there. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
    /** The JSON of what was watched under a request, and of who watched its session without one, in the order in which they began. */
    about: (requestId: string, sessionId: string): string[] => all.all({ requestId, sessionId }),
  };
}

function rowOf(viewing: ViewingRecord) {
  return {
    id: viewing.id,
    request_id: viewing.requestId,
    session_id: viewing.sessionId,
    started_at: toMs(viewing.startedAt),
    changed_at: toMs(viewing.endedAt ?? viewing.startedAt),
    watched_ms: viewing.watchedMs,
    json: JSON.stringify(viewing),
  };
}
