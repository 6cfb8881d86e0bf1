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
  /** So many in a row came later than `byMs` allows. */
  late: number;
};

/** One look at the playlist: when it was asked for, when it was answered (epoch ms), where it ended. */
export type Look = { askedMs: number; answeredMs: number; edgeMs: number };

/** So far two looks may contradict each other: what the network adds to one of them. */
const toleranceMs = 100;
/** So many late ones in a row are not late: all has slipped. */
const slippedAfter = 3;
/** A timeline shifts by so much when its media is parsed: shorter than any part. */
const hairMs = 50;
/** A stream's clock that is further off than encoding and packaging can take is wrong. */
const believableMs = 20_000;
/** What is known wears off by so much of the time that passes. */
const wear = 0.01;
/** Known this well, it is not looked into further; and so well, it can be gone by. */
const enoughMs = 200;
const wellMs = 400;

/**
 * What one knows after one more look. What is known wears off, since clocks drift and encoders drop pictures. Something that comes late
 * now and then says nothing: the earliest counts. A stream of which all comes late has slipped against the clock (its encoder stood
 * still) and is measured anew.
 */
export function looked(before: Published | null, { askedMs, answeredMs, edgeMs }: Look): Published {
  const seen = { edgeMs, askedMs, late: 0 };
  const byMs = answeredMs - edgeMs;
  if (before === null || edgeMs < before.edgeMs - hairMs) return { ...seen, byMs, afterMs: Number.NEGATIVE_INFINITY };
  const worn = Math.max(0, askedMs - before.askedMs) * wear;
  const known = { byMs: before.byMs + worn, afterMs: before.afterMs - worn };
  if (edgeMs < before.edgeMs + hairMs) return { ...before, ...known, askedMs: Math.max(before.askedMs, askedMs) };
  const afterMs = before.askedMs - edgeMs;
  if (afterMs > known.byMs + toleranceMs) {
    const late = before.late + 1;
    return late < slippedAfter ? { ...seen, ...known, late } : { ...seen, byMs, afterMs };
  }
  if (byMs < known.afterMs) return { ...seen, byMs, afterMs };
  const earliest = Math.min(known.byMs, byMs);
  return {
    ...seen,
    byMs: earliest,
    afterMs: Math.min(earliest, Math.max(known.afterMs, afterMs)),
    late: byMs <= known.byMs + toleranceMs ? 0 : before.late,
  };
}

/**
 * When to look at the playlist once more (epoch ms), to halve what is not known: in the middle of the time in which the next segment
 * (`segmentMs` long) appears, or, after one that came late, when this one should be there. null when enough is known, or nothing yet.
 */
export function nextLook({ byMs, afterMs, edgeMs, late }: Published, segmentMs: number, nowMs: number): number | null {
  if (!Number.isFinite(afterMs) || (late === 0 && byMs - afterMs <= enoughMs)) return null;
  const next = edgeMs + segmentMs + (late > 0 ? byMs + toleranceMs : (byMs + afterMs) / 2);
  return next > nowMs ? next : null;
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
  return byMs - afterMs <= wellMs ? nowMs - positionMs - (afterMs + byMs) / 2 : null;
}
