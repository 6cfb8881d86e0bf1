import { type HistoryFilter, phases } from '../../../contract/history.ts';
import type { Phase } from '../../../contract/request.ts';
import type { Kind } from '../../../contract/session.ts';
import { toInstant, toMs } from '../../../contract/time.ts';
import type { TimeRange } from '../../ui/filter/range.ts';

/** The filters as people know them: the two ends of Asked are one. Free text has a box of its own. */
export const filterNames = [
  'asked',
  'phases',
  'requester',
  'device',
  'approver',
  'watched',
  'session',
  'user',
  'reason',
  'governanceCode',
  'kind',
] as const;
export type FilterName = (typeof filterNames)[number];

/** Those that always have a pill; the others get theirs when they are added. */
export const pinned: readonly FilterName[] = ['asked', 'phases', 'requester', 'device', 'approver'];

/** The range of Asked. */
export const askedOf = ({ askedFrom, askedUntil }: HistoryFilter): TimeRange => ({ from: askedFrom, until: askedUntil });

const keysOf = (name: FilterName): readonly string[] => (name === 'asked' ? ['askedFrom', 'askedUntil'] : [name]);

/** Whether a filter is set. */
export function isSet(filter: HistoryFilter, name: FilterName): boolean {
  return Object.keys(tidy(filter)).some((key) => keysOf(name).includes(key));
}

/** The filter without some of its parts. */
export function without(filter: HistoryFilter, ...names: FilterName[]): HistoryFilter {
  const gone = names.flatMap(keysOf);
  return Object.fromEntries(Object.entries(filter).filter(([key]) => !gone.includes(key)));
}

/** The filter with another range of Asked. */
export function withAsked(filter: HistoryFilter, { from, until }: TimeRange): HistoryFilter {
  return {
    ...without(filter, 'asked'),
    ...(from !== undefined && { askedFrom: from }),
    ...(until !== undefined && { askedUntil: until }),
  };
}

/** The filter without what says nothing: empty words, empty choices. */
export function tidy(filter: HistoryFilter): HistoryFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => {
      if (typeof value === 'string') return value.trim() !== '';
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    }),
  );
}

/** Whether anything is looked for at all. */
export const isEmpty = (filter: HistoryFilter) => Object.keys(tidy(filter)).length === 0;

export const weekMs = 7 * 86_400_000;
// 5 January 1970 was a Monday.
const mondayMs = 4 * 86_400_000;

/** The week (start and end) that a filter's range of Asked is exactly; null if it is none. Weeks begin on Mondays, in UTC. */
export function weekOf(filter: HistoryFilter): { start: string; end: string } | null {
  const { askedFrom, askedUntil } = filter;
  if (askedFrom === undefined || askedUntil === undefined) return null;
  const isWeek = (toMs(askedFrom) - mondayMs) % weekMs === 0 && toMs(askedUntil) - toMs(askedFrom) === weekMs;
  return isWeek ? { start: askedFrom, end: askedUntil } : null;
}

/** The range of the week that begins at `start`. */
export const weekRange = (start: string): TimeRange => ({ from: start, until: toInstant(toMs(start) + weekMs) });

/** Words and times in the person's language and zone. */
export type FilterWords = {
  name(name: FilterName | 'text'): string;
  phase(phase: Phase): string;
  kind(kind: Kind): string;
  watched(watched: boolean): string;
  range(range: TimeRange): string;
  week(start: string): string;
};

/** What the pill of a filter says: its name, and its value once it has one. */
export function pillText(filter: HistoryFilter, name: FilterName, words: FilterWords): { name: string; value: string | null } {
  return { name: words.name(name), value: isSet(filter, name) ? valueText(filter, name, words) : null };
}

function valueText(filter: HistoryFilter, name: FilterName, words: FilterWords): string {
  switch (name) {
    case 'asked': {
      const week = weekOf(filter);
      return week ? words.week(week.start) : words.range(askedOf(filter));
    }
    case 'phases':
      return phases
        .filter((phase) => filter.phases?.includes(phase))
        .map(words.phase)
        .join(', ');
    case 'kind':
      return filter.kind ? words.kind(filter.kind) : '';
    case 'watched':
      return words.watched(filter.watched ?? false);
    default:
      return filter[name] ?? '';
  }
}

/** A filter in words, a line for each part: what an export is of. */
export function filterLines(filter: HistoryFilter, words: FilterWords): { name: string; value: string }[] {
  const parts = filterNames.filter((name) => isSet(filter, name)).map((name) => pillText(filter, name, words));
  const text = filter.text?.trim() ?? '';
  return [
    ...(text === '' ? [] : [{ name: words.name('text'), value: `“${text}”` }]),
    ...parts.map(({ name, value }) => ({ name, value: value ?? '' })),
  ];
}
