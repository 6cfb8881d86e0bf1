/** How fast a stream that is followed live is played. */
export type Pace = {
  /** How far behind the edge, and how far one means to be. */
  behindMs: number;
  targetMs: number;
  /** What lies ready ahead of the position. */
  aheadMs: number;
  rate: number;
};

/** So far over its target catching up begins, and so near to it it ends. */
const beginMs = (targetMs: number) => Math.min(300, Math.max(120, targetMs / 6));
const doneMs = 40;
/** With less than this ahead, playing faster would only run dry. hls.js asks for a whole second, which low latency never has. */
const leastAheadMs = 150;

/**
 * The speed for now: 1, or a little more to catch up. Few steps, since each change is written down in the receipt; voices stay what they
 * are at 1.1.
 */
export function rateFor({ behindMs, targetMs, aheadMs, rate }: Pace): number {
  const overMs = behindMs - targetMs;
  if (aheadMs < leastAheadMs || overMs < doneMs) return 1;
  if (rate > 1) return rate;
  if (overMs < beginMs(targetMs)) return 1;
  return overMs > 500 ? 1.1 : 1.05;
}

/** So far behind its target a stream that is followed live does not catch up by speed but goes to the edge: after a stall, a sleep. */
export function isLost({ behindMs, targetMs }: Pick<Pace, 'behindMs' | 'targetMs'>, segmentMs: number): boolean {
  return behindMs > targetMs + Math.max(4_000, 3 * segmentMs);
}

/** How long nothing new may come before it is said that the stream has stopped (ms). */
export function patienceMs(segmentMs: number): number {
  return Math.max(3_000, 1.5 * segmentMs + 1_000);
}
