import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { type FailureCode, failures } from './failure.ts';
import { ChangesPage, ExportRecord } from './history.ts';
import { User } from './identity.ts';
import { ChainedEntry, Checkpoint } from './receipt.ts';
import {
  AccessRequest,
  Cancellation,
  DecisionResults,
  NewDecision,
  NewDecisions,
  NewRequest,
  Policy,
  Preflight,
  PreflightQuery,
  RequesterContext,
  RequestPage,
  RequestQuery,
  Revocation,
} from './request.ts';
import { NewComment, NewMark, Review } from './review.ts';
import { Kind, Session, SessionDetails, SessionPage, SessionQuery } from './session.ts';
import { Instant } from './time.ts';
import { Lease, RecordingFacts, ViewingEnd } from './viewing.ts';

/**
 * The HTTP contract of a gateway, contract-first: the gateway implements it, the client is derived from it, docs/openapi.json is
 * generated from it. Every route but `about` and those of `identity` needs `Authorization: Bearer <access token>`.
 *
 * Media is not a procedure, since it is bytes: `GET /v1/media/{leaseId}/{path}` with the access token; playlists
 * (application/vnd.apple.mpegurl), segments and keys below the lease, Range honoured, the lease checked on each. Playlists take
 * the directives of low-latency HLS (`_HLS_msn`, `_HLS_part`, `_HLS_skip`), and such an answer may wait for its source. Failures
 * there are JSON `{ code, data }` with the status of the failure.
 */

/** Major must be equal; the gateway's minor must be at least the client's. */
export const contractVersion = { major: 1, minor: 2 } as const;

/** Larger JSON answers than this are not read. */
export const maxAnswerBytes = 8 * 1024 * 1024;

/** The failures as oRPC errors: the code, its status and the shape of its data come from failure.ts alone. */
type ErrorMap = { [C in FailureCode]: { status: number; message: string; data: (typeof failures)[C]['data'] } };
const errors = Object.fromEntries(
  Object.entries(failures).map(([code, { status, meaning, data }]) => [code, { status, message: meaning, data }]),
) as unknown as ErrorMap;

const base = oc.errors(errors);

/** Times: ISO 8601. `expiresInMs` counts from the answer. */
export const Tokens = z.object({
  accessToken: z.string(),
  expiresInMs: z.number().int().positive(),
  refreshToken: z.string(),
  user: User,
});
export type Tokens = z.infer<typeof Tokens>;

/** Says what answers here, before anybody signs in. */
export const About = z.object({
  product: z.literal('oversight-gateway'),
  name: z.string(),
  contract: z.object({ major: z.number().int(), minor: z.number().int() }),
  time: Instant,
  /** Minutes the gateway's own zone is ahead of UTC. */
  zoneMinutes: z.number().int(),
  /** The key that checkpoints of receipts are signed with: Ed25519, SPKI, base64url. */
  receiptKey: z.string().max(200).optional(),
});
export type About = z.infer<typeof About>;

/**
 * What a gateway tells a signed-in client as it happens. Every event has an id; a client that comes back with
 * `Last-Event-ID` gets what it missed, or `reset` when the id is too old (it then reads everything anew).
 */
export const ServerEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), time: Instant }),
  z.object({ type: z.literal('reset') }),
  z.object({ type: z.literal('request'), request: AccessRequest }),
  z.object({ type: z.literal('session'), session: Session }),
  z.object({ type: z.literal('policy'), policy: Policy }),
  /** Roles, permissions or approver groups of this person changed. */
  z.object({ type: z.literal('user'), user: User }),
  /** Somebody has commented on a session, withdrawn a comment or audited it. */
  z.object({ type: z.literal('review'), sessionId: z.string() }),
  z.object({ type: z.literal('viewing-ended'), viewingId: z.string(), end: ViewingEnd }),
  /** What is on record has changed; `changes.list` has it. */
  z.object({ type: z.literal('changed') }),
  /** Everything of this account is to be removed from the computer; the sign-in is over. */
  z.object({ type: z.literal('wipe') }),
]);
export type ServerEvent = z.infer<typeof ServerEvent>;

/** The proof that `identity.stepUp` gave, where the policy asks for one (STEP_UP_NEEDED). */
const proof = z.string().max(1000).optional();

const id = z.object({ id: z.string().max(64) });

export const gatewayContract = {
  about: base
    .route({
      method: 'GET',
      path: '/v1/about',
      tags: ['gateway'],
      summary: 'What answers here, its contract version and its time',
    })
    .output(About),
  identity: {
    signIn: base
      .route({
        method: 'POST',
        path: '/v1/sign-in',
        tags: ['identity'],
        summary: 'Exchange a password, and a one-time code where needed, for tokens',
      })
      .input(
        z.object({
          userName: z.string().min(1).max(200),
          password: z.string().min(1).max(1000),
          oneTimeCode: z.string().max(20).optional(),
        }),
      )
      .output(Tokens),
    refresh: base
      .route({
        method: 'POST',
        path: '/v1/refresh',
        tags: ['identity'],
        summary: 'Exchange a refresh token for new tokens; each is good once',
      })
      .input(z.object({ refreshToken: z.string().max(500) }))
      .output(Tokens),
    signOut: base
      .route({ method: 'POST', path: '/v1/sign-out', tags: ['identity'], summary: 'End this sign-in and its viewings' })
      .input(z.object({ refreshToken: z.string().max(500) }))
      .output(z.object({})),
    stepUp: base
      .route({
        method: 'POST',
        path: '/v1/step-up',
        tags: ['identity'],
        summary: 'Prove afresh who is signed in: a password or a one-time code for a short-lived proof, good for deciding',
      })
      .input(z.object({ password: z.string().min(1).max(1000).optional(), oneTimeCode: z.string().max(20).optional() }))
      .output(z.object({ proof: z.string(), expiresInMs: z.number().int().positive() })),
    me: base.route({ method: 'GET', path: '/v1/me', tags: ['identity'], summary: 'Who the token stands for' }).output(User),
  },
  policy: base
    .route({
      method: 'GET',
      path: '/v1/policy',
      tags: ['request'],
      summary: 'The rules that are set here, and the reasons to choose from',
    })
    .output(Policy),
  sessions: {
    search: base
      .route({ method: 'POST', path: '/v1/sessions/search', tags: ['session'], summary: 'A page of sessions that fit a filter' })
      .input(SessionQuery)
      .output(SessionPage),
    get: base
      .route({
        method: 'GET',
        path: '/v1/sessions/{id}',
        tags: ['session'],
        summary: 'Everything about a session but its picture',
      })
      .input(id)
      .output(SessionDetails),
  },
  requests: {
    list: base
      .route({
        method: 'GET',
        path: '/v1/requests',
        tags: ['request'],
        summary: 'A page of requests: what waits as it is due, else newest first',
      })
      .input(RequestQuery.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }))
      .output(RequestPage),
    get: base
      .route({ method: 'GET', path: '/v1/requests/{id}', tags: ['request'], summary: 'One request' })
      .input(id)
      .output(AccessRequest),
    preflight: base
      .route({
        method: 'POST',
        path: '/v1/requests/preflight',
        tags: ['request'],
        summary: 'Who would decide and when each clock would end',
      })
      .input(PreflightQuery)
      .output(Preflight),
    create: base
      .route({ method: 'POST', path: '/v1/requests', tags: ['request'], summary: 'Ask for access; idempotent by key' })
      .input(NewRequest)
      .output(AccessRequest),
    decide: base
      .route({
        method: 'POST',
        path: '/v1/requests/{id}/decision',
        tags: ['request'],
        summary: 'Approve or reject the version that was seen',
      })
      .input(NewDecision.extend({ proof }))
      .output(AccessRequest),
    decideMany: base
      .route({
        method: 'POST',
        path: '/v1/decisions',
        tags: ['request'],
        summary: 'Several decisions in one go, if the policy allows it; each stands for itself',
      })
      .input(NewDecisions.extend({ proof }))
      .output(DecisionResults),
    cancel: base
      .route({ method: 'POST', path: '/v1/requests/{id}/cancel', tags: ['request'], summary: 'Take one’s own request back' })
      .input(Cancellation)
      .output(AccessRequest),
    revoke: base
      .route({ method: 'POST', path: '/v1/requests/{id}/revoke', tags: ['request'], summary: 'Take granted access back' })
      .input(Revocation.extend({ proof }))
      .output(AccessRequest),
    context: base
      .route({
        method: 'GET',
        path: '/v1/requests/{id}/context',
        tags: ['request'],
        summary: 'What an approver may know of the requester',
      })
      .input(id)
      .output(RequesterContext),
  },
  viewings: {
    start: base
      .route({
        method: 'POST',
        path: '/v1/viewings',
        tags: ['viewing'],
        summary: 'Begin to watch: a lease, if the rules allow it now',
      })
      .input(z.object({ sessionId: z.string().max(64), kind: Kind }))
      .output(Lease),
    recording: base
      .route({
        method: 'GET',
        path: '/v1/viewings/{id}/recording',
        tags: ['viewing'],
        summary: 'Idle ranges, activity and storyboard of what is being watched',
      })
      .input(id)
      .output(z.object({ recording: RecordingFacts.nullable() })),
    renew: base
      .route({
        method: 'POST',
        path: '/v1/viewings/{id}/renew',
        tags: ['viewing'],
        summary: 'Another 60 s, if the rules still allow it',
      })
      .input(id)
      .output(Lease),
    snapshot: base
      .route({
        method: 'POST',
        path: '/v1/viewings/{id}/snapshot',
        tags: ['viewing'],
        summary: 'Keep a picture of what is shown: put on record, if the rules and the policy allow it now',
      })
      .input(z.object({ id: z.string().max(64), atMs: z.number().int().nonnegative() }))
      .output(z.object({ at: Instant })),
    end: base
      .route({ method: 'POST', path: '/v1/viewings/{id}/end', tags: ['viewing'], summary: 'Stop watching' })
      .input(id)
      .output(z.object({})),
    receipts: base
      .route({
        method: 'POST',
        path: '/v1/viewings/{id}/receipts',
        tags: ['viewing'],
        summary: 'What was shown, chained by hash; idempotent. Answers with the signed end of the chain',
      })
      .input(z.object({ id: z.string().max(64), entries: z.array(ChainedEntry).min(1).max(500) }))
      .output(z.object({ checkpoint: Checkpoint })),
  },
  changes: {
    list: base
      .route({
        method: 'GET',
        path: '/v1/changes',
        tags: ['history'],
        summary: 'What has changed on record since a cursor: requests, viewings, sessions they speak of, and what is gone',
      })
      .input(z.object({ cursor: z.string().max(400).optional(), limit: z.coerce.number().int().min(1).max(1000).default(500) }))
      .output(ChangesPage),
  },
  exports: {
    record: base
      .route({
        method: 'POST',
        path: '/v1/exports',
        tags: ['history'],
        summary: 'Put an export on record, if the policy allows it; idempotent by key',
      })
      .input(ExportRecord)
      .output(z.object({ at: Instant })),
  },
  reviews: {
    get: base
      .route({
        method: 'GET',
        path: '/v1/sessions/{id}/review',
        tags: ['review'],
        summary: 'Comments on a session and its "audited" marks, as far as the person may read them',
      })
      .input(id)
      .output(Review),
    comment: base
      .route({
        method: 'POST',
        path: '/v1/sessions/{sessionId}/comments',
        tags: ['review'],
        summary: 'Comment at a time, for those who watch later; idempotent by key',
      })
      .input(NewComment)
      .output(Review),
    withdraw: base
      .route({
        method: 'POST',
        path: '/v1/sessions/{sessionId}/comments/{id}/withdraw',
        tags: ['review'],
        summary: 'Withdraw one’s own comment; it stays on record as withdrawn',
      })
      .input(z.object({ sessionId: z.string().max(64), id: z.string().max(64) }))
      .output(Review),
    mark: base
      .route({
        method: 'POST',
        path: '/v1/sessions/{sessionId}/marks',
        tags: ['review'],
        summary: 'Mark a session as audited, with a verdict; idempotent by key',
      })
      .input(NewMark)
      .output(Review),
  },
  events: base
    .route({ method: 'GET', path: '/v1/events', tags: ['events'], summary: 'Server events, resumable by Last-Event-ID' })
    .output(eventIterator(ServerEvent)),
};
export type GatewayContract = typeof gatewayContract;
