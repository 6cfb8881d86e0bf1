import { z } from 'zod';

/** From `fromMs` until `toMs`, in ms into the recording. */
export const Range = z.object({ fromMs: z.number().int().nonnegative(), toMs: z.number().int().nonnegative() });
export type Range = z.infer<typeof Range>;

/** Which parts of a recording were shown: to this person, and to others. Each in order and apart. What is in neither, nobody has seen. */
export const Coverage = z.object({
  durationMs: z.number().int().nonnegative(),
  mine: z.array(Range).max(5_000),
  others: z.array(Range).max(5_000),
});
export type Coverage = z.infer<typeof Coverage>;

/** So near to one another two ranges are one: playback does not begin a range where another ended to the millisecond. */
const joinMs = 250;

/** All ranges as few, in order and apart. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.fromMs - b.fromMs)) {
    if (range.toMs <= range.fromMs) continue;
    const last = merged.at(-1);
    if (last && range.fromMs <= last.toMs + joinMs) last.toMs = Math.max(last.toMs, range.toMs);
    else merged.push({ ...range });
  }
  return merged;
}

/** How long ranges that are apart are together (ms). */
export const lengthOf = (ranges: readonly Range[]) => ranges.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** What is left of the whole, in order: what nobody has seen. */
export function unseenOf({ durationMs, mine, others }: Coverage): Range[] {
  let from = 0;
  const left: Range[] = [];
  for (const { fromMs, toMs } of mergeRanges([...mine, ...others])) {
    if (fromMs > from) left.push({ fromMs: from, toMs: Math.min(fromMs, durationMs) });
    from = Math.max(from, toMs);
  }
  if (from < durationMs) left.push({ fromMs: from, toMs: durationMs });
  return left.filter(({ fromMs, toMs }) => toMs - fromMs >= joinMs);
}

/** Parts of the whole, each from 0 to 1: seen by me, seen by others alone, seen by nobody. */
export function partsOf({ durationMs, mine, others }: Coverage): { mine: number; others: number; nobody: number } {
  if (durationMs <= 0) return { mine: 0, others: 0, nobody: 1 };
  const part = (ms: number) => Math.min(1, ms / durationMs);
  const seen = part(lengthOf(mergeRanges([...mine, ...others])));
  const own = part(lengthOf(mergeRanges(mine)));
  return { mine: own, others: Math.max(0, seen - own), nobody: 1 - seen };
}
