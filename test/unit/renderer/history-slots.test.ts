import { describe, expect, it } from 'vitest';
import { missingRuns, slotsOf } from '../../../renderer/features/history/slots.ts';

const drawn = (first: number, count: number, scrolling: boolean) =>
  slotsOf(first, count, scrolling).flatMap(({ slot, index }) => (index === null ? [] : [{ slot, index }]));

describe('the elements that rows are drawn in', () => {
  it('draw each row in sight once, wherever the list stands', () => {
    for (const count of [0, 1, 15, 16, 17, 41])
      for (const first of [0, 1, 7, 40, 999_959])
        for (const scrolling of [true, false]) {
          const slots = slotsOf(first, count, scrolling);
          expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length);
          const indices = drawn(first, count, scrolling).map(({ index }) => index);
          expect(indices.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => first + at));
        }
  });

  it('stay with a row as long as it is in sight', () => {
    const before = new Map(drawn(100, 41, true).map(({ slot, index }) => [index, slot]));
    for (const { slot, index } of drawn(107, 41, true)) if (before.has(index)) expect(slot).toBe(before.get(index));
  });

  it('keep their places in the document while the list is scrolled, and stand in the order of their rows at rest', () => {
    expect(slotsOf(107, 41, true).map(({ slot }) => slot)).toEqual(Array.from({ length: 48 }, (_, at) => at));
    expect(drawn(107, 41, false).map(({ index }) => index)).toEqual(Array.from({ length: 41 }, (_, at) => 107 + at));
  });
});

describe('rows that are still to come', () => {
  it('are told by runs', () => {
    expect(missingRuns([3, 4, 5, 6, 7], (index) => index === 5)).toEqual([
      { from: 3, rows: 2 },
      { from: 6, rows: 2 },
    ]);
    expect(missingRuns([3, 4], () => true)).toEqual([]);
    expect(missingRuns([], () => false)).toEqual([]);
  });
});
