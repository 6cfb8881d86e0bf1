import { describe, expect, it } from 'vitest';
import { presetOf, presets, rangeOf } from '../../../renderer/ui/filter/range.ts';
import { savedWith } from '../../../renderer/ui/filter/saved.ts';
import { headerHeight, mostRows, movedTo, pageRowsOf, rowHeight } from '../../../renderer/ui/grid/moves.ts';

describe('a range of time', () => {
  const midnight = Date.parse('2026-11-24T03:00:00Z');
  const dayStart = (days: number) => midnight + days * 86_400_000;

  it('is known as a preset again, today', () => {
    for (const preset of presets) expect(presetOf(rangeOf(preset, dayStart), dayStart)).toBe(preset);
    expect(presetOf(rangeOf('today', dayStart), (days) => dayStart(days + 1))).toBeNull();
    expect(presetOf({ from: '2026-11-24T19:00:00.000Z' }, dayStart)).toBeNull();
  });
});

it('filters are saved by name, one of each', () => {
  const saved = savedWith(
    [
      { name: 'b', filter: {} },
      { name: 'a', filter: { user: 'x' } },
    ],
    { name: 'a', filter: { user: 'y' } },
  );
  expect(saved).toEqual([
    { name: 'a', filter: { user: 'y' } },
    { name: 'b', filter: {} },
  ]);
});

describe('a table', () => {
  it('holds a million rows in what Chromium can draw', () => {
    expect(mostRows * rowHeight + headerHeight).toBeLessThan(33_554_428);
  });

  it('goes a little less than what is in sight by a Page key', () => {
    expect(pageRowsOf(headerHeight + 10 * rowHeight)).toBe(9);
    expect(pageRowsOf(0)).toBe(1);
  });

  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowDown', -1, 0],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 8],
    ['PageUp', 3, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
    ['a', 5, null],
  ])('%s at row %d goes to %s', (key, from, to) => {
    expect(movedTo(key, from, 10, 5)).toBe(to);
  });
});
