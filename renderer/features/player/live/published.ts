/**
 * When the media of a live stream was published: on the stream's timeline, the media at `t` ms appeared in the playlist at `base + t`,
 * where `base` (epoch ms) lies between `afterMs` and `byMs`. How long a picture is behind its scene is told by that, since plain HLS
 * says nothing of it: players reckon from when they happened to look, and are up to a whole segment short.
 */
export type Published = {
  byMs: number;
  /** −∞ while nothing is known. */
  afterMs: number;
  /** Where the playlist's edge was, ms on the timeline, and when one was last asked for that still ended there. */
  edgeMs: number;
  askedMs: number;
};

/** One look at the playlist: when it was asked for, when it was answered (epoch ms), where it ended. */
export type Look = { askedMs: number; answeredMs: number; edgeMs: number };

/** So far two looks may contradict each other: what the network adds to one of them. */
const toleranceMs = 100;
/** A timeline shifts by so much when its media is parsed: shorter than any part. */
const hairMs = 50;
/** A stream's clock that is further off than encoding and packaging can take is wrong. */
const believableMs = 20_000;
/** Known this well, it is not looked into further. */
const enoughMs = 200;

/** What one knows after one more look. A stream that has slipped against the clock (its encoder stood still) is measured anew. */
export function looked(before: Published | null, look: Look): Published {
  const { askedMs, answeredMs, edgeMs } = look;
  const first = { byMs: answeredMs - edgeMs, afterMs: Number.NEGATIVE_INFINITY, edgeMs, askedMs };
  if (before === null || edgeMs < before.edgeMs - hairMs) return first;
  if (edgeMs < before.edgeMs + hairMs) return { ...before, askedMs: Math.max(before.askedMs, askedMs) };
  const afterMs = Math.max(before.afterMs, before.askedMs - edgeMs);
  const byMs = Math.min(before.byMs, answeredMs - edgeMs);
  // Only what the last look alone says holds in any case.
  const alone = { ...first, afterMs: before.askedMs - edgeMs };
  return afterMs > byMs + toleranceMs ? alone : { byMs: Math.max(byMs, afterMs), afterMs, edgeMs, askedMs };
}

/**
 * When to look at the playlist once more (epoch ms), to halve what is not known: in the middle of the time in which the next segment
 * (`segmentMs` long) appears. null when enough is known, or nothing yet.
 */
export function nextLook({ byMs, afterMs, edgeMs }: Published, segmentMs: number, nowMs: number): number | null {
  if (!Number.isFinite(afterMs) || byMs - afterMs <= enoughMs) return null;
  const middle = (byMs + afterMs) / 2 + edgeMs + segmentMs;
  return middle > nowMs ? middle : null;
}

/**
 * How far behind its scene the picture at `positionMs` is. `wallMs` is what the stream itself says of the wall clock at the timeline's
 * 0 (EXT-X-PROGRAM-DATE-TIME); it is believed unless it contradicts what was seen: nothing is published before it was taken.
 * `blocking` playlists (low-latency HLS) are answered when something is published, so that the earliest answer tells.
 */
export function behindMs(
  { byMs, afterMs }: Published,
  seen: { nowMs: number; positionMs: number; segmentMs: number; wallMs: number | null; blocking: boolean },
): number {
  const earliest = Math.max(afterMs, byMs - seen.segmentMs);
  const base = seen.blocking ? byMs : (earliest + byMs) / 2;
  const believed = seen.wallMs !== null && seen.wallMs < byMs + toleranceMs && seen.wallMs > earliest - believableMs;
  return Math.max(0, seen.nowMs - seen.positionMs - (believed && seen.wallMs !== null ? seen.wallMs : base));
}

/**
 * How long before now the media at `positionMs` was published (ms), or null while that is not known well. What is played live keeps its
 * distance by this: by when playlists happen to be asked for, it would be up to a segment further behind than it need be.
 */
export function sincePublishedMs({ byMs, afterMs }: Published, nowMs: number, positionMs: number): number | null {
  return byMs - afterMs <= enoughMs ? nowMs - positionMs - (afterMs + byMs) / 2 : null;
}
