import { type Instant, toInstant, toMs } from '../../../contract/time.ts';

/** From a moment until another, each end open where it is not given. */
export type TimeRange = { from?: Instant | undefined; until?: Instant | undefined };

export const presets = ['today', 'yesterday', 'week', 'month'] as const;
export type Preset = (typeof presets)[number];

/** The start (epoch ms) of the day that is `days` away from today, in the zone in which the person reads times. */
export type DayStart = (days: number) => number;

/** The range of a preset. Ranges end open where they reach into now, so that what is new comes into them. */
export function rangeOf(preset: Preset, dayStart: DayStart): TimeRange {
  switch (preset) {
    case 'today':
      return { from: toInstant(dayStart(0)) };
    case 'yesterday':
      return { from: toInstant(dayStart(-1)), until: toInstant(dayStart(0)) };
    case 'week':
      return { from: toInstant(dayStart(-6)) };
    case 'month':
      return { from: toInstant(dayStart(-29)) };
    default:
      return preset satisfies never;
  }
}

/** The preset that a range is today, if it is one. */
export function presetOf(range: TimeRange, dayStart: DayStart): Preset | null {
  const same = (one: string | undefined, other: string | undefined): boolean =>
    one === undefined || other === undefined ? one === other : toMs(one) === toMs(other);
  return (
    presets.find((preset) => {
      const its = rangeOf(preset, dayStart);
      return same(its.from, range.from) && same(its.until, range.until);
    }) ?? null
  );
}
