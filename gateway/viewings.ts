import { randomBytes, randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type Failure, FailureError, fail } from '../contract/failure.ts';
import type { ChainedEntry, Checkpoint } from '../contract/receipt.ts';
import type { Kind } from '../contract/session.ts';
import { toInstant } from '../contract/time.ts';
import { type Lease, type RecordingFacts, ViewingEnd } from '../contract/viewing.ts';
import type { Events } from './events.ts';
import type { SignIn } from './identity/sign-in.ts';
import { readActor } from './identity/viewer.ts';
import { readFacts } from './media/facts.ts';
import { MediaSource } from './media/source.ts';
import { mayWatch } from './policy.ts';
import { receiveEntries, type Signer } from './receipts.ts';
import { requestsOf } from './request-rows.ts';
import { readSession, sessionFacts, toBrief } from './sessions.ts';
import type { Database, Handle } from './store/database.ts';
import type { Tables } from './store/schema.ts';
import { readPolicy } from './store/settings.ts';

/** A lease lasts so long and is renewed while the viewing runs: the longest anybody watches on without the gateway's word. */
export const leaseMs = 60_000;

/** How often it is told that a viewing has more receipts. */
const receiptsToldEveryMs = 15_000;
const mostToldOfReceipts = 1_000;

type Row = Selectable<Tables['viewings']>;

/**
 * Viewings and their leases. Whether one may watch is asked anew at the start, at each renewal and at every playlist, segment and
 * key; when the answer turns to no, the viewing has ended, its open answers are cut, and its viewer is told.
 * `onLease` hears of each new lease, so that its end is waited for.
 */
export function createViewings(db: Database, events: Events, signer: Signer, now: () => number, onLease: () => Promise<void>) {
  /** The answers that are being made and sent under a lease. */
  const open = new Map<string, Set<AbortController>>();
  const toldOfReceipts = new Map<string, number>();

  async function start(signIn: SignIn, sessionId: string, kind: Kind): Promise<Lease> {
    const verdict = await judge(db, signIn, sessionId, kind);
    if (!verdict.ok) throw new FailureError(verdict.failure);
    const row: Row = {
      id: randomUUID(),
      account_id: signIn.actor.accountId,
      person_id: signIn.actor.personId,
      family_id: signIn.familyId,
      session_id: sessionId,
      kind,
      request_id: verdict.requestId,
      lease_id: randomBytes(20).toString('hex'),
      lease_expires_at: leaseEnd(verdict.untilMs),
      started_at: now(),
      ended_at: null,
      end_json: null,
      forked_at: null,
      covered_json: '[]',
      watched_ms: 0,
    };
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('viewings').values(row).execute();
      await events.append(trx, 'changed', row.id);
    });
    events.wake();
    await onLease();
    return toLease(row, verdict.untilMs);
  }

  /** What is known of the recording that a running viewing shows; null for a stream. */
  async function recording(signIn: SignIn, id: string): Promise<RecordingFacts | null> {
    const { kind, session_id } = await own(signIn, id);
    const { recording_json } = await readSession(db, session_id);
    if (kind !== 'recording' || recording_json === null) return null;
    return readFacts(MediaSource.parse(JSON.parse(recording_json)));
  }

  async function renew(signIn: SignIn, id: string): Promise<Lease> {
    const row = await own(signIn, id);
    const verdict = await judge(db, signIn, row.session_id, row.kind);
    if (!verdict.ok) {
      await end(row, verdict.failure);
      throw new FailureError(verdict.failure);
    }
    const renewed = { ...row, request_id: verdict.requestId, lease_expires_at: leaseEnd(verdict.untilMs) };
    const kept = await db
      .updateTable('viewings')
      .set({ request_id: renewed.request_id, lease_expires_at: renewed.lease_expires_at })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    // It may have ended since it was read: then its end is the answer.
    if (kept.numUpdatedRows === 0n) await own(signIn, id);
    return toLease(renewed, verdict.untilMs);
  }

  /** Puts on record that a picture is kept of what a running viewing shows at `atMs`. Answers when (epoch ms). */
  async function snapshot(signIn: SignIn, id: string, atMs: number): Promise<number> {
    const row = await own(signIn, id);
    if (row.lease_expires_at <= now()) return fail('LEASE_OVER');
    const verdict = await judge(db, signIn, row.session_id, row.kind);
    if (!verdict.ok) {
      await end(row, verdict.failure);
      throw new FailureError(verdict.failure);
    }
    return db.transaction().execute(async (trx) => {
      if (!(await readPolicy(trx)).snapshotsAllowed) fail('SNAPSHOT_NOT_ALLOWED');
      const { ended_at } = await trx.selectFrom('viewings').select('ended_at').where('id', '=', id).executeTakeFirstOrThrow();
      if (ended_at !== null) fail('LEASE_OVER');
      const at = now();
      await trx.insertInto('snapshots').values({ viewing_id: id, at, at_ms: atMs, request_id: verdict.requestId }).execute();
      await events.append(trx, 'changed', id);
      return at;
    });
  }

  async function close(signIn: SignIn, id: string): Promise<void> {
    const row = await db
      .selectFrom('viewings')
      .selectAll()
      .where('id', '=', id)
      .where('account_id', '=', signIn.actor.accountId)
      .executeTakeFirst();
    if (row && row.ended_at === null) await end(row, null);
  }

  /** Where the bytes of a lease come from, if it may be watched at this very moment; else its failure. */
  async function sourceOf(signIn: SignIn, leaseId: string): Promise<MediaSource> {
    const row = await db.selectFrom('viewings').selectAll().where('lease_id', '=', leaseId).executeTakeFirst();
    if (!row || row.account_id !== signIn.actor.accountId || row.ended_at !== null || row.lease_expires_at <= now())
      return fail('LEASE_OVER');
    const verdict = await judge(db, signIn, row.session_id, row.kind);
    if (!verdict.ok) {
      await end(row, verdict.failure);
      throw new FailureError(verdict.failure);
    }
    const session = await readSession(db, row.session_id);
    const json = row.kind === 'recording' ? session.recording_json : session.livestream_json;
    return json === null ? fail('MEDIA_MISSING') : MediaSource.parse(JSON.parse(json));
  }

  /** Keeps an answer in hand from before its source is asked, so that it is cut when its lease ends. Answers with the way to let go. */
  function sending(leaseId: string, stop: AbortController): () => void {
    const answers = open.get(leaseId) ?? new Set();
    open.set(leaseId, answers.add(stop));
    return () => {
      answers.delete(stop);
      if (answers.size === 0 && open.get(leaseId) === answers) open.delete(leaseId);
    };
  }

  /** Fails with RECEIPT_GAP, or RECEIPT_FORK. What was shown before the end may come after it, from another sign-in too. */
  async function receive(signIn: SignIn, id: string, entries: readonly ChainedEntry[]): Promise<Checkpoint> {
    const row = await db
      .selectFrom('viewings')
      .select(['id', 'started_at', 'ended_at'])
      .where('id', '=', id)
      .where('account_id', '=', signIn.actor.accountId)
      .executeTakeFirst();
    if (!row) return fail('NOT_FOUND', { what: 'viewing' });
    const checkpoint = await receiveEntries(db, signer, row, entries, now());
    await tellOfReceipts(id);
    return checkpoint;
  }

  /** Receipts come every few seconds for as long as somebody watches: that there are more is told from time to time, not for each. */
  async function tellOfReceipts(id: string): Promise<void> {
    if (now() - (toldOfReceipts.get(id) ?? 0) < receiptsToldEveryMs) return;
    toldOfReceipts.delete(id);
    toldOfReceipts.set(id, now());
    const [oldest] = toldOfReceipts.keys();
    if (toldOfReceipts.size > mostToldOfReceipts && oldest !== undefined) toldOfReceipts.delete(oldest);
    await events.append(db, 'changed', id);
    events.wake();
  }

  /** Looks again at running viewings, of one request or of all, and ends those that are not allowed any more. */
  async function review(requestId?: string): Promise<void> {
    let select = db.selectFrom('viewings').selectAll().where('ended_at', 'is', null);
    if (requestId !== undefined) select = select.where('request_id', '=', requestId);
    for (const row of await select.execute()) {
      const family = await db
        .selectFrom('sign_in_families')
        .select('ended_at')
        .where('id', '=', row.family_id)
        .executeTakeFirst();
      const actor = family?.ended_at === null ? await readActor(db, row.account_id) : null;
      const verdict = actor ? await judge(db, { actor, familyId: row.family_id }, row.session_id, row.kind) : null;
      if (verdict?.ok) {
        if (row.request_id !== verdict.requestId)
          await db.updateTable('viewings').set({ request_id: verdict.requestId }).where('id', '=', row.id).execute();
        if (row.lease_expires_at <= now()) await end(row, { code: 'LEASE_OVER', data: {} });
      } else await end(row, verdict?.failure ?? { code: 'SIGNED_OUT', data: {} });
    }
  }

  async function endFamily(familyId: string): Promise<void> {
    const rows = await db
      .selectFrom('viewings')
      .selectAll()
      .where('family_id', '=', familyId)
      .where('ended_at', 'is', null)
      .execute();
    for (const row of rows) await end(row, { code: 'SIGNED_OUT', data: {} });
  }

  /** Ends a viewing: writes it down, cuts what is being sent, tells the viewer. `failure` is null when the viewer closed it. */
  async function end(row: Row, failure: Failure | null): Promise<void> {
    const viewingEnd = toEnd(failure, now());
    await db.transaction().execute(async (trx) => {
      const done = await trx
        .updateTable('viewings')
        .set({ ended_at: now(), end_json: JSON.stringify(viewingEnd) })
        .where('id', '=', row.id)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return;
      await events.append(trx, 'viewing-ended', row.id, row.person_id);
      await events.append(trx, 'changed', row.id);
    });
    for (const stop of open.get(row.lease_id) ?? []) stop.abort();
    events.wake();
  }

  async function own(signIn: SignIn, id: string): Promise<Row> {
    const row = await db
      .selectFrom('viewings')
      .selectAll()
      .where('id', '=', id)
      .where('account_id', '=', signIn.actor.accountId)
      .executeTakeFirst();
    if (!row) return fail('NOT_FOUND', { what: 'viewing' });
    if (row.ended_at === null) return row;
    const viewingEnd = ViewingEnd.parse(JSON.parse(row.end_json ?? 'null'));
    throw new FailureError((viewingEnd.failure as Failure | null) ?? { code: 'LEASE_OVER', data: {} });
  }

  async function judge(handle: Handle, { actor }: SignIn, sessionId: string, kind: Kind) {
    const session = await readSession(handle, sessionId);
    const requests = await requestsOf(handle, actor.personId, sessionId, kind);
    return mayWatch(actor, sessionFacts(session), kind, requests, await readPolicy(handle), now());
  }

  const leaseEnd = (untilMs: number | null) => Math.min(now() + leaseMs, untilMs ?? Number.POSITIVE_INFINITY);

  async function toLease(row: Row, untilMs: number | null): Promise<Lease> {
    return {
      viewingId: row.id,
      leaseId: row.lease_id,
      kind: row.kind,
      session: toBrief(await readSession(db, row.session_id)),
      requestId: row.request_id,
      expiresAt: toInstant(row.lease_expires_at),
      accessEnd: untilMs === null ? null : toInstant(untilMs),
    };
  }

  return { start, recording, renew, snapshot, close, sourceOf, sending, receive, review, endFamily };
}

export type Viewings = ReturnType<typeof createViewings>;

function toEnd(failure: Failure | null, nowMs: number): ViewingEnd {
  const base = { at: toInstant(nowMs), by: null, comment: null, failure };
  switch (failure?.code) {
    case undefined:
      return { ...base, why: 'closed' };
    case 'REVOKED':
      return { ...base, why: 'revoked', at: failure.data.at, by: failure.data.by, comment: failure.data.comment };
    case 'WINDOW_OVER':
      return { ...base, why: 'window-over', at: failure.data.until };
    case 'ROLE_MISSING':
    case 'PERMISSION_MISSING':
      return { ...base, why: 'role-lost' };
    case 'SIGNED_OUT':
      return { ...base, why: 'signed-out' };
    case 'LEASE_OVER':
      return { ...base, why: 'lease-lost' };
    default:
      return { ...base, why: 'failed' };
  }
}
