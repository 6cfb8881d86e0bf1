import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Failure, FailureError, fail } from '../contract/failure.ts';
import type { NewComment, NewMark, Review } from '../contract/review.ts';
import type { AuditVerdict } from '../contract/session.ts';
import { toInstant } from '../contract/time.ts';
import type { Events } from './events.ts';
import { remember, repeated } from './idempotency.ts';
import type { Actor } from './identity/viewer.ts';
import {
  counting,
  gravest,
  mayComment,
  mayKnowVerdict,
  mayMark,
  mayWatch,
  type ReviewFacts,
  type SessionFacts,
  verdictProblem,
} from './policy.ts';
import { peopleOf, requestsOf } from './request-rows.ts';
import type { Database, Handle } from './store/database.ts';
import { readPolicy } from './store/settings.ts';

const mostComments = 2_000;
const mostMarks = 500;

/** Comments at a time and "audited" marks: kept for good, told to those who watch later. Read, judged and written in one transaction. */
export function createReviews(db: Database, events: Events, now: () => number) {
  async function get(actor: Actor, sessionId: string): Promise<Review> {
    return db.transaction().execute((trx) => readReview(trx, actor, sessionId, now()));
  }

  /** Fails like watching does: who may not watch the session now may not comment on it. */
  async function comment(actor: Actor, input: NewComment): Promise<Review> {
    return write(actor, input.sessionId, async (trx) => {
      const what = `comment ${input.sessionId}`;
      if (await repeated(trx, actor, input.key, what)) return false;
      refuse(mayComment(actor, await readFacts(trx, actor, input.sessionId, now())));
      const { count } = await trx
        .selectFrom('comments')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('session_id', '=', input.sessionId)
        .executeTakeFirstOrThrow();
      if (Number(count) >= mostComments) fail('INVALID_INPUT', { issues: [`a session takes ${mostComments} comments at most`] });
      const id = randomUUID();
      await trx
        .insertInto('comments')
        .values({
          id,
          session_id: input.sessionId,
          person_id: actor.personId,
          account_id: actor.accountId,
          at_ms: input.atMs,
          text: input.text,
          created_at: now(),
          withdrawn_at: null,
        })
        .execute();
      await remember(trx, actor, input.key, what, id);
      return true;
    });
  }

  /** Its text stays in the store; nobody is told it any more. Withdrawing twice is withdrawing once. */
  async function withdraw(actor: Actor, { sessionId, id }: { sessionId: string; id: string }): Promise<Review> {
    return write(actor, sessionId, async (trx) => {
      const row = await trx
        .selectFrom('comments')
        .select('person_id')
        .where('id', '=', id)
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      if (!row) return fail('NOT_FOUND', { what: 'comment' });
      if (row.person_id !== actor.personId) {
        const isHidden = mayComment(actor, await readFacts(trx, actor, sessionId, now())) !== null;
        return isHidden ? fail('NOT_FOUND', { what: 'comment' }) : fail('NOT_THE_AUTHOR');
      }
      const done = await trx
        .updateTable('comments')
        .set({ withdrawn_at: now() })
        .where('id', '=', id)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    });
  }

  async function mark(actor: Actor, input: NewMark): Promise<Review> {
    return write(actor, input.sessionId, async (trx) => {
      const what = `mark ${input.sessionId}`;
      if (await repeated(trx, actor, input.key, what)) return false;
      refuse(mayMark(actor, await readFacts(trx, actor, input.sessionId, now())));
      refuse(verdictProblem(input.verdict, input.text));
      const id = randomUUID();
      await trx
        .insertInto('audit_marks')
        .values({
          id,
          session_id: input.sessionId,
          person_id: actor.personId,
          account_id: actor.accountId,
          verdict: input.verdict,
          text: input.text,
          at: now(),
        })
        .execute();
      await remember(trx, actor, input.key, what, id);
      await events.append(trx, 'session', input.sessionId);
      return true;
    });
  }

  /** `change` answers whether anything has changed: then everybody who may know is told. */
  async function write(actor: Actor, sessionId: string, change: (trx: Handle) => Promise<boolean>): Promise<Review> {
    const review = await db.transaction().execute(async (trx) => {
      if (await change(trx)) await events.append(trx, 'review', sessionId);
      return readReview(trx, actor, sessionId, now());
    });
    events.wake();
    return review;
  }

  return { get, comment, withdraw, mark };
}

export type Reviews = ReturnType<typeof createReviews>;

function refuse(failure: Failure | null): void {
  if (failure) throw new FailureError(failure);
}

async function sessionFactsOf(handle: Handle, sessionId: string): Promise<SessionFacts> {
  const row = await handle
    .selectFrom('sessions')
    .select(['id', 'state', 'recorded_person_id'])
    .where('id', '=', sessionId)
    .executeTakeFirst();
  return row
    ? { id: row.id, state: row.state, recordedPersonId: row.recorded_person_id }
    : fail('NOT_FOUND', { what: 'session' });
}

async function readFacts(handle: Handle, actor: Actor, sessionId: string, nowMs: number): Promise<ReviewFacts> {
  const session = await sessionFactsOf(handle, sessionId);
  const kind = session.state === 'live' ? 'livestream' : 'recording';
  const requests = await requestsOf(handle, actor.personId, sessionId, kind);
  const verdict = mayWatch(actor, session, kind, requests, await readPolicy(handle), nowMs);
  const seen = await handle
    .selectFrom('viewings')
    .select('id')
    .where('session_id', '=', sessionId)
    .where('person_id', '=', actor.personId)
    .where('watched_ms', '>', 0)
    .limit(1)
    .executeTakeFirst();
  return { session, barred: verdict.ok ? null : verdict.failure, watched: seen !== undefined };
}

/** What was said about a session, as `actor` may read it: one's own words always, those of others while one may watch. */
async function readReview(handle: Handle, actor: Actor, sessionId: string, nowMs: number): Promise<Review> {
  const facts = await readFacts(handle, actor, sessionId, nowMs);
  const readsAll = mayComment(actor, facts) === null;
  const [comments, marks] = await Promise.all([
    handle
      .selectFrom('comments')
      .selectAll()
      .where('session_id', '=', sessionId)
      .orderBy('at_ms')
      .orderBy('created_at')
      .limit(mostComments)
      .execute(),
    mayKnowVerdict(actor, facts.session) ? marksOf(handle, [sessionId]) : [],
  ]);
  const readable = comments.filter((row) => readsAll || row.person_id === actor.personId);
  const people = await peopleOf(
    handle,
    [...readable, ...marks].map((row) => row.person_id),
  );
  const personOf = (id: string) => people.get(id) ?? { id, userName: '', displayName: '' };
  const count = new Set(counting(marks.map((row) => ({ personId: row.person_id, row }))).map(({ row }) => row.id));
  const say = (failure: Failure | null): Review['may']['comment'] =>
    failure ? { allowed: false, why: failure.code } : { allowed: true };
  return {
    sessionId,
    comments: readable.map((row) => ({
      id: row.id,
      author: personOf(row.person_id),
      mine: row.person_id === actor.personId,
      atMs: row.at_ms,
      text: row.withdrawn_at === null ? row.text : null,
      createdAt: toInstant(row.created_at),
      withdrawnAt: row.withdrawn_at === null ? null : toInstant(row.withdrawn_at),
    })),
    hidden: mayKnowVerdict(actor, facts.session) ? comments.length - readable.length : 0,
    marks: marks
      .toReversed()
      .slice(0, mostMarks)
      .map((row) => ({
        id: row.id,
        auditor: personOf(row.person_id),
        mine: row.person_id === actor.personId,
        verdict: row.verdict,
        text: readsAll || row.person_id === actor.personId ? row.text : null,
        at: toInstant(row.at),
        counts: count.has(row.id),
      })),
    may: { comment: say(mayComment(actor, facts)), mark: say(mayMark(actor, facts)) },
  };
}

/** Every mark of these sessions, in the order in which they were made. */
function marksOf(handle: Handle, sessionIds: readonly string[]) {
  return handle
    .selectFrom('audit_marks')
    .selectAll()
    .where('session_id', 'in', [...sessionIds])
    .orderBy('at')
    .orderBy(sql`rowid`)
    .execute();
}

/** The gravest verdict that counts, of each of these sessions that has one and that `actor` may know of. */
export async function verdictsOf(
  handle: Handle,
  actor: Actor,
  sessions: readonly SessionFacts[],
): Promise<Map<string, AuditVerdict>> {
  const known = sessions.filter((session) => mayKnowVerdict(actor, session)).map(({ id }) => id);
  const found = new Map<string, AuditVerdict>();
  if (known.length === 0) return found;
  const marks = await marksOf(handle, known);
  for (const id of new Set(marks.map((row) => row.session_id))) {
    const own = marks.filter((row) => row.session_id === id).map((row) => ({ personId: row.person_id, verdict: row.verdict }));
    const verdict = gravest(counting(own).map((one) => one.verdict));
    if (verdict) found.set(id, verdict);
  }
  return found;
}
