import type { RecordingFacts } from '../../contract/viewing.ts';

type Range = RecordingFacts['idle'][number];

/** What was seen at one look at the picture: the share of it (0 to 1) that differs from the last picture that moved. */
export type Samples = { everyMs: number; changed: readonly number[] };

/** Shorter stillness is a breath, not idleness. */
const shortestIdleMs = 5_000;
/** A moment with an event is not idle, nor is what lies this near to it. */
const aroundEventMs = 2_000;
const mostRanges = 10_000;
const mostSlices = 600;

/** Where nothing moved and nothing happened for 5 s or more: in order, apart, within the recording. */
export function findIdle(samples: Samples, eventsMs: readonly number[], durationMs: number): Range[] {
  const busy: Range[] = [];
  for (const [index, share] of samples.changed.entries())
    if (share > 0) busy.push({ fromMs: (index - 1) * samples.everyMs, toMs: index * samples.everyMs });
  for (const atMs of eventsMs) busy.push({ fromMs: atMs - aroundEventMs, toMs: atMs + aroundEventMs });
  busy.sort((a, b) => a.fromMs - b.fromMs);
  const idle: Range[] = [];
  let fromMs = 0;
  for (const { fromMs: until, toMs } of [...busy, { fromMs: durationMs, toMs: durationMs }]) {
    const end = Math.min(until, durationMs);
    if (end - fromMs >= shortestIdleMs) idle.push({ fromMs: Math.round(fromMs), toMs: Math.round(end) });
    fromMs = Math.max(fromMs, toMs);
  }
  return idle.slice(0, mostRanges);
}

/**
 * How much happened in equal slices of 1 s or more, 0 to 1: the square root of what changed, so that typing is seen beside a window that
 * opens, against the liveliest slice; a slice with an event is never empty.
 */
export function findActivity(samples: Samples, eventsMs: readonly number[], durationMs: number): number[] {
  if (durationMs <= 0) return [];
  const count = Math.min(mostSlices, Math.max(1, Math.ceil(durationMs / 1_000)));
  const sliceOf = (atMs: number) => Math.min(count - 1, Math.max(0, Math.floor((atMs / durationMs) * count)));
  const sums = new Array<number>(count).fill(0);
  for (const [index, share] of samples.changed.entries()) {
    const slice = sliceOf(index * samples.everyMs);
    sums[slice] = (sums[slice] ?? 0) + share;
  }
  const most = Math.max(...sums);
  const values = sums.map((sum) => (most === 0 ? 0 : Math.sqrt(sum / most)));
  for (const atMs of eventsMs) {
    const slice = sliceOf(atMs);
    values[slice] = Math.max(values[slice] ?? 0, 0.3);
  }
  return values.map((value) => Math.round(value * 1_000) / 1_000);
}
