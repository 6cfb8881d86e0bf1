/** Elements are made for so many rows more at a time. */
const step = 16;

/**
 * Elements that draw a row. `here`: the row where it belongs. `left`: a row that has gone out of sight, where it was, while the one that is to
 * come in its elements is not known yet. `parked`: nothing; what they drew last is kept out of sight. `row` is null if they drew nothing yet.
 */
export type Slot<R> = { slot: number; state: 'here' | 'left' | 'parked'; index: number; row: R | null };

/** What a list shows: rows from number `first` on, `count` of them, of `total` (those that are known so far). */
export type Sight<R> = { first: number; count: number; total: number; rowAt: (index: number) => R | null; scrolling: boolean };

/**
 * Which elements draw which row. A row keeps its elements as long as it is in sight, and those of rows that have gone draw those that come.
 * While somebody scrolls, the elements stay in their places in the document: to lay them out anew takes longer than a frame, and so does
 * changing all of them twice, for rows that go and for rows that come. At rest they stand in the order of their rows, which
 * is the one that is read out, and what is not in sight is parked. What has not changed is the same object.
 */
export function slotsOf<R extends { id: string }>(
  before: readonly Slot<R>[],
  { first, count, total, rowAt, scrolling }: Sight<R>,
): Slot<R>[] {
  const pool = Math.max(before.length, Math.ceil(count / step) * step);
  const known = new Map(before.map((slot) => [slot.slot, slot]));
  const indexOf = (slot: number) => first + ((slot - (first % pool) + pool) % pool);
  const rowOf = (slot: number) => (indexOf(slot) < first + count ? rowAt(indexOf(slot)) : null);
  const inOrder = Array.from({ length: pool }, (_, at) => (first + at) % pool);
  const order = scrolling ? [...known.keys(), ...inOrder.filter((slot) => !known.has(slot))] : inOrder;
  const shown = new Set(order.flatMap((slot) => rowOf(slot)?.id ?? []));
  const mayStay = ({ state, index, row }: Slot<R>) =>
    scrolling &&
    state !== 'parked' &&
    row !== null &&
    index < total &&
    (index < first || index >= first + count) &&
    !shown.has(row.id);
  return order.map((slot) => {
    const row = rowOf(slot);
    const last = known.get(slot) ?? { slot, state: 'parked', index: 0, row: null };
    if (row !== null) return same(last, { slot, state: 'here', index: indexOf(slot), row });
    return same(last, { ...last, state: mayStay(last) ? 'left' : 'parked' });
  });
}

function same<R>(last: Slot<R>, now: Slot<R>): Slot<R> {
  return last.state === now.state && last.index === now.index && last.row === now.row ? last : now;
}
