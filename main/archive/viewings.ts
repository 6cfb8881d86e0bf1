import type { ViewingRecord } from '../../contract/history.ts';
import { toMs } from '../../contract/time.ts';
import type { Database } from './database.ts';

/** Viewings as they are on record. What was watched under a request is kept with it, whichever of the two is known first. */
export function viewingQueries(db: Database) {
  const upsert = db.prepare(
    `insert into viewings (id, request_id, request_row, session_id, started_at, changed_at, watched_ms, json, page)
     values (@id, @request_id, (select row from requests where id = @request_id), @session_id, @started_at, @changed_at, @watched_ms, @json, @page)
     on conflict (id) do update set changed_at = @changed_at, watched_ms = @watched_ms, json = @json, page = @page`,
  );
  const known = db.prepare<[string], { json: string; request_id: string | null }>(
    'select json, request_id from viewings where id = ?',
  );
  const remove = db.prepare('delete from viewings where id = ?');
  const all = db
    .prepare<{ requestId: string; sessionId: string }, string>(
      `select json from (select json, started_at, id from viewings where request_id = @requestId
       union all select json, started_at, id from viewings where session_id = @sessionId and request_id is null) order by started_at, id`,
    )
    .pluck();
  return {
    /** Answers with those that were new or other than before. `page` is the page of the feed that they are in. */
    put: db.transaction((items: ViewingRecord[], page: number | null = null): ViewingRecord[] =>
      items.filter((viewing) => {
        const there = known.get(viewing.id);
        const row = rowOf(viewing);
        // A renewal can move a viewing to another request: what was watched under each is counted anew.
        if (there && there.request_id !== viewing.requestId) remove.run(viewing.id);
        upsert.run({ ...row, page });
        return there?.json !== row.json;
      }),
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
