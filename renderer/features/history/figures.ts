import type { HistoryFigures, HistoryFilter } from '../../../contract/history.ts';
import { toInstant, toMs } from '../../../contract/time.ts';
import { weekMs, without } from './filter.ts';

type PhaseName = NonNullable<HistoryFilter['phases']>[number];
type Choice = Pick<HistoryFilter, 'phases' | 'watched'>;

/** What was approved, whatever became of it. */
const approved: PhaseName[] = ['scheduled', 'open', 'over', 'revoked'];

/** The figures people ask for, in the order in which they are shown, and the rows that each counts. */
export const tiles = ['asked', 'approved', 'rejected', 'expired', 'watched', 'unwatched', 'median', 'watchedTime'] as const;
export type Tile = (typeof tiles)[number];

const choices: Record<Tile, Choice> = {
  asked: {},
  approved: { phases: approved },
  rejected: { phases: ['rejected'] },
  expired: { phases: ['expired'] },
  watched: { phases: approved, watched: true },
  unwatched: { phases: approved, watched: false },
  median: { phases: [...approved, 'rejected'] },
  watchedTime: { watched: true },
};

/** The filter that figures are about: what chooses among them is left aside, so that one can go from one to the other. */
export const aboutFilter = (filter: HistoryFilter): HistoryFilter => without(filter, 'phases', 'watched');

/** The filter that shows the rows of a figure; all of them once more if they are shown already. */
export function chosenBy(tile: Tile, filter: HistoryFilter): HistoryFilter {
  const about = aboutFilter(filter);
  return isChosen(tile, filter) ? about : { ...about, ...choices[tile] };
}

/** Whether the table shows just the rows of a figure. That of everything is never said to be chosen. */
export function isChosen(tile: Tile, { phases = [], watched }: HistoryFilter): boolean {
  const its = choices[tile].phases ?? [];
  return tile !== 'asked' && watched === choices[tile].watched && same(phases, its);
}

const same = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((value) => other.includes(value));

/** The number of a figure; null where there is none. Times are in ms. */
export function numberOf(tile: Tile, figures: HistoryFigures): number | null {
  switch (tile) {
    case 'unwatched':
      return figures.approved - figures.watched;
    case 'median':
      return figures.medianDecideMs;
    case 'watchedTime':
      return figures.watchedMs;
    default:
      return figures[tile];
  }
}

export type Week = HistoryFigures['weeks'][number];

/** The weeks from the first to the last, those in which nothing was too. */
export function withoutGaps(weeks: readonly Week[]): Week[] {
  const sorted = [...weeks].sort((a, b) => toMs(a.start) - toMs(b.start));
  const [first, last] = [sorted.at(0), sorted.at(-1)];
  if (!first || !last) return [];
  const known = new Map(sorted.map((week) => [toMs(week.start), week]));
  const count = Math.round((toMs(last.start) - toMs(first.start)) / weekMs) + 1;
  return Array.from({ length: count }, (_, index) => {
    const startMs = toMs(first.start) + index * weekMs;
    return known.get(startMs) ?? { start: toInstant(startMs), asked: 0, decided: 0, watchedMs: 0 };
  });
}

/** The highest of the bars, each at least 1 so that an empty chart has a scale. */
export function scaleOf(weeks: readonly Week[]): { requests: number; watchedMs: number } {
  return {
    requests: Math.max(1, ...weeks.flatMap(({ asked, decided }) => [asked, decided])),
    watchedMs: Math.max(1, ...weeks.map(({ watchedMs }) => watchedMs)),
  };
}
