/** Low enough that a million rows fit under Chromium's limit for the height of an element (33,554,428 px). */
export const rowHeight = 32;
export const headerHeight = 34;
/** So many rows can be drawn; what comes after them is found by filters. */
export const mostRows = 1_000_000;

/** Where a key moves the current row to: an index, or null if it is not a key that moves. `at` is -1 while there is none. */
export function movedTo(key: string, at: number, count: number, pageRows: number): number | null {
  if (count === 0) return null;
  const to = ((): number | null => {
    switch (key) {
      case 'ArrowDown':
        return at + 1;
      case 'ArrowUp':
        return at - 1;
      case 'PageDown':
        return at + pageRows;
      case 'PageUp':
        return at - pageRows;
      case 'Home':
        return 0;
      case 'End':
        return count - 1;
      default:
        return null;
    }
  })();
  return to === null ? null : Math.min(Math.max(to, 0), count - 1);
}

/** How many rows a Page key moves by in a table that is `heightPx` high. */
export function pageRowsOf(heightPx: number): number {
  return Math.max(1, Math.floor((heightPx - headerHeight) / rowHeight) - 1);
}
