import type { DecisionDraft, Draft } from '../../contract/request.ts';
import type { Kind } from '../../contract/session.ts';
import type { Json } from './calls.ts';
import type { Database } from './database.ts';

/** What was typed and not sent: a draft for each session and kind that is asked for, and one for each request that is decided. */
export function draftQueries(db: Database) {
  const select = db.prepare<[string, string], { json: string }>('select json from drafts where session_id = ? and kind = ?');
  const upsert = db.prepare('insert or replace into drafts values (?, ?, ?)');
  const remove = db.prepare('delete from drafts where session_id = ? and kind = ?');
  const selectDecision = db.prepare<[string], { json: string }>('select json from decision_drafts where request_id = ?');
  const upsertDecision = db.prepare('insert or replace into decision_drafts values (?, ?)');
  const removeDecision = db.prepare('delete from decision_drafts where request_id = ?');
  return {
    getDecision: (requestId: string): Json<DecisionDraft | null> => selectDecision.get(requestId)?.json ?? 'null',
    putDecision: (draft: DecisionDraft) => void upsertDecision.run(draft.requestId, JSON.stringify(draft)),
    dropDecision: (requestId: string) => void removeDecision.run(requestId),
    get: (sessionId: string, kind: Kind): Json<Draft | null> => select.get(sessionId, kind)?.json ?? 'null',
    put: (draft: Draft) => void upsert.run(draft.sessionId, draft.kind, JSON.stringify(draft)),
    drop: (sessionId: string, kind: Kind) => void remove.run(sessionId, kind),
  };
}
