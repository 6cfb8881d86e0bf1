/** Elements are made for so many rows more at a time. */
const step = 16;

/** Elements that draw the row of a number, or none. */
export type Slot = { slot: number; index: number | null };

/**
 * Which elements draw which of the rows from `first` on, `count` of them. A row keeps its elements as long as it is in sight, and elements
 * of rows that have gone draw those that come. While somebody scrolls the elements stay in their places in the document, for moving them
 * costs; at rest they stand in the order of their rows, which is the one that is read out.
 */
export function slotsOf(first: number, count: number, scrolling: boolean): Slot[] {
  const pool = Math.ceil(count / step) * step;
  const start = scrolling ? 0 : first % Math.max(1, pool);
  return Array.from({ length: pool }, (_, at) => {
    const slot = (start + at) % pool;
    const index = first + ((slot - (first % pool) + pool) % pool);
    return { slot, index: index < first + count ? index : null };
  });
}

/** Rows one after the other that are not here. */
export type Run = { from: number; rows: number };

/** The runs of what is missing among rows whose numbers follow each other. */
export function missingRuns(indices: readonly number[], isHere: (index: number) => boolean): Run[] {
  const runs: Run[] = [];
  for (const index of indices) {
    if (isHere(index)) continue;
    const last = runs.at(-1);
    if (last && last.from + last.rows === index) last.rows += 1;
    else runs.push({ from: index, rows: 1 });
  }
  return runs;
}
