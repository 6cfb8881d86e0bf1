import type { Draft } from '../../contract/request.ts';
import type { Kind } from '../../contract/session.ts';
import type { Json } from './calls.ts';
import type { Database } from './database.ts';

/** What was typed and not sent, one draft for each session and kind. */
export function draftQueries(db: Database) {
  const select = db.prepare<[string, string], { json: string }>('select json from drafts where session_id = ? and kind = ?');
  const upsert = db.prepare('insert or replace into drafts values (?, ?, ?)');
  const remove = db.prepare('delete from drafts where session_id = ? and kind = ?');
  return {
    get: (sessionId: string, kind: Kind): Json<Draft | null> => select.get(sessionId, kind)?.json ?? 'null',
    put: (draft: Draft) => void upsert.run(draft.sessionId, draft.kind, JSON.stringify(draft)),
    drop: (sessionId: string, kind: Kind) => void remove.run(sessionId, kind),
  };
}
