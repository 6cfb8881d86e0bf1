import type { SessionFilter } from '../../../contract/session.ts';
import type { TimeRange } from '../../ui/filter/range.ts';

/** The filters as people know them: the two ends of Started are one. Free text has a box of its own. */
export const filterNames = [
  'started',
  'user',
  'device',
  'credential',
  'protocols',
  'id',
  'originIp',
  'proxy',
  'states',
  'reason',
  'justification',
] as const;
export type FilterName = (typeof filterNames)[number];
export type WordsName = Exclude<FilterName, 'started' | 'protocols' | 'states'>;

/** Those that always have a pill; the others get theirs when they are added. */
export const pinned: readonly FilterName[] = ['started', 'user', 'device', 'credential', 'protocols'];

/** The range of Started. */
export const startedOf = ({ startedFrom, startedUntil }: SessionFilter): TimeRange => ({
  from: startedFrom,
  until: startedUntil,
});

/** Whether a filter is set. */
export function isSet(filter: SessionFilter, name: FilterName): boolean {
  if (name === 'started') return filter.startedFrom !== undefined || filter.startedUntil !== undefined;
  return (filter[name]?.length ?? 0) > 0;
}

/** The filter without one of its parts. */
export function without(filter: SessionFilter, name: FilterName): SessionFilter {
  const gone = name === 'started' ? ['startedFrom', 'startedUntil'] : [name];
  return Object.fromEntries(Object.entries(filter).filter(([key]) => !gone.includes(key)));
}

/** Whether anything is looked for at all. */
export function isEmpty(filter: SessionFilter): boolean {
  return Object.values(filter).every((value) => value === undefined || value.length === 0);
}

/** Words and times in the person's language and zone. */
export type FilterWords = {
  name(name: FilterName): string;
  state(state: NonNullable<SessionFilter['states']>[number]): string;
  range(range: TimeRange): string;
};

/** What the pill of a filter says: its name, and its value once it has one. */
export function pillText(filter: SessionFilter, name: FilterName, words: FilterWords): { name: string; value: string | null } {
  const label = words.name(name);
  if (!isSet(filter, name)) return { name: label, value: null };
  switch (name) {
    case 'started':
      return { name: label, value: words.range(startedOf(filter)) };
    case 'protocols':
      return { name: label, value: (filter.protocols ?? []).join(', ') };
    case 'states':
      return { name: label, value: (filter.states ?? []).map(words.state).join(', ') };
    default:
      return { name: label, value: filter[name] ?? '' };
  }
}
