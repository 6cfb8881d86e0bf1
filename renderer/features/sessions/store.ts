import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { Bridge } from '../../../contract/bridge.ts';
import type { EventPayload } from '../../../contract/events.ts';
import { newestFirst, type Session } from '../../../contract/session.ts';
import { failureOf } from '../../store/live.ts';
import { type Found, foundOf, type ListState, type Page, type Search, tidy, withChanges, withPage } from './list.ts';

const pageSize = 100;
const largestPage = 1000;
const quietMs = 1000;

export type SessionsState = {
  search: Search;
  list: ListState;
  /** The row that the keyboard acts on. It survives every refresh. */
  currentId: string | null;
  /** Where the list was scrolled to, for who comes back to it. */
  scrollTop: number;
};

export type SessionsList = {
  use: UseBoundStore<StoreApi<SessionsState>>;
  /** Begins to listen and makes the list fresh. Returns the way to stop; what was found stays for who comes back. */
  open(): () => void;
  /** Looks for something else. Of overlapping searches the last one is shown. */
  find(search: Search): void;
  /** Loads the page after the last one, if there is one and it is not on its way. */
  more(): void;
  /** Asks again for what is shown, and replaces it when the answer is there. */
  refresh(): void;
  makeCurrent(id: string | null): void;
  keepScroll(scrollTop: number): void;
};

const nothingAsked: Search = { filter: {}, sort: newestFirst };
const empty: SessionsState = { search: nothingAsked, list: { name: 'waiting' }, currentId: null, scrollTop: 0 };

/** The list of Remote Sessions over one bridge. */
export function createSessionsList(bridge: Pick<Bridge, 'call' | 'on'>): SessionsList {
  const use = create<SessionsState>(() => empty);
  let asked = 0;
  /** What changed while an answer was on its way: the answer may be older. */
  let late: Session[] | null = null;
  let quiet: ReturnType<typeof setTimeout> | null = null;

  const shown = (): Extract<ListState, { name: 'shown' }> | null => {
    const { list } = use.getState();
    return list.name === 'shown' ? list : null;
  };
  const pageOf = (search: Search, limit: number, cursor?: string): Promise<Page> =>
    bridge.call('sessions.page', { ...search, limit, ...(cursor === undefined ? {} : { cursor }) });

  /** `keep`: what is shown stays if the answer is a failure. */
  const load = async (read: () => Promise<Found>, keep: boolean): Promise<void> => {
    asked += 1;
    const mine = asked;
    late = [];
    try {
      const found = await read();
      if (mine !== asked) return;
      use.setState({ list: { name: 'shown', found: withChanges(found, late ?? []).found, searching: false, next: 'idle' } });
      late = null;
    } catch (error) {
      if (mine !== asked) return;
      late = null;
      const before = shown();
      use.setState({
        list: keep && before ? { ...before, searching: false, next: 'idle' } : { name: 'failed', failure: failureOf(error) },
      });
    }
  };

  const find = (search: Search): void => {
    const tidied = { ...search, filter: tidy(search.filter) };
    const before = shown();
    use.setState({ search: tidied, list: before ? { ...before, searching: true } : { name: 'waiting' }, scrollTop: 0 });
    void load(async () => foundOf(await pageOf(tidied, pageSize)), false);
  };

  const refresh = (): void => {
    const before = shown();
    if (!before) {
      find(use.getState().search);
      return;
    }
    const { search } = use.getState();
    const count = before.searching ? pageSize : before.found.items.length;
    void load(() => readAgain(count, (limit, cursor) => pageOf(search, limit, cursor)), !before.searching);
  };

  const refreshSoon = (): void => {
    quiet ??= setTimeout(() => {
      quiet = null;
      refresh();
    }, quietMs);
  };

  const more = (): void => {
    const now = shown();
    if (!now || now.searching || now.next === 'waiting' || now.found.nextCursor === null) return;
    const mine = asked;
    use.setState({ list: { ...now, next: 'waiting' } });
    pageOf(use.getState().search, pageSize, now.found.nextCursor).then(
      (page) => {
        const then = shown();
        if (mine === asked && then) use.setState({ list: { ...then, found: withPage(then.found, page), next: 'idle' } });
      },
      (error: unknown) => {
        const then = shown();
        if (mine === asked && then) use.setState({ list: { ...then, next: { failure: failureOf(error) } } });
      },
    );
  };

  const heard = ({ changed, all }: EventPayload<'sessions'>): void => {
    if (all) {
      refreshSoon();
      return;
    }
    late?.push(...changed);
    const now = shown();
    if (!now) return;
    const { found, strangers } = withChanges(now.found, changed);
    if (found !== now.found) use.setState({ list: { ...now, found } });
    if (strangers) refreshSoon();
  };

  // What one person found is nothing for the next one.
  bridge.on('account', (account) => {
    if (account.state === 'signed-in') return;
    asked += 1;
    use.setState(empty);
  });

  return {
    use,
    open() {
      const stop = bridge.on('sessions', heard);
      refresh();
      return () => {
        stop();
        if (quiet !== null) clearTimeout(quiet);
        quiet = null;
      };
    },
    find,
    more,
    refresh,
    makeCurrent: (currentId) => use.setState({ currentId }),
    keepScroll: (scrollTop) => use.setState({ scrollTop }),
  };
}

/** Reads at least `count` sessions from the start, in as few pages as there can be. */
async function readAgain(count: number, page: (limit: number, cursor?: string) => Promise<Page>): Promise<Found> {
  let found = foundOf(await page(Math.min(Math.max(count, pageSize), largestPage)));
  while (found.items.length < count && found.nextCursor !== null) {
    found = withPage(found, await page(Math.min(Math.max(count - found.items.length, pageSize), largestPage), found.nextCursor));
  }
  return found;
}
