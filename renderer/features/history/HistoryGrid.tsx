/** biome-ignore-all lint/a11y/useSemanticElements: what is drawn row by row cannot be a table element */
import { useElementSize } from '@mantine/hooks';
import { IconBroadcast, IconVideo } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryRow } from '../../../contract/history.ts';
import { nextChangeMs, phaseOf } from '../../../contract/request.ts';
import { go } from '../../store/route.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import type { Times } from '../../store/times.ts';
import classes from '../../ui/grid/Grid.module.css';
import { headerHeight, mostRows, movedTo, pageRowsOf, rowHeight } from '../../ui/grid/moves.ts';
import { PhaseBadge } from '../../ui/request/PhaseBadge.tsx';
import { type Column, columnsFor, looks, tracks } from './columns.ts';
import own from './HistoryGrid.module.css';
import { countOf, rowAt, sortBy } from './list.ts';
import type { HistoryList } from './store.ts';

const bones = 20;
const loadAheadRows = 20;
/** What the scroll bar takes of the width. */
const scrollbarPx = 16;

/** The table of History: only rows in sight are drawn, and only their pages are read. Details are shown of the current row. */
export function HistoryGrid({ history }: { history: HistoryList }) {
  const { t } = useTranslation();
  const list = history.use((state) => state.list);
  const current = history.use((state) => state.current);
  const move = history.use((state) => state.move);
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: frame, width } = useElementSize();

  const shown = list.name === 'shown' ? list : null;
  const count = shown ? Math.min(countOf(shown.rows, bones), mostRows) : bones;
  const fitting = useMemo(() => columnsFor(width === 0 ? 600 : width - scrollbarPx), [width]);
  const { template, least } = useMemo(() => tracks(fitting), [fitting]);

  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    initialOffset: () => history.use.getState().scrollTop,
  });
  const drawn = virtualizer.getVirtualItems();
  const [first, last] = [drawn.at(0)?.index ?? 0, drawn.at(-1)?.index ?? 0];
  useEffect(() => history.look(Math.max(0, first - loadAheadRows), last + loadAheadRows), [history, first, last]);

  const moved = useRef(move);
  useLayoutEffect(() => {
    if (moved.current === move || !scroller.current) return;
    moved.current = move;
    if ('to' in move) scroller.current.scrollTop = 0;
    else scroller.current.scrollTop += move.by * rowHeight;
  }, [move]);

  const makeCurrent = (index: number): void => {
    const row = shown && rowAt(shown.rows, index);
    virtualizer.scrollToIndex(index);
    if (row) history.makeCurrent({ index, id: row.id });
    else awaited.current = index;
  };
  // A row that a key has led to, and whose page is still to come.
  const awaited = useRef<number | null>(null);
  useEffect(() => {
    if (awaited.current === null || !shown) return;
    const row = rowAt(shown.rows, awaited.current);
    if (!row) return;
    history.makeCurrent({ index: awaited.current, id: row.id });
    awaited.current = null;
  }, [shown, history]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.altKey || event.metaKey || event.target !== scroller.current) return;
    if (event.ctrlKey && event.key !== 'Home' && event.key !== 'End') return;
    const row = current && shown && rowAt(shown.rows, current.index);
    if (event.key === 'Enter' && row) {
      event.preventDefault();
      go({ name: 'session', id: row.session.id });
      return;
    }
    if (event.key === 'Escape' && current) {
      event.preventDefault();
      history.makeCurrent(null);
      return;
    }
    const from = awaited.current ?? current?.index ?? -1;
    const to = movedTo(event.key, from, count, pageRowsOf(scroller.current.clientHeight));
    if (to === null) return;
    event.preventDefault();
    awaited.current = null;
    makeCurrent(to);
  };

  const words = useRowWords();
  const nowMs = useGatewayNow('half-minute');
  const total = shown?.rows.total ?? null;
  return (
    <div className={classes.frame} ref={frame}>
      <div
        ref={scroller}
        className={classes.grid}
        role="grid"
        tabIndex={0}
        aria-label={t('history.grid')}
        aria-rowcount={total === null ? -1 : total + 1}
        aria-colcount={fitting.length}
        aria-busy={!shown || shown.searching}
        aria-activedescendant={current && current.index >= first && current.index <= last ? rowIdOf(current.id) : undefined}
        data-searching={shown?.searching || undefined}
        onKeyDown={onKeyDown}
        onScroll={(event) => history.keepScroll(event.currentTarget.scrollTop)}
      >
        <div role="rowgroup" className={classes.head} style={{ minWidth: least }}>
          <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
            {fitting.map((column) => (
              <Header key={column} column={column} history={history} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize(), minWidth: least }}>
          {drawn.map(({ index, start }) => {
            const row = shown ? rowAt(shown.rows, index) : null;
            const slot = slotOf(index, drawn.length);
            return (
              <Row
                key={slot}
                slot={slot}
                row={row}
                index={index}
                top={start - headerHeight}
                fitting={fitting}
                template={template}
                isCurrent={row !== null && row.id === current?.id}
                words={words}
                nowMs={nowMs}
                choose={(chosen) => {
                  history.makeCurrent(chosen);
                  scroller.current?.focus({ preventScroll: true });
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Header({ column, history }: { column: Column; history: HistoryList }) {
  const { t } = useTranslation();
  const query = history.use((state) => state.query);
  const by = looks[column].sort;
  const active = by !== undefined && query.sort.by === by;
  const name = t(`history.column.${column}`);
  return (
    <div
      role="columnheader"
      className={classes.cell}
      aria-sort={active ? (query.sort.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {by === undefined ? (
        name
      ) : (
        <button
          type="button"
          className={classes.sort}
          data-active={active || undefined}
          onClick={() => history.find({ ...query, sort: sortBy(by, query.sort) })}
        >
          {name}
          <span aria-hidden="true">{active ? (query.sort.direction === 'asc' ? '↑' : '↓') : ''}</span>
        </button>
      )}
    </div>
  );
}

/** What rows say, the same for all of them. */
type RowWords = { times: Times; kind: Record<HistoryRow['kind'], string>; never: string; unwatched: string };

function useRowWords(): RowWords {
  const { t } = useTranslation();
  const times = useTimes();
  return useMemo(
    () => ({
      times,
      kind: { recording: t('common.kind.recording'), livestream: t('common.kind.livestream') },
      never: t('history.never'),
      unwatched: t('history.filter.watched_false'),
    }),
    [t, times],
  );
}

const slotsAtOnce = 64;

/**
 * The elements in which a row is drawn: those of a row that has gone out of sight. Whoever flings through a million rows then changes what
 * is written in them; to make them anew in every frame takes longer than a frame.
 */
const slotOf = (index: number, drawn: number) => index % (Math.ceil(drawn / slotsAtOnce) * slotsAtOnce);

type RowProps = {
  /** Null while its page is on its way. */
  row: HistoryRow | null;
  slot: number;
  index: number;
  top: number;
  fitting: readonly Column[];
  template: string;
  isCurrent: boolean;
  words: RowWords;
  nowMs: number;
  choose: (row: { index: number; id: string }) => void;
};

/** `choose` does the same every time: it is no reason to draw a row again. */
const Row = memo(
  function Row({ row, slot, index, top, fitting, template, isCurrent, words, nowMs, choose }: RowProps) {
    return (
      <div
        id={row ? rowIdOf(row.id) : undefined}
        role="row"
        tabIndex={-1}
        aria-rowindex={index + 2}
        aria-selected={row ? isCurrent : undefined}
        data-current={isCurrent || undefined}
        className={classes.row}
        style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
        onMouseDown={(event) => {
          event.preventDefault();
          if (event.button === 0 && row) choose({ index, id: row.id });
        }}
        onDoubleClick={() => row && go({ name: 'session', id: row.session.id })}
      >
        {fitting.map((column, at) => (
          <div
            key={column}
            role="gridcell"
            className={looks[column].mono ? monoCell : classes.cell}
            title={row ? texts[column]?.(row) : undefined}
          >
            {row ? (
              (texts[column]?.(row) ?? cells[column]?.(row, words, nowMs))
            ) : (
              <div className={classes.bone} style={{ width: `${45 + ((slot * 7 + at * 13) % 40)}%` }} />
            )}
          </div>
        ))}
      </div>
    );
  },
  (before, now) =>
    before.row === now.row &&
    before.index === now.index &&
    before.top === now.top &&
    before.slot === now.slot &&
    before.fitting === now.fitting &&
    before.isCurrent === now.isCurrent &&
    before.words === now.words &&
    before.nowMs === now.nowMs,
);

const monoCell = `${classes.cell} ${classes.mono}`;

/** The columns that are text, which may be cut off: the whole of it is under the pointer. */
const texts: Partial<Record<Column, (row: HistoryRow) => string>> = {
  requester: ({ requester }) => requester.displayName,
  user: ({ session }) => session.user,
  device: ({ session }) => session.device,
  reason: ({ reason }) => reason,
  governanceCode: ({ governanceCode }) => governanceCode ?? '',
  approvers: ({ approvers }) => approvers.join(', '),
};

/** What the other columns show of a request. */
const cells: Partial<Record<Column, (row: HistoryRow, words: RowWords, nowMs: number) => ReactNode>> = {
  createdAt: ({ createdAt }, { times }) => times.moment(createdAt),
  session: ({ session, kind }, words) => (
    <span className={own.session}>
      <KindIcon kind={kind} name={words.kind[kind]} />
      <span className={own.text} title={session.id}>
        {session.id}
      </span>
    </span>
  ),
  phase: (row, _, nowMs) =>
    nextChangeMs(row, nowMs) === null ? <PhaseBadge request={row} phase={phaseOf(row, nowMs)} /> : <ChangingPhase row={row} />,
  decidedAt: ({ decidedAt }, { times }) => decidedAt && times.moment(decidedAt),
  watched: ({ watchedMs }, { times, never, unwatched }) =>
    watchedMs > 0 ? (
      times.duration(watchedMs)
    ) : (
      <span className={own.never} role="img" aria-label={unwatched}>
        {never}
      </span>
    ),
};

/** The phase of what changes by time alone: to the second, as it is in the details. */
function ChangingPhase({ row }: { row: HistoryRow }) {
  return <PhaseBadge request={row} phase={phaseOf(row, useGatewayNow('second'))} />;
}

function KindIcon({ kind, name }: { kind: HistoryRow['kind']; name: string }) {
  const Icon = kind === 'recording' ? IconVideo : IconBroadcast;
  return (
    <span className={own.kind} role="img" aria-label={name} title={name}>
      <Icon size={14} aria-hidden="true" />
    </span>
  );
}

function rowIdOf(requestId: string): string {
  return `history-row-${requestId}`;
}
