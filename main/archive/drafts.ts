import type { DecisionDraft, Draft, NewRequest } from '../../contract/request.ts';
import type { ReviewDraft } from '../../contract/review.ts';
import type { Kind, SessionBrief } from '../../contract/session.ts';
import type { UnsentRequest } from '../../contract/unsent.ts';
import { type Json, json } from './calls.ts';
import type { Database } from './database.ts';

type Row = { json: string; session: string | null; kept_at: string | null; sent: string | null; sent_at: string | null };

/**
 * What was typed and not sent: a draft for each session and kind that is asked for, one for each request that is decided, and for each
 * session a comment and a verdict. A draft that a person saved to send it later has `kept_at`; one whose sending began has `sent`, the
 * request as it left, under its key.
 */
export function draftQueries(db: Database) {
  const select = db.prepare<[string, string], Row>('select * from drafts where session_id = ? and kind = ?');
  // What was sent belongs to its key: under another key it is another request.
  const sameKey = `case when json_extract(sent, '$.key') = json_extract(excluded.json, '$.key') then`;
  const upsert = db.prepare(
    `insert into drafts (session_id, kind, json) values (?, ?, ?) on conflict (session_id, kind) do update set json = excluded.json,
       sent = ${sameKey} sent end, sent_at = ${sameKey} sent_at end`,
  );
  const keep = db.prepare('update drafts set session = ?, kept_at = ? where session_id = ? and kind = ?');
  const sending = db.prepare('update drafts set sent = ?, sent_at = ? where session_id = ? and kind = ?');
  const refused = db.prepare(
    `update drafts set sent = null, sent_at = null where session_id = ? and kind = ? and json_extract(sent, '$.key') = ?`,
  );
  const unsent = db.prepare<[], Row>(
    'select * from drafts where kept_at is not null or sent is not null order by coalesce(kept_at, sent_at), session_id, kind',
  );
  const remove = db.prepare('delete from drafts where session_id = ? and kind = ?');
  const selectDecision = db.prepare<[string], { json: string }>('select json from decision_drafts where request_id = ?');
  const upsertDecision = db.prepare('insert or replace into decision_drafts values (?, ?)');
  const removeDecision = db.prepare('delete from decision_drafts where request_id = ?');
  const selectReview = db.prepare<[string, string], { json: string }>(
    'select json from review_drafts where session_id = ? and what = ?',
  );
  const upsertReview = db.prepare('insert or replace into review_drafts values (?, ?, ?)');
  const removeReview = db.prepare('delete from review_drafts where session_id = ? and what = ?');

  const put = (draft: Draft) => void upsert.run(draft.sessionId, draft.kind, JSON.stringify(draft));
  return {
    getReview: (sessionId: string, what: ReviewDraft['what']): Json<ReviewDraft | null> =>
      selectReview.get(sessionId, what)?.json ?? 'null',
    putReview: (draft: ReviewDraft) => void upsertReview.run(draft.sessionId, draft.what, JSON.stringify(draft)),
    dropReview: (sessionId: string, what: ReviewDraft['what']) => void removeReview.run(sessionId, what),
    getDecision: (requestId: string): Json<DecisionDraft | null> => selectDecision.get(requestId)?.json ?? 'null',
    putDecision: (draft: DecisionDraft) => void upsertDecision.run(draft.requestId, JSON.stringify(draft)),
    dropDecision: (requestId: string) => void removeDecision.run(requestId),
    get: (sessionId: string, kind: Kind): Json<Draft | null> => select.get(sessionId, kind)?.json ?? 'null',
    put,
    drop: (sessionId: string, kind: Kind) => void remove.run(sessionId, kind),
    keep: db.transaction((draft: Draft, session: SessionBrief, at: string): void => {
      put(draft);
      keep.run(JSON.stringify(session), at, draft.sessionId, draft.kind);
    }),
    /** The request as it left under this key; null if none did. */
    sent: (sessionId: string, kind: Kind): Json<NewRequest | null> => select.get(sessionId, kind)?.sent ?? 'null',
    sending: db.transaction((request: NewRequest, at: string): void => {
      const { sessionId, kind, key, justification, reasonId, governanceCode, window } = request;
      put({ sessionId, kind, key, justification, reasonId, governanceCode: governanceCode ?? '', ...window });
      sending.run(JSON.stringify(request), at, sessionId, kind);
    }),
    refused: ({ sessionId, kind, key }: NewRequest) => void refused.run(sessionId, kind, key),
    unsent: (): Json<{ items: UnsentRequest[] }> =>
      json({
        items: unsent.all().map((row) => ({
          draft: JSON.parse(row.json),
          session: row.session === null ? null : JSON.parse(row.session),
          since: row.kept_at ?? row.sent_at ?? '',
          maybeSent: row.sent !== null,
        })),
      }),
  };
}
