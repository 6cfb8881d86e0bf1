import { implement, withEventMeta } from '@orpc/server';
import { fail } from '../contract/failure.ts';
import { contractVersion, gatewayContract, type ServerEvent } from '../contract/gateway.ts';
import { toInstant } from '../contract/time.ts';
import { ViewingEnd } from '../contract/viewing.ts';
import type { Changes } from './changes.ts';
import type { EventRow, Events } from './events.ts';
import { recordExport } from './exports.ts';
import type { Identity, SignIn } from './identity/sign-in.ts';
import { readActor, toUser } from './identity/viewer.ts';
import { mayKnowVerdict } from './policy.ts';
import { asSeenBy as requestAsSeenBy } from './request-rows.ts';
import type { Requests } from './requests.ts';
import type { Reviews } from './reviews.ts';
import { readSession, type Sessions, sessionFacts, asSeenBy as sessionsAsSeenBy } from './sessions.ts';
import type { Database } from './store/database.ts';
import { readPolicy } from './store/settings.ts';
import type { Viewings } from './viewings.ts';

export type Context = { authorization: string | undefined };

export type Services = {
  db: Database;
  name: string;
  now: () => number;
  identity: Identity;
  events: Events;
  requests: Requests;
  sessions: Sessions;
  viewings: Viewings;
  changes: Changes;
  reviews: Reviews;
  /** The public half of the key under checkpoints. */
  receiptKey: string;
};

/** The contract, implemented: a line a route. Everything behind `signedIn` has looked at the token first. */
export function createRouter({
  db,
  name,
  now,
  identity,
  events,
  requests,
  sessions,
  viewings,
  reviews,
  changes,
  receiptKey,
}: Services) {
  const open = implement(gatewayContract).$context<Context>();
  const signedIn = open.use(async ({ context, next }) =>
    next({ context: { signIn: await identity.authenticate(context.authorization) } }),
  );

  /** What one person reads of an event; null for nothing. */
  async function see({ actor: { accountId }, familyId }: SignIn, row: EventRow): Promise<ServerEvent | null> {
    const actor = await readActor(db, accountId);
    const family = await db
      .selectFrom('sign_in_families')
      .select(['ended_at', 'wipe'])
      .where('id', '=', familyId)
      .executeTakeFirst();
    if (family?.wipe) return row.type === 'wipe' && row.subject === accountId ? { type: 'wipe' } : fail('WIPE_ORDERED');
    if (family?.ended_at !== null) return fail('SIGNED_OUT');
    if (!actor || (row.person_id !== null && row.person_id !== actor.personId)) return null;
    switch (row.type) {
      case 'request': {
        const found = await db.selectFrom('requests').selectAll().where('id', '=', row.subject).executeTakeFirst();
        const request = found && (await requestAsSeenBy(db, actor, found, now()));
        return request ? { type: 'request', request } : null;
      }
      case 'session': {
        const found = await db.selectFrom('sessions').selectAll().where('id', '=', row.subject).execute();
        const [session] = await sessionsAsSeenBy(db, actor, found, now());
        return session ? { type: 'session', session } : null;
      }
      case 'policy':
        return { type: 'policy', policy: await readPolicy(db) };
      case 'user':
        return row.subject === accountId ? { type: 'user', user: await toUser(db, actor) } : null;
      case 'review':
        return mayKnowVerdict(actor, sessionFacts(await readSession(db, row.subject)))
          ? { type: 'review', sessionId: row.subject }
          : null;
      case 'viewing-ended': {
        const found = await db.selectFrom('viewings').selectAll().where('id', '=', row.subject).executeTakeFirst();
        if (!found || found.family_id !== familyId || found.end_json === null) return null;
        return { type: 'viewing-ended', viewingId: found.id, end: ViewingEnd.parse(JSON.parse(found.end_json)) };
      }
      case 'changed':
        return (await changes.maySeeViewing(actor, row.subject)) ? { type: 'changed' } : null;
      case 'wipe':
        // For the sign-ins that were there when it was ordered; this one is newer.
        return null;
      default:
        return row.type satisfies never;
    }
  }

  return open.router({
    about: open.about.handler(() => ({
      product: 'oversight-gateway' as const,
      name,
      contract: contractVersion,
      receiptKey,
      time: toInstant(now()),
      zoneMinutes: -new Date(now()).getTimezoneOffset(),
    })),
    identity: {
      signIn: open.identity.signIn.handler(({ input }) => identity.signIn(input)),
      refresh: open.identity.refresh.handler(({ input }) => identity.refresh(input.refreshToken)),
      signOut: open.identity.signOut.handler(async ({ input }) => {
        await identity.signOut(input.refreshToken);
        return {};
      }),
      stepUp: signedIn.identity.stepUp.handler(({ input, context }) => identity.stepUp(context.signIn, input)),
      me: signedIn.identity.me.handler(({ context }) => toUser(db, context.signIn.actor)),
    },
    policy: signedIn.policy.handler(() => readPolicy(db)),
    sessions: {
      search: signedIn.sessions.search.handler(({ input, context }) => sessions.search(context.signIn.actor, input)),
      get: signedIn.sessions.get.handler(({ input, context }) => sessions.get(context.signIn.actor, input.id)),
    },
    requests: {
      list: signedIn.requests.list.handler(({ input, context }) => requests.list(context.signIn.actor, input)),
      get: signedIn.requests.get.handler(({ input, context }) => requests.get(context.signIn.actor, input.id)),
      preflight: signedIn.requests.preflight.handler(({ input, context }) => requests.preflight(context.signIn.actor, input)),
      create: signedIn.requests.create.handler(({ input, context }) => requests.create(context.signIn.actor, input)),
      decide: signedIn.requests.decide.handler(({ input: { proof, ...input }, context: { signIn } }) =>
        requests.decide(signIn.actor, input, (how) => identity.checkProof(signIn, how, proof)),
      ),
      decideMany: signedIn.requests.decideMany.handler(({ input: { proof, decisions }, context: { signIn } }) =>
        requests.decideMany(signIn.actor, decisions, (how) => identity.checkProof(signIn, how, proof)),
      ),
      cancel: signedIn.requests.cancel.handler(({ input, context }) => requests.cancel(context.signIn.actor, input)),
      revoke: signedIn.requests.revoke.handler(({ input: { proof, ...input }, context: { signIn } }) =>
        requests.revoke(signIn.actor, input, (how) => identity.checkProof(signIn, how, proof)),
      ),
      context: signedIn.requests.context.handler(({ input, context }) => requests.context(context.signIn.actor, input.id)),
    },
    viewings: {
      start: signedIn.viewings.start.handler(({ input, context }) => viewings.start(context.signIn, input.sessionId, input.kind)),
      recording: signedIn.viewings.recording.handler(async ({ input, context }) => ({
        recording: await viewings.recording(context.signIn, input.id),
      })),
      renew: signedIn.viewings.renew.handler(({ input, context }) => viewings.renew(context.signIn, input.id)),
      snapshot: signedIn.viewings.snapshot.handler(async ({ input, context }) => ({
        at: toInstant(await viewings.snapshot(context.signIn, input.id, input.atMs)),
      })),
      end: signedIn.viewings.end.handler(async ({ input, context }) => {
        await viewings.close(context.signIn, input.id);
        return {};
      }),
      receipts: signedIn.viewings.receipts.handler(async ({ input, context }) => ({
        checkpoint: await viewings.receive(context.signIn, input.id, input.entries),
      })),
    },
    changes: { list: signedIn.changes.list.handler(({ input, context }) => changes.list(context.signIn.actor, input)) },
    exports: {
      record: signedIn.exports.record.handler(async ({ input, context }) => ({
        at: toInstant(await recordExport(db, context.signIn.actor, input, now())),
      })),
    },
    reviews: {
      get: signedIn.reviews.get.handler(({ input, context }) => reviews.get(context.signIn.actor, input.id)),
      comment: signedIn.reviews.comment.handler(({ input, context }) => reviews.comment(context.signIn.actor, input)),
      withdraw: signedIn.reviews.withdraw.handler(({ input, context }) => reviews.withdraw(context.signIn.actor, input)),
      mark: signedIn.reviews.mark.handler(({ input, context }) => reviews.mark(context.signIn.actor, input)),
    },
    events: signedIn.events.handler(async function* ({ context, lastEventId, signal }) {
      const stopped = signal ?? new AbortController().signal;
      for await (const { id, event } of events.stream(lastEventId, stopped, (row) => see(context.signIn, row))) {
        yield withEventMeta(event, { id });
      }
    }),
  });
}
