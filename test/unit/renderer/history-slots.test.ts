import { describe, expect, it } from 'vitest';
import { type Sight, type Slot, slotsOf } from '../../../renderer/features/history/slots.ts';

type Row = { id: string };
const rows = Array.from({ length: 2_000 }, (_, index): Row => ({ id: `r${index}` }));
const rowAt = (index: number): Row | null => rows[index] ?? { id: `r${index}` };
const sight = (first: number, count: number, more: Partial<Sight<Row>> = {}): Sight<Row> => ({
  first,
  count,
  total: 1_000_000,
  rowAt,
  scrolling: true,
  ...more,
});
const here = (slots: readonly Slot<Row>[]) => slots.filter(({ state }) => state === 'here');

describe('the elements that rows are drawn in', () => {
  it('draw each row in sight once, wherever the list stands', () => {
    let before: Slot<Row>[] = [];
    for (const count of [0, 1, 15, 16, 17, 41])
      for (const first of [0, 1, 7, 40, 999_959])
        for (const scrolling of [true, false]) {
          const slots = slotsOf(before, sight(first, count, { scrolling }));
          expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length);
          const indices = here(slots).map(({ index }) => index);
          expect(indices.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => first + at));
          before = slots;
        }
  });

  it('stay with a row as long as it is in sight, as the same object', () => {
    const before = slotsOf([], sight(100, 41));
    const after = slotsOf(before, sight(107, 41));
    const kept = here(after).filter(({ index }) => index < 141);
    expect(kept).toHaveLength(34);
    for (const slot of kept) expect(before).toContain(slot);
  });

  it('keep their places in the document and their number while the list is scrolled, and stand in the order of their rows at rest', () => {
    const before = slotsOf([], sight(0, 41));
    const scrolled = slotsOf(before, sight(107, 22));
    expect(scrolled.map(({ slot }) => slot)).toEqual(before.map(({ slot }) => slot));
    expect(
      slotsOf(before, sight(107, 60))
        .slice(0, 48)
        .map(({ slot }) => slot),
    ).toEqual(before.map(({ slot }) => slot));
    const rested = slotsOf(scrolled, sight(107, 22, { scrolling: false }));
    expect(here(rested).map(({ index }) => index)).toEqual(Array.from({ length: 22 }, (_, at) => 107 + at));
  });

  it('stay where they are, out of sight, while the rows that are to come in them are read, and are parked at rest', () => {
    const before = slotsOf([], sight(0, 32));
    const jumped = slotsOf(before, sight(500, 32, { rowAt: () => null }));
    expect(jumped.map(({ state, index }) => [state, index])).toEqual(before.map(({ index }) => ['left', index]));
    const rested = slotsOf(jumped, sight(500, 32, { rowAt: () => null, scrolling: false }));
    expect(rested.every(({ state }) => state === 'parked')).toBe(true);
    const come = slotsOf(jumped, sight(500, 32));
    expect(here(come)).toHaveLength(32);
  });

  it('never show what was there before in the place of a row that is to come, nor a row twice, nor one behind the last', () => {
    const before = slotsOf([], sight(0, 32));
    // Their rows are to be read anew.
    expect(slotsOf(before, sight(0, 32, { rowAt: () => null })).every(({ state }) => state === 'parked')).toBe(true);
    // One row came in above: who went out of sight is in sight again, under another number.
    const moved = slotsOf(before, sight(32, 32, { rowAt: (index) => (index === 40 ? (rows[3] ?? null) : null) }));
    expect(moved.filter(({ row, state }) => row === rows[3] && state !== 'parked')).toHaveLength(1);
    // There are three rows left.
    const fewer = slotsOf(before, sight(0, 3, { total: 3 }));
    expect(fewer.map(({ state }) => state)).toEqual([...Array(3).fill('here'), ...Array(29).fill('parked')]);
  });
});
