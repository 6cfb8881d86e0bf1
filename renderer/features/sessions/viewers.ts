import { mergeRanges, type Range } from '../../../contract/coverage.ts';
import type { Person } from '../../../contract/identity.ts';
import type { PastViewing } from '../../../contract/session.ts';

/** All that one person has watched of a session. */
export type Viewer = {
  person: Person;
  mine: boolean;
  /** The last first. */
  viewings: PastViewing[];
  watchedMs: number;
  shown: Range[];
  isWatching: boolean;
};

/** Viewings by person: who is watching now first, then by when they last began. `viewings` come with the last first. */
export function viewersOf(viewings: readonly PastViewing[]): Viewer[] {
  const byPerson = new Map<string, PastViewing[]>();
  for (const viewing of viewings) byPerson.set(viewing.viewer.id, [...(byPerson.get(viewing.viewer.id) ?? []), viewing]);
  const viewers = [...byPerson.values()].flatMap((own): Viewer[] => {
    const [last] = own;
    if (!last) return [];
    return [
      {
        person: last.viewer,
        mine: last.mine,
        viewings: own,
        watchedMs: own.reduce((sum, { watchedMs }) => sum + watchedMs, 0),
        shown: mergeRanges(own.flatMap(({ shown }) => shown)),
        isWatching: own.some(({ endedAt }) => endedAt === null),
      },
    ];
  });
  return viewers.toSorted((one, other) => Number(other.isWatching) - Number(one.isWatching));
}
