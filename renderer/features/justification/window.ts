import type { Policy } from '../../../contract/request.ts';
import { toMs, type Window } from '../../../contract/time.ts';
import { atWall, wallOf, type Zone } from '../../store/zone.ts';

export const presets = ['now-1h', 'now-2h', 'rest-of-today', 'tomorrow-morning'] as const;
export type Preset = (typeof presets)[number];

/** A window in epoch ms, gateway time. */
export type Span = { startMs: number; endMs: number };

const hourMs = 3_600_000;

/** The presets that fit into the longest window that the gateway allows. */
export function presetsWithin(maxWindowMs: number): readonly Preset[] {
  const lengths: Record<Preset, number> = {
    'now-1h': hourMs,
    'now-2h': 2 * hourMs,
    'rest-of-today': 0,
    'tomorrow-morning': 3 * hourMs,
  };
  return presets.filter((preset) => lengths[preset] <= maxWindowMs);
}

/**
 * The window that a preset stands for at `nowMs` (gateway time), in the zone in which the person reads times. The rest of today ends
 * earlier where the gateway allows no window that long.
 */
export function spanOf(preset: Preset, nowMs: number, zone: Zone, maxWindowMs: number): Span {
  const today = { ...wallOf(nowMs, zone), hour: 0, minute: 0 };
  switch (preset) {
    case 'now-1h':
      return { startMs: nowMs, endMs: wholeMinute(nowMs + hourMs) };
    case 'now-2h':
      return { startMs: nowMs, endMs: wholeMinute(nowMs + 2 * hourMs) };
    case 'rest-of-today':
      return {
        startMs: nowMs,
        endMs: Math.min(atWall({ ...today, hour: 23, minute: 59 }, zone), wholeMinute(nowMs + maxWindowMs)),
      };
    case 'tomorrow-morning':
      return {
        startMs: atWall({ ...today, day: today.day + 1, hour: 9 }, zone),
        endMs: atWall({ ...today, day: today.day + 1, hour: 12 }, zone),
      };
    default:
      return preset satisfies never;
  }
}

/** Whether the window of a preset moves along with the clock. */
export function beginsNow(preset: Preset): boolean {
  return preset !== 'tomorrow-morning';
}

/** A minute begins at :00, so that an end reads as it is. */
function wholeMinute(epochMs: number): number {
  return Math.floor(epochMs / 60_000) * 60_000;
}

/** A window that began before now begins now: nobody watches the past. */
export function fromNow(span: Span, nowMs: number): Span {
  return { startMs: Math.max(span.startMs, nowMs), endMs: span.endMs };
}

/** The window of a draft or of an earlier request, if it can still be asked for; null if it is over or was never whole. */
export function spanFrom(start: Window['start'] | null, end: Window['end'] | null, nowMs: number): Span | null {
  if (start === null || end === null) return null;
  const span = { startMs: toMs(start), endMs: toMs(end) };
  return span.endMs > nowMs && span.endMs > span.startMs ? span : null;
}

/** What is wrong with a window by the gateway's rules; the field that has to change comes with it. */
export type WindowProblem =
  | { field: 'end'; problem: 'endBeforeStart' | 'endInPast' }
  | { field: 'end'; problem: 'tooLong'; maxMs: number }
  | { field: 'start'; problem: 'tooFarAhead'; maxMs: number };

/** The first problem of a window at `nowMs`, or null. The gateway checks it again. */
export function problemOf(
  span: Span,
  nowMs: number,
  policy: Pick<Policy, 'maxWindowMs' | 'maxStartAheadMs'>,
): WindowProblem | null {
  const { startMs, endMs } = fromNow(span, nowMs);
  if (span.endMs <= span.startMs) return { field: 'end', problem: 'endBeforeStart' };
  if (endMs <= nowMs) return { field: 'end', problem: 'endInPast' };
  if (startMs > nowMs + policy.maxStartAheadMs) return { field: 'start', problem: 'tooFarAhead', maxMs: policy.maxStartAheadMs };
  if (endMs - startMs > policy.maxWindowMs) return { field: 'end', problem: 'tooLong', maxMs: policy.maxWindowMs };
  return null;
}
