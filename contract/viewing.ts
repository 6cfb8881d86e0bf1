import { z } from 'zod';
import { failureCodes } from './failure.ts';
import { Kind, SessionBrief, SessionEvent } from './session.ts';
import { Instant } from './time.ts';

/**
 * The gateway's word that one person may watch one session until `expiresAt`. It lasts 60 s and is renewed while the viewing
 * runs; `leaseId` is lower case letters and digits, since it becomes the host part of `media://<leaseId>/index.m3u8`.
 */
export const Lease = z.object({
  viewingId: z.string(),
  leaseId: z.string().regex(/^[a-z0-9]{16,64}$/),
  kind: Kind,
  session: SessionBrief,
  /** The request that allows it; null for who watches directly. */
  requestId: z.string().nullable(),
  expiresAt: Instant,
  /** When the window ends; null for who watches directly. */
  accessEnd: Instant.nullable(),
});
export type Lease = z.infer<typeof Lease>;

/** Why a viewing ended: the code of a failure, and who or what ended it. `comment` is the revoker's. */
export const ViewingEnd = z.object({
  why: z.enum(['closed', 'window-over', 'revoked', 'role-lost', 'signed-out', 'lease-lost', 'failed']),
  at: Instant,
  by: z.string().nullable(),
  comment: z.string().nullable(),
  failure: z.object({ code: z.enum(failureCodes), data: z.unknown() }).nullable(),
});
export type ViewingEnd = z.infer<typeof ViewingEnd>;

/** A viewing as the windows of the client know it. Never a token, an address or a path of the gateway. */
export const Viewing = z.object({
  viewingId: z.string(),
  kind: Kind,
  session: SessionBrief,
  requestId: z.string().nullable(),
  accessEnd: Instant.nullable(),
  /** What the player loads: `media://<leaseId>/index.m3u8`. */
  source: z.string().regex(/^media:\/\/[a-z0-9]+\/index\.m3u8$/),
  /** What the watermark says of the viewer. */
  viewer: z.string(),
  events: z.array(SessionEvent),
  /** Whether its view lies open in the window now. */
  visible: z.boolean(),
  end: ViewingEnd.nullable(),
});
export type Viewing = z.infer<typeof Viewing>;

/** One thing that happened in a viewing: rule 10, viewing is recorded. Positions are ms into the recording. */
export const ReceiptEntry = z.discriminatedUnion('type', [
  /** The seconds from `fromMs` to `toMs` were shown at `speed`. */
  z.object({
    type: z.literal('shown'),
    at: Instant,
    fromMs: z.number().int().nonnegative(),
    toMs: z.number().int().nonnegative(),
    speed: z.number().min(0).max(32),
  }),
  z.object({
    type: z.literal('seek'),
    at: Instant,
    fromMs: z.number().int().nonnegative(),
    toMs: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal('pause'), at: Instant, atMs: z.number().int().nonnegative() }),
  z.object({ type: z.literal('play'), at: Instant, atMs: z.number().int().nonnegative(), speed: z.number().min(0).max(32) }),
  z.object({ type: z.literal('hidden'), at: Instant, atMs: z.number().int().nonnegative() }),
  z.object({ type: z.literal('visible'), at: Instant, atMs: z.number().int().nonnegative() }),
  z.object({ type: z.literal('end'), at: Instant, atMs: z.number().int().nonnegative() }),
]);
export type ReceiptEntry = z.infer<typeof ReceiptEntry>;

/** A receipt entry with its place in the viewing's order, from 0. */
export const NumberedEntry = z.object({ sequence: z.number().int().nonnegative(), entry: ReceiptEntry });
export type NumberedEntry = z.infer<typeof NumberedEntry>;

/**
 * Why a file of a viewing was not passed on, as the response header `x-oversight-failure` tells the player page: the path may not be
 * asked for, the lease is not good, the file is not there, the source or the gateway does not answer, a playlist names what is not
 * below it, there is more of it than is taken, anything else.
 */
export const MediaFailure = z.enum([
  'not-allowed',
  'lease-over',
  'missing',
  'source-unreachable',
  'gateway-unreachable',
  'elsewhere',
  'too-large',
  'failed',
]);
export type MediaFailure = z.infer<typeof MediaFailure>;
export const mediaFailureHeader = 'x-oversight-failure';
