import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Failure, FailureError, fail } from '../contract/failure.ts';
import type {
  AccessRequest,
  Cancellation,
  DecisionResults,
  NewDecision,
  NewRequest,
  Policy,
  Preflight,
  PreflightQuery,
  RequesterContext,
  RequestPage,
  RequestQuery,
  Revocation,
} from '../contract/request.ts';
import { toInstant, toMs } from '../contract/time.ts';
import type { Events } from './events.ts';
import { remember, repeated, usedFor } from './idempotency.ts';
import type { Actor } from './identity/viewer.ts';
import {
  cancel,
  deadlineFor,
  decide,
  eligible,
  expire,
  mayAsk,
  mayAskAtAll,
  mayCancel,
  mayDecide,
  mayRevoke,
  maySee,
  revoke,
} from './policy.ts';
import { allAsSeenBy, asSeenBy, byName, membersOf, peopleOf, readFacts, readLevels, requestsOf, save } from './request-rows.ts';
import { countEvents } from './session-events.ts';
import { readSession, sessionFacts } from './sessions.ts';
import { type Database, fold, type Handle } from './store/database.ts';
import { readPolicy } from './store/settings.ts';

/** Fails with STEP_UP_NEEDED unless the person has proved afresh who they are, as the policy asks. */
type Prove = (how: Policy['stepUp']) => Promise<void>;

/**
 * Requests: read facts, let policy.ts judge, write down, all in one transaction, so that of two that race one finds the other's
 * work done. `onChanged` runs after the commit: viewings end, timers are set anew.
 */
export function createRequests(db: Database, events: Events, now: () => number, onChanged: (requestId: string) => Promise<void>) {
  async function create(actor: Actor, input: NewRequest): Promise<AccessRequest> {
    const id = await write(async (trx) => {
      const { key: _key, ...words } = input;
      const what = usedFor('create', { ...words, governanceCode: input.governanceCode || null });
      const known = await repeated(trx, actor, input.key, what);
      if (known) return known;
      const session = await readSession(trx, input.sessionId);
      const policy = await readPolicy(trx);
      const levels = await readLevels(trx, session.route_id);
      const own = await requestsOf(trx, actor.personId, session.id, input.kind);
      refuse(mayAsk(actor, sessionFacts(session), input.kind, own, policy, input, levels, now()));
      const requestId = randomUUID();
      const start = toMs(input.window.start);
      const end = toMs(input.window.end);
      const createdAt = now();
      await trx
        .insertInto('requests')
        .values({
          id: requestId,
          version: 1,
          kind: input.kind,
          session_id: session.id,
          requester_person_id: actor.personId,
          requester_account_id: actor.accountId,
          justification: input.justification,
          reason_id: input.reasonId,
          reason_label: policy.reasons.find((reason) => reason.id === input.reasonId)?.label ?? input.reasonId,
          governance_code: input.governanceCode || null,
          asked_start: start,
          asked_end: end,
          start_at: start,
          end_at: end,
          created_at: createdAt,
          deadline: deadlineFor(policy, createdAt, end),
          levels_json: JSON.stringify(
            levels.map(({ level, groupId, groupName, needed }) => ({ level, group: { id: groupId, name: groupName }, needed })),
          ),
          status: 'pending',
          level: levels[0]?.level ?? 1,
          state_at: null,
          state_person_id: null,
          state_comment: null,
        })
        .execute();
      await remember(trx, actor, input.key, what, requestId);
      return requestId;
    });
    return get(actor, id);
  }

  async function decideOn(actor: Actor, input: NewDecision, prove: Prove): Promise<AccessRequest> {
    await write(async (trx) => {
      const { id, version, verdict, comment } = input;
      const what = usedFor(`decide ${id}`, { version, verdict, comment, ...(input.window && { window: input.window }) });
      const known = await repeated(trx, actor, input.key, what);
      if (known) return known;
      const facts = await readFacts(trx, input.id);
      const window = input.window && { startMs: toMs(input.window.start), endMs: toMs(input.window.end) };
      const decision = { version: input.version, verdict: input.verdict, comment: input.comment, ...(window && { window }) };
      const policy = await readPolicy(trx);
      refuse(mayDecide(actor, facts, decision, policy, now()));
      await prove(policy.stepUp);
      const next = decide(facts, actor, decision, now());
      const made = next.decisions.at(-1);
      if (made) {
        await trx
          .insertInto('decisions')
          .values({
            request_id: facts.id,
            person_id: actor.personId,
            level: made.level,
            verdict: made.verdict,
            comment: made.comment,
            at: made.atMs,
            version: made.version,
            narrowed: Number(made.narrowed),
          })
          .execute();
      }
      await save(trx, facts.version, next);
      await remember(trx, actor, input.key, what, facts.id);
      return facts.id;
    });
    return get(actor, input.id);
  }

  /** One after the other, each in a transaction of its own: one that is refused leaves the others. */
  async function decideMany(actor: Actor, decisions: readonly NewDecision[], prove: Prove): Promise<DecisionResults> {
    const { batchDecisionsAllowed, stepUp } = await readPolicy(db);
    if (!batchDecisionsAllowed) fail('BATCH_NOT_ALLOWED');
    await prove(stepUp);
    const results: DecisionResults['results'] = [];
    for (const decision of decisions) {
      try {
        results.push({ decided: true, id: decision.id, request: await decideOn(actor, decision, prove) });
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        results.push({ decided: false, id: decision.id, failure: error.failure });
      }
    }
    return { results };
  }

  async function cancelOwn(actor: Actor, input: Cancellation): Promise<AccessRequest> {
    await write(async (trx) => {
      const facts = await readFacts(trx, input.id);
      if (!maySee(actor, facts)) fail('NOT_FOUND', { what: 'request' });
      refuse(mayCancel(actor, facts, input.version, now()));
      await save(trx, facts.version, cancel(facts, now()));
      return facts.id;
    });
    return get(actor, input.id);
  }

  async function revokeGranted(actor: Actor, input: Revocation, prove: Prove): Promise<AccessRequest> {
    await write(async (trx) => {
      const facts = await readFacts(trx, input.id);
      const policy = await readPolicy(trx);
      refuse(mayRevoke(actor, facts, input, policy, now()));
      await prove(policy.stepUp);
      await save(trx, facts.version, revoke(facts, actor, input.comment, now()));
      return facts.id;
    });
    return get(actor, input.id);
  }

  /** Writes down what time has decided. */
  async function expireDue(): Promise<void> {
    const due = await db
      .selectFrom('requests')
      .select('id')
      .where('status', '=', 'pending')
      .where((on) => on.or([on('deadline', '<=', now()), on('end_at', '<=', now())]))
      .execute();
    for (const { id } of due) {
      await write(async (trx) => {
        const facts = await readFacts(trx, id);
        const next = expire(facts, now());
        if (next) await save(trx, facts.version, next);
        return next ? id : null;
      });
    }
  }

  /** Runs a change in one transaction; `change` answers with the request that it touched, or null for none. */
  async function write(change: (trx: Handle) => Promise<string>): Promise<string>;
  async function write(change: (trx: Handle) => Promise<string | null>): Promise<string | null>;
  async function write(change: (trx: Handle) => Promise<string | null>): Promise<string | null> {
    const id = await db.transaction().execute(async (trx) => {
      const touched = await change(trx);
      if (touched) await announce(trx, events, touched);
      return touched;
    });
    if (id) {
      events.wake();
      await onChanged(id);
    }
    return id;
  }

  async function get(actor: Actor, id: string): Promise<AccessRequest> {
    const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
    return (row && (await asSeenBy(db, actor, row, now()))) ?? fail('NOT_FOUND', { what: 'request' });
  }

  async function list(actor: Actor, query: RequestQuery): Promise<RequestPage> {
    const items: AccessRequest[] = [];
    const byDue = query.scope === 'waiting';
    const order = byDue ? dueAt : sql.ref<number>('created_at');
    const words = fold(query.text ?? '').split(/\s+/);
    let position = query.cursor ? parseCursor(query.cursor) : null;
    // What a person may see is a rule, not a column: rows are read in pages until enough of them pass it.
    for (;;) {
      let select = db.selectFrom('requests').selectAll().select(order.as('position')).limit(query.limit);
      select = select.orderBy(order, byDue ? 'asc' : 'desc').orderBy('id', byDue ? 'asc' : 'desc');
      if (query.scope === 'mine') select = select.where('requester_person_id', '=', actor.personId);
      if (byDue) select = select.where('status', '=', sql.lit('pending'));
      if (query.scope === 'decided') select = select.where('requester_person_id', '<>', actor.personId);
      if (position) {
        const { at, id } = position;
        const beyond = byDue ? '>' : '<';
        select = select.where((on) => on.or([on(order, beyond, at), on.and([on(order, '=', at), on('id', beyond, id)])]));
      }
      const rows = await select.execute();
      const seen = await allAsSeenBy(db, actor, rows, now());
      for (const [index, row] of rows.entries()) {
        const request = seen[index];
        position = { at: row.position, id: row.id };
        if (!request || !holds(request, words)) continue;
        if (query.scope === 'waiting' && !request.may.decide.allowed) continue;
        if (query.scope === 'decided' && request.may.decide.allowed) continue;
        items.push(request);
        if (items.length === query.limit) return { items, nextCursor: `${position.at}.${position.id}` };
      }
      if (rows.length < query.limit) return { items, nextCursor: null };
    }
  }

  async function preflight(actor: Actor, query: PreflightQuery): Promise<Preflight> {
    const session = await readSession(db, query.sessionId);
    const policy = await readPolicy(db);
    const levels = await readLevels(db, session.route_id);
    const own = await requestsOf(db, actor.personId, session.id, query.kind);
    const window = { startMs: toMs(query.window.start), endMs: toMs(query.window.end) };
    const facts = sessionFacts(session);
    return {
      levels: levels.map((level) => ({
        level: level.level,
        group: { id: level.groupId, name: level.groupName },
        needed: level.needed,
        eligible: eligible(level, actor.personId, facts, policy).length,
      })),
      deadline: toInstant(deadlineFor(policy, now(), window.endMs)),
      window: query.window,
      problem: mayAskAtAll(actor, facts, query.kind, own, policy, window, levels, now()),
    };
  }

  async function context(actor: Actor, id: string): Promise<RequesterContext> {
    const request = await get(actor, id);
    const since = now() - 30 * 24 * 60 * 60_000;
    const rows = await db
      .selectFrom('requests')
      .innerJoin('sessions', 'sessions.id', 'requests.session_id')
      .select(['requests.status', 'requests.created_at', 'sessions.device'])
      .where('requester_person_id', '=', request.requester.id)
      .where('requests.id', '<>', id)
      .execute();
    const recent = rows.filter((row) => row.created_at >= since);
    return {
      requests: recent.length,
      approved: recent.filter((row) => row.status === 'approved' || row.status === 'revoked').length,
      rejected: recent.filter((row) => row.status === 'rejected').length,
      sameDevice: rows.filter((row) => row.device === request.session.device).length,
      sessionEvents: await countEvents(db, request.session.id),
      mayDecide: actor.personId === request.requester.id ? [] : await approversOf(request.id),
    };
  }

  /** Who may still decide about a pending request, level by level: what mayDecide would say of each as things are now. */
  async function approversOf(id: string): Promise<RequesterContext['mayDecide']> {
    const facts = await readFacts(db, id);
    if (facts.state.status !== 'pending') return [];
    const { level } = facts.state;
    const policy = await readPolicy(db);
    const decided = new Set(facts.decisions.map((one) => one.personId));
    const levels = facts.levels.filter((one) => one.level >= level);
    return Promise.all(
      levels.map(async (one) => {
        const members = { ...one, memberIds: await membersOf(db, one.groupId) };
        const ids = eligible(members, facts.requesterPersonId, facts.session, policy).filter((person) => !decided.has(person));
        return { level: one.level, people: [...(await peopleOf(db, ids)).values()].sort(byName) };
      }),
    );
  }

  return {
    create,
    decide: decideOn,
    decideMany,
    cancel: cancelOwn,
    revoke: revokeGranted,
    expireDue,
    get,
    list,
    preflight,
    context,
  };
}

export type Requests = ReturnType<typeof createRequests>;

/** A change of a request is told as such, and as a change of the requester's access to the session. */
async function announce(handle: Handle, events: Events, requestId: string): Promise<void> {
  const { session_id, requester_person_id } = await handle
    .selectFrom('requests')
    .select(['session_id', 'requester_person_id'])
    .where('id', '=', requestId)
    .executeTakeFirstOrThrow();
  await events.append(handle, 'request', requestId);
  await events.append(handle, 'session', session_id, requester_person_id);
}

function refuse(failure: Failure | null): void {
  if (failure) throw new FailureError(failure);
}

/** When a pending request is over undecided. */
const dueAt = sql<number>`min(deadline, end_at)`;

/** Whether every word, folded, is somewhere in who asks, what for, which session or its device. */
function holds({ requester, justification, session }: AccessRequest, words: readonly string[]): boolean {
  const parts = [requester.displayName, requester.userName, justification, session.id, session.user, session.device];
  const whole = fold(parts.join(' '));
  return words.every((word) => whole.includes(word));
}

function parseCursor(cursor: string): { at: number; id: string } {
  const [, at, id] = /^(\d+)\.([A-Za-z0-9-]+)$/.exec(cursor) ?? fail('INVALID_INPUT', { issues: ['cursor: not one of ours'] });
  return { at: Number(at), id: id ?? '' };
}
