import type { Range } from '../../../contract/coverage.ts';

/** Shorter idle ranges are watched: a skip would cost more attention than it saves (ms). */
const leastIdleMs = 3_000;
/** How long the picture stays in an idle range before it is left, and how much of its end is shown: a skip should not surprise (ms). */
const leadMs = 600;
const tailMs = 700;

/** The ranges that are skipped, each without its lead and its tail, in order. */
export function skippable(idle: readonly Range[]): Range[] {
  return idle.flatMap(({ fromMs, toMs }) =>
    toMs - fromMs >= leastIdleMs ? [{ fromMs: fromMs + leadMs, toMs: toMs - tailMs }] : [],
  );
}

/** The range that holds a place; null outside. Ranges are in order and apart. */
export function rangeAt(ranges: readonly Range[], atMs: number): Range | null {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.fromMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low - 1];
  return range && atMs < range.toMs ? range : null;
}

/** How long all ranges are together (ms). */
export const lengthOf = (ranges: readonly Range[]) => ranges.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
