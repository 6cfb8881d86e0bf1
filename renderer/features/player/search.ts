import type { SessionEvent, SessionEventType } from '../../../contract/session.ts';

/** Text without case and accents. */
export const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The indexes of the events in whose text or detail every word of the query stands, in order. Nothing asked for finds nothing. */
export function find(events: readonly SessionEvent[], query: string): number[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return events.flatMap((event, index) => {
    const text = fold(`${event.text}\n${event.detail ?? ''}`);
    return words.every((word) => text.includes(word)) ? [index] : [];
  });
}

/** The hit after (or before) a place in the list of events, around its end. Null without hits. */
export function nextHit(hits: readonly number[], from: number, step: 1 | -1): number | null {
  if (hits.length === 0) return null;
  const next = step > 0 ? hits.find((hit) => hit > from) : hits.findLast((hit) => hit < from);
  return next ?? (step > 0 ? hits[0] : hits.at(-1)) ?? null;
}

/** The indexes of the events of the chosen types; of all when none is chosen. */
export function ofTypes(events: readonly SessionEvent[], types: readonly SessionEventType[]): number[] {
  return events.flatMap((event, index) => (types.length === 0 || types.includes(event.type) ? [index] : []));
}
