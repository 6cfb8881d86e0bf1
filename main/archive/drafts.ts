import type { DecisionDraft, Draft } from '../../contract/request.ts';
import type { ReviewDraft } from '../../contract/review.ts';
import type { Kind } from '../../contract/session.ts';
import type { Json } from './calls.ts';
import type { Database } from './database.ts';

/**
 * What was typed and not sent: a draft for each session and kind that is asked for, one for each request that is decided, and
 * for each session a comment and a verdict.
 */
export function draftQueries(db: Database) {
  const select = db.prepare<[string, string], { json: string }>('select json from drafts where session_id = ? and kind = ?');
  const upsert = db.prepare('insert or replace into drafts values (?, ?, ?)');
  const remove = db.prepare('delete from drafts where session_id = ? and kind = ?');
  const selectDecision = db.prepare<[string], { json: string }>('select json from decision_drafts where request_id = ?');
  const upsertDecision = db.prepare('insert or replace into decision_drafts values (?, ?)');
  const removeDecision = db.prepare('delete from decision_drafts where request_id = ?');
  const selectReview = db.prepare<[string, string], { json: string }>(
    'select json from review_drafts where session_id = ? and what = ?',
  );
  const upsertReview = db.prepare('insert or replace into review_drafts values (?, ?, ?)');
  const removeReview = db.prepare('delete from review_drafts where session_id = ? and what = ?');
  return {
    getReview: (sessionId: string, what: ReviewDraft['what']): Json<ReviewDraft | null> =>
      selectReview.get(sessionId, what)?.json ?? 'null',
    putReview: (draft: ReviewDraft) => void upsertReview.run(draft.sessionId, draft.what, JSON.stringify(draft)),
    dropReview: (sessionId: string, what: ReviewDraft['what']) => void removeReview.run(sessionId, what),
    getDecision: (requestId: string): Json<DecisionDraft | null> => selectDecision.get(requestId)?.json ?? 'null',
    putDecision: (draft: DecisionDraft) => void upsertDecision.run(draft.requestId, JSON.stringify(draft)),
    dropDecision: (requestId: string) => void removeDecision.run(requestId),
    get: (sessionId: string, kind: Kind): Json<Draft | null> => select.get(sessionId, kind)?.json ?? 'null',
    put: (draft: Draft) => void upsert.run(draft.sessionId, draft.kind, JSON.stringify(draft)),
    drop: (sessionId: string, kind: Kind) => void remove.run(sessionId, kind),
  };
}
