import { create } from 'zustand';
import { type Coverage, mergeRanges, type Range } from '../../../contract/coverage.ts';
import type { ReceiptEntry } from '../../../contract/viewing.ts';

/** What was seen of this recording before, and what this page has shown since. */
export const useCoverage = create<{ before: Coverage | null; shown: readonly Range[] }>(() => ({ before: null, shown: [] }));

/** Counts what goes on record as seen by me. Pictures that were left out were not seen. */
export function count(entries: readonly ReceiptEntry[]): void {
  const fresh = entries.flatMap((entry) =>
    entry.type === 'shown' && !entry.sampled ? [{ fromMs: entry.fromMs, toMs: entry.toMs }] : [],
  );
  if (fresh.length > 0) useCoverage.setState(({ shown }) => ({ shown: mergeRanges([...shown, ...fresh]) }));
}

/** The coverage as it is now; null while nothing is known. */
export function nowCovered({ before, shown }: { before: Coverage | null; shown: readonly Range[] }): Coverage | null {
  return before && { ...before, mine: mergeRanges([...before.mine, ...shown]) };
}
