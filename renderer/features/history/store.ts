import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { Bridge } from '../../../contract/bridge.ts';
import { HistoryQuery, type HistoryRow } from '../../../contract/history.ts';
import { failureOf } from '../../store/live.ts';
import { rowHeight } from '../../ui/grid/moves.ts';
import { tidy } from './filter.ts';
import { indexOf, type ListState, missingPages, pageOf, pageSize, type Rows, rowAt, withPage } from './list.ts';

const quietMs = 250;
/** So many pages are on their way at once: whoever flings through a million rows asks for where they are, not for all they passed. */
const atOnce = 2;
/**
 * Who goes on this soon (ms) to where nothing is that was in sight, and that twice in a row, is flinging: rows are read where they slow down, or
 * have stopped this long.
 */
const [flungWithinMs, restMs] = [40, 50];

export type HistoryState = {
  query: HistoryQuery;
  list: ListState;
  /** The row that the keyboard acts on and whose details are shown. It survives every refresh, wherever it then is. */
  current: { index: number; id: string } | null;
  /** Where the list is scrolled to, for who comes back to it. */
  scrollTop: number;
  /** The last time that the list went elsewhere by itself: to its top, or by so many rows with what is in sight. */
  move: { to: 'top' } | { by: number };
};

export type HistoryList = {
  use: UseBoundStore<StoreApi<HistoryState>>;
  /** Begins to listen and makes the list fresh. Returns the way to stop; what was found stays for who comes back. */
  open(): () => void;
  /** Looks for something else. Of overlapping searches the last one is shown. */
  find(query: HistoryQuery): void;
  /** Says which rows are in sight: those that are not here are read. */
  look(from: number, to: number): void;
  /** Reads what is in sight again, and replaces it when it is there; the row at the top stays where it is. */
  refresh(): void;
  makeCurrent(row: { index: number; id: string } | null): void;
  keepScroll(scrollTop: number): void;
};

const nothingAsked = HistoryQuery.parse({});
const empty: HistoryState = { query: nothingAsked, list: { name: 'waiting' }, current: null, scrollTop: 0, move: { to: 'top' } };

/** The list of History over one bridge: rows by their number, page by page, only where somebody looks. */
export function createHistoryList(bridge: Pick<Bridge, 'call' | 'on'>): HistoryList {
  const use = create<HistoryState>(() => empty);
  /** Rises with every search and refresh: what was asked for before is not wanted any more. */
  let asked = 0;
  let sight = { from: 0, to: 0 };
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let flung = 0;
  let resting: ReturnType<typeof setTimeout> | null = null;
  const onTheWay = new Set<number>();
  let quiet: ReturnType<typeof setTimeout> | null = null;
  /** Whether what is in sight is being read again, and whether it has changed once more meanwhile. */
  let refreshing: 'no' | 'yes' | 'again' = 'no';

  const shown = () => {
    const { list } = use.getState();
    return list.name === 'shown' ? list : null;
  };
  const read = async (page: number): Promise<readonly HistoryRow[]> => {
    const { query } = use.getState();
    return (await bridge.call('history.page', { query, from: page * pageSize, limit: pageSize })).rows;
  };
  const count = async (): Promise<number> => (await bridge.call('history.count', { query: use.getState().query })).total;
  const failed = (mine: number, error: unknown): void => {
    if (mine !== asked) return;
    const now = shown();
    const failure = failureOf(error);
    use.setState({ list: now && !now.searching ? { ...now, trouble: failure } : { name: 'failed', failure } });
  };

  const fill = (): void => {
    const now = shown();
    if (!now || now.searching || now.trouble || resting !== null) return;
    const mine = asked;
    const wanted = missingPages(now.rows, sight.from, sight.to).filter((page) => !onTheWay.has(page));
    for (const page of wanted.slice(0, atOnce - onTheWay.size)) {
      onTheWay.add(page);
      read(page).then(
        (rows) => {
          if (mine !== asked) return;
          onTheWay.delete(page);
          const then = shown();
          if (then) use.setState({ list: { ...then, rows: withPage(then.rows, page, rows) } });
          fill();
        },
        (error: unknown) => {
          if (mine !== asked) return;
          onTheWay.delete(page);
          failed(mine, error);
        },
      );
    }
  };

  const rest = (): void => {
    resting = null;
    fill();
  };

  const find = (query: HistoryQuery): void => {
    asked += 1;
    onTheWay.clear();
    const mine = asked;
    const before = shown();
    use.setState({
      query: { ...query, filter: tidy(query.filter) },
      list: before ? { ...before, searching: true, trouble: null } : { name: 'waiting' },
      current: null,
    });
    let total: number | null = null;
    // The first rows do not wait for their count.
    read(0).then(
      (rows) => {
        if (mine !== asked) return;
        const found = withPage({ pages: new Map(), total }, 0, rows);
        sight = { from: 0, to: Math.min(sight.to - sight.from, pageSize - 1) };
        use.setState({
          list: { name: 'shown', rows: found, searching: false, trouble: null },
          scrollTop: 0,
          move: { to: 'top' },
        });
        fill();
      },
      (error: unknown) => failed(mine, error),
    );
    count().then(
      (counted) => {
        total = counted;
        const now = shown();
        if (mine === asked && now && !now.searching) use.setState({ list: { ...now, rows: { ...now.rows, total: counted } } });
      },
      (error: unknown) => failed(mine, error),
    );
  };

  /** The rows around what is in sight, as they are now, and by how many the row at its top has moved. */
  const readAgain = async (before: Rows, top: { index: number; id: string } | null): Promise<{ rows: Rows; moved: number }> => {
    const total = await count();
    // What is new stands above: rows in sight have most likely moved by as many.
    const likely = top === null ? 0 : total - (before.total ?? total);
    const at = (index: number) => Math.min(Math.max(index + likely, 0), Math.max(total - 1, 0));
    const pages = new Set([pageOf(at(sight.from)), pageOf(at(sight.to))]);
    let rows: Rows = { pages: new Map(), total };
    for (const page of pages) rows = withPage(rows, page, await read(page));
    const now = top === null ? -1 : indexOf(rows, top.id);
    return { rows, moved: top === null || now < 0 ? 0 : now - top.index };
  };

  const refreshSoon = (): void => {
    quiet ??= setTimeout(() => {
      quiet = null;
      refresh();
    }, quietMs);
  };

  const refresh = (): void => {
    // Whatever changes while one answer is awaited makes one more question, however fast things change.
    if (refreshing !== 'no') {
      refreshing = 'again';
      return;
    }
    const before = shown();
    if (!before || before.searching) {
      find(use.getState().query);
      return;
    }
    asked += 1;
    onTheWay.clear();
    const mine = asked;
    const topIndex = Math.floor(use.getState().scrollTop / rowHeight);
    const topRow = topIndex === 0 ? null : rowAt(before.rows, topIndex);
    refreshing = 'yes';
    const done = (): void => {
      const again = refreshing === 'again';
      refreshing = 'no';
      if (again && quiet === null) refreshSoon();
    };
    readAgain(before.rows, topRow && { index: topIndex, id: topRow.id }).then(
      ({ rows, moved }) => {
        done();
        if (mine !== asked) return;
        const { current } = use.getState();
        const at = current ? indexOf(rows, current.id) : -1;
        sight = { from: sight.from + moved, to: sight.to + moved };
        use.setState({
          list: { name: 'shown', rows, searching: false, trouble: null },
          current: current && { id: current.id, index: at >= 0 ? at : current.index + moved },
          ...(moved !== 0 && { move: { by: moved } }),
        });
        fill();
      },
      (error: unknown) => {
        done();
        failed(mine, error);
      },
    );
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
      const stop = bridge.on('history', refreshSoon);
      refresh();
      return () => {
        stop();
        if (quiet !== null) clearTimeout(quiet);
        quiet = null;
      };
    },
    find,
    look(from, to) {
      const nowMs = performance.now();
      flung = nowMs - lookedAtMs < flungWithinMs && (from > sight.to || to < sight.from) ? flung + 1 : 0;
      sight = { from, to };
      lookedAtMs = nowMs;
      if (resting !== null) clearTimeout(resting);
      resting = flung > 1 ? setTimeout(rest, restMs) : null;
      fill();
    },
    refresh,
    makeCurrent: (current) => use.setState({ current }),
    keepScroll: (scrollTop) => use.setState({ scrollTop }),
  };
}
