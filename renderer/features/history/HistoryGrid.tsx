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

  const times = useTimes();
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
            return row ? (
              <Row
                key={index}
                row={row}
                index={index}
                top={start - headerHeight}
                fitting={fitting}
                template={template}
                isCurrent={row.id === current?.id}
                times={times}
                nowMs={nowMs}
                choose={(chosen) => {
                  history.makeCurrent(chosen);
                  scroller.current?.focus({ preventScroll: true });
                }}
              />
            ) : (
              <Bones key={index} index={index} top={start - headerHeight} fitting={fitting} template={template} />
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

type RowProps = {
  row: HistoryRow;
  index: number;
  top: number;
  fitting: readonly Column[];
  template: string;
  isCurrent: boolean;
  times: Times;
  nowMs: number;
  choose: (row: { index: number; id: string }) => void;
};

/** `choose` does the same every time: it is no reason to draw a row again. */
const Row = memo(
  function Row({ row, index, top, fitting, template, isCurrent, times, nowMs, choose }: RowProps) {
    return (
      <div
        id={rowIdOf(row.id)}
        role="row"
        tabIndex={-1}
        aria-rowindex={index + 2}
        aria-selected={isCurrent}
        data-current={isCurrent || undefined}
        className={classes.row}
        style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
        onMouseDown={(event) => {
          event.preventDefault();
          if (event.button === 0) choose({ index, id: row.id });
        }}
        onDoubleClick={() => go({ name: 'session', id: row.session.id })}
      >
        {fitting.map((column) => (
          <div key={column} role="gridcell" className={`${classes.cell} ${looks[column].mono ? classes.mono : ''}`}>
            {cells[column](row, times, nowMs)}
          </div>
        ))}
      </div>
    );
  },
  (before, now) =>
    before.row === now.row &&
    before.index === now.index &&
    before.top === now.top &&
    before.fitting === now.fitting &&
    before.isCurrent === now.isCurrent &&
    before.times === now.times &&
    before.nowMs === now.nowMs,
);

/** What each column shows of a request. */
const cells: Record<Column, (row: HistoryRow, times: Times, nowMs: number) => ReactNode> = {
  createdAt: ({ createdAt }, times) => times.moment(createdAt),
  requester: ({ requester }) => <Text of={requester.displayName} />,
  session: ({ session, kind }) => (
    <span className={own.session}>
      <KindIcon kind={kind} />
      <Text of={session.id} />
    </span>
  ),
  user: ({ session }) => <Text of={session.user} />,
  device: ({ session }) => <Text of={session.device} />,
  reason: ({ reason }) => <Text of={reason} />,
  governanceCode: ({ governanceCode }) => <Text of={governanceCode ?? ''} />,
  phase: (row, _, nowMs) =>
    nextChangeMs(row, nowMs) === null ? <PhaseBadge request={row} phase={phaseOf(row, nowMs)} /> : <ChangingPhase row={row} />,
  approvers: ({ approvers }) => <Text of={approvers.join(', ')} />,
  decidedAt: ({ decidedAt }, times) => decidedAt && times.moment(decidedAt),
  watched: ({ watchedMs }, times) => (watchedMs > 0 ? times.duration(watchedMs) : <Never />),
};

/** The phase of what changes by time alone: to the second, as it is in the details. */
function ChangingPhase({ row }: { row: HistoryRow }) {
  return <PhaseBadge request={row} phase={phaseOf(row, useGatewayNow('second'))} />;
}

/** Text that may be cut off: the whole of it is under the pointer. */
function Text({ of }: { of: string }) {
  return (
    <span className={own.text} title={of}>
      {of}
    </span>
  );
}

function Never() {
  const { t } = useTranslation();
  return (
    <span className={own.never} role="img" aria-label={t('history.filter.watched_false')}>
      {t('history.never')}
    </span>
  );
}

function KindIcon({ kind }: { kind: HistoryRow['kind'] }) {
  const { t } = useTranslation();
  const Icon = kind === 'recording' ? IconVideo : IconBroadcast;
  return (
    <span className={own.kind} role="img" aria-label={t(`common.kind.${kind}`)} title={t(`common.kind.${kind}`)}>
      <Icon size={14} aria-hidden="true" />
    </span>
  );
}

function Bones({ index, top, fitting, template }: Pick<RowProps, 'index' | 'top' | 'fitting' | 'template'>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes.row}
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
    >
      {fitting.map((column, at) => (
        <div key={column} role="gridcell" className={classes.cell}>
          <div className={classes.bone} style={{ width: `${45 + ((index * 7 + at * 13) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}

function rowIdOf(requestId: string): string {
  return `history-row-${requestId}`;
}
