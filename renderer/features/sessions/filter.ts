import type { SessionFilter } from '../../../contract/session.ts';
import { toInstant, toMs } from '../../../contract/time.ts';

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

export const startedPresets = ['today', 'yesterday', 'week', 'month'] as const;
export type StartedPreset = (typeof startedPresets)[number];

/** The start (epoch ms) of the day that is `days` away from today, in the zone in which the person reads times. */
export type DayStart = (days: number) => number;

export type StartedRange = Pick<SessionFilter, 'startedFrom' | 'startedUntil'>;

/** The range of a preset. Ranges end open where they reach into now, so that new sessions come into them. */
export function startedRange(preset: StartedPreset, dayStart: DayStart): StartedRange {
  switch (preset) {
    case 'today':
      return { startedFrom: toInstant(dayStart(0)) };
    case 'yesterday':
      return { startedFrom: toInstant(dayStart(-1)), startedUntil: toInstant(dayStart(0)) };
    case 'week':
      return { startedFrom: toInstant(dayStart(-6)) };
    case 'month':
      return { startedFrom: toInstant(dayStart(-29)) };
    default:
      return preset satisfies never;
  }
}

/** The preset that a range is today, if it is one. */
export function presetOf(range: StartedRange, dayStart: DayStart): StartedPreset | null {
  const same = (one: string | undefined, other: string | undefined): boolean =>
    one === undefined || other === undefined ? one === other : toMs(one) === toMs(other);
  return (
    startedPresets.find((preset) => {
      const its = startedRange(preset, dayStart);
      return same(its.startedFrom, range.startedFrom) && same(its.startedUntil, range.startedUntil);
    }) ?? null
  );
}

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
  preset(preset: StartedPreset): string;
  range(range: StartedRange): string;
  dayStart: DayStart;
};

/** What the pill of a filter says: its name, and its value once it has one. */
export function pillText(filter: SessionFilter, name: FilterName, words: FilterWords): { name: string; value: string | null } {
  const label = words.name(name);
  if (!isSet(filter, name)) return { name: label, value: null };
  switch (name) {
    case 'started': {
      const preset = presetOf(filter, words.dayStart);
      return { name: label, value: preset ? words.preset(preset) : words.range(filter) };
    }
    case 'protocols':
      return { name: label, value: (filter.protocols ?? []).join(', ') };
    case 'states':
      return { name: label, value: (filter.states ?? []).map(words.state).join(', ') };
    default:
      return { name: label, value: filter[name] ?? '' };
  }
}
