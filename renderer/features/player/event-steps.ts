import type { SessionEvent } from '../../../contract/session.ts';

/** So soon after an event, "previous" means the one before it. */
const graceMs = 1_500;

/** The index of the last event at or before a position (ms); −1 before the first. Events are in order of time. */
export function eventAt(events: readonly SessionEvent[], positionMs: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.atMs ?? 0) <= positionMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where the next event begins (ms), or null after the last. */
export function nextEventMs(events: readonly SessionEvent[], positionMs: number): number | null {
  return events[eventAt(events, positionMs + 250) + 1]?.atMs ?? null;
}

/** Where the event before begins (ms), or null before the first. */
export function previousEventMs(events: readonly SessionEvent[], positionMs: number): number | null {
  return events[eventAt(events, positionMs - graceMs)]?.atMs ?? null;
}

/** Whether an event asks for attention. */
export function isAlarming(event: SessionEvent): boolean {
  return event.type === 'alert' || event.severity === 'high';
}
