import { z } from 'zod';
import { Coverage, Range } from './coverage.ts';
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

/** Why a viewing ended: the code of a failure, and who or what ended it. `comment` is the revoker's. `locked`: the screen was. */
export const ViewingEnd = z.object({
  why: z.enum(['closed', 'window-over', 'revoked', 'role-lost', 'signed-out', 'lease-lost', 'locked', 'failed']),
  at: Instant,
  by: z.string().nullable(),
  comment: z.string().nullable(),
  failure: z.object({ code: z.enum(failureCodes), data: z.unknown() }).nullable(),
});
export type ViewingEnd = z.infer<typeof ViewingEnd>;

/**
 * Small pictures of a recording, one every `everyMs`, laid out row by row in sheets of `columns` x `rows` tiles of `tileWidth` x
 * `tileHeight` px. `sheets` are paths below the lease, asked for one by one as they are looked at.
 */
export const Storyboard = z.object({
  everyMs: z.number().int().positive(),
  columns: z.number().int().min(1).max(20),
  rows: z.number().int().min(1).max(20),
  tileWidth: z.number().int().min(16).max(640),
  tileHeight: z.number().int().min(16).max(640),
  sheets: z.array(z.string().regex(/^storyboard\/[a-z0-9-]+\.jpg$/)).max(2_000),
});
export type Storyboard = z.infer<typeof Storyboard>;

/** What the gateway knows of a recording besides its picture, found when it was imported. */
export const RecordingFacts = z.object({
  durationMs: z.number().int().nonnegative(),
  framesPerSecond: z.number().positive().nullable(),
  /** Where nothing moved and nothing was typed, in order, apart from one another. */
  idle: z.array(Range).max(10_000),
  /** How much happened, 0 to 1, in equal slices of the recording; empty if not known. */
  activity: z.array(z.number().min(0).max(1)).max(2_000),
  storyboard: Storyboard.nullable(),
});
export type RecordingFacts = z.infer<typeof RecordingFacts>;

/** Where a viewing's page lies: over the content of the main window, or in a window of its own. */
export const Frame = z.enum(['main', 'own']);
export type Frame = z.infer<typeof Frame>;

/** A viewing as the main window knows it. */
export const OpenViewing = z.object({
  viewingId: z.string(),
  sessionId: z.string(),
  kind: Kind,
  frame: Frame,
  end: ViewingEnd.nullable(),
});
export type OpenViewing = z.infer<typeof OpenViewing>;

/** So many viewings may be open at once, those that have ended and still say so included. */
export const mostViewings = 4;

/** A picture of the video as it was shown at `atMs`, at the video's own resolution: four bytes (RGBA) a pixel, row by row. */
export const maxPictureBytes = 4 * 4096 * 2304;
export const Picture = z
  .object({
    atMs: z.number().int().nonnegative(),
    width: z.number().int().min(16).max(8_192),
    height: z.number().int().min(16).max(8_192),
    rgba: z.instanceof(Uint8Array),
  })
  .refine(({ width, height, rgba }) => rgba.byteLength === width * height * 4 && rgba.byteLength <= maxPictureBytes);
export type Picture = z.infer<typeof Picture>;

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
  /** null for a stream, and for a recording of which nothing more is known. */
  recording: RecordingFacts.nullable(),
  /** What of the recording was seen before this viewing; null for a stream, or when it is not known. */
  coverage: Coverage.nullable(),
  /** Whether its view lies open in the window now. */
  visible: z.boolean(),
  frame: Frame,
  fullScreen: z.boolean(),
  /** Where this person was in the recording when a viewing of it last ended here; null for the start. */
  continueAtMs: z.number().int().nonnegative().nullable(),
  /** Where this person has chosen to begin; null where they have not. */
  beginAtMs: z.number().int().nonnegative().nullable(),
  end: ViewingEnd.nullable(),
});
export type Viewing = z.infer<typeof Viewing>;

/**
 * One thing that happened in a viewing: rule 10, viewing is recorded. Positions are ms into the recording; of a live stream, ms from the
 * session's start to the moment at which the picture was taken.
 */
export const ReceiptEntry = z.discriminatedUnion('type', [
  /** The seconds from `fromMs` to `toMs` were shown at `speed`. */
  z.object({
    type: z.literal('shown'),
    at: Instant,
    fromMs: z.number().int().nonnegative(),
    toMs: z.number().int().nonnegative(),
    speed: z.number().min(0).max(32),
    /** Only some of the pictures between were shown: above the 16× that a media element plays, playback skips. */
    sampled: z.boolean().optional(),
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
  /** Playback left out an idle range by itself (skip idle). */
  z.object({
    type: z.literal('skip'),
    at: Instant,
    fromMs: z.number().int().nonnegative(),
    toMs: z.number().int().nonnegative(),
  }),
  /** A picture was saved, watermarked. */
  z.object({ type: z.literal('snapshot'), at: Instant, atMs: z.number().int().nonnegative() }),
  /** A picture of the storyboard that shows this range was fetched. */
  z.object({
    type: z.literal('preview'),
    at: Instant,
    fromMs: z.number().int().nonnegative(),
    toMs: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal('end'), at: Instant, atMs: z.number().int().nonnegative() }),
]);
export type ReceiptEntry = z.infer<typeof ReceiptEntry>;

/**
 * Why a file of a viewing was not passed on, as the response header `x-oversight-failure` tells the player page: the path may not be
 * asked for, the lease is not good, the file is not there, the source or the gateway does not answer, the source has fallen silent, a
 * playlist names what is not below it or is none, there is more of it than is taken, anything else.
 */
export const mediaFailures = [
  'not-allowed',
  'lease-over',
  'missing',
  'source-unreachable',
  'source-stalled',
  'gateway-unreachable',
  'elsewhere',
  'unreadable',
  'too-large',
  'failed',
] as const;
export const MediaFailure = z.enum(mediaFailures);
export type MediaFailure = z.infer<typeof MediaFailure>;
export const mediaFailureHeader = 'x-oversight-failure';
