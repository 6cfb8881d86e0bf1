import type { HistorySort } from '../../../contract/history.ts';

/** The columns from left to right. */
export const columns = [
  'createdAt',
  'requester',
  'session',
  'user',
  'device',
  'reason',
  'governanceCode',
  'phase',
  'approvers',
  'decidedAt',
  'watched',
] as const;
export type Column = (typeof columns)[number];

/** `keep`: the lower, the longer a column stays when there is less and less room. */
type Look = { least: number; share: number; keep: number; mono?: true; sort?: HistorySort['by'] };

export const looks: Record<Column, Look> = {
  createdAt: { least: 118, share: 1.3, keep: 0, sort: 'createdAt' },
  requester: { least: 104, share: 1, keep: 1, sort: 'requester' },
  phase: { least: 146, share: 0.6, keep: 2 },
  session: { least: 96, share: 0.4, keep: 3, mono: true },
  device: { least: 92, share: 0.9, keep: 4, sort: 'device' },
  watched: { least: 78, share: 0.3, keep: 5, mono: true },
  approvers: { least: 112, share: 1, keep: 6 },
  reason: { least: 124, share: 1.1, keep: 7 },
  user: { least: 106, share: 0.7, keep: 8 },
  governanceCode: { least: 92, share: 0.6, keep: 9, mono: true },
  decidedAt: { least: 122, share: 1.3, keep: 10 },
};

const fewest = 3;

/** The columns that a width (px) has room for, in their order. What is left out is in the details of a row. */
export function columnsFor(widthPx: number): Column[] {
  const wanted = [...columns].sort((a, b) => looks[a].keep - looks[b].keep);
  let taken = 0;
  const fitting = wanted.filter((column, at) => {
    taken += looks[column].least;
    return at < fewest || taken <= widthPx;
  });
  return columns.filter((column) => fitting.includes(column));
}

/** CSS `grid-template-columns` and the least width (px) of a row. */
export function tracks(shown: readonly Column[]): { template: string; least: number } {
  const each = shown.map((column) => looks[column]);
  return {
    template: each.map(({ least, share }) => `minmax(${least}px, ${share}fr)`).join(' '),
    least: each.reduce((sum, { least }) => sum + least, 0),
  };
}
