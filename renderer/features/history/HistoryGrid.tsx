/** biome-ignore-all lint/a11y/useSemanticElements: what is drawn row by row cannot be a table element */
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryRow } from '../../../contract/history.ts';
import { go } from '../../store/route.ts';
import { useGatewayNow } from '../../store/time.ts';
import classes from '../../ui/grid/Grid.module.css';
import { headerHeight, mostRows, movedTo, pageRowsOf, rowHeight } from '../../ui/grid/moves.ts';
import { type Column, columnsFor, looks, tracks } from './columns.ts';
import own from './HistoryGrid.module.css';
import { Row, rowIdOf, useRowWords } from './HistoryRow.tsx';
import { countOf, rowAt, sortBy } from './list.ts';
import { type Slot, slotsOf } from './slots.ts';
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
  const placed = useRef<readonly Slot<HistoryRow>[]>([]);
  const slots = slotsOf(placed.current, {
    first,
    count: drawn.length,
    total: count,
    rowAt: (index) => shown && rowAt(shown.rows, index),
    scrolling: virtualizer.isScrolling,
  });
  useLayoutEffect(() => {
    placed.current = slots;
  });
  const isMissing = slots.filter(({ state }) => state === 'here').length < drawn.length;
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
          <Bones
            from={first}
            rows={Math.min(slots.length, count)}
            of={count}
            isMissing={isMissing}
            fitting={fitting}
            template={template}
          />
          {slots.map((slot) => (
            <Row
              key={slot.slot}
              drawn={slot}
              fitting={fitting}
              template={template}
              isCurrent={slot.row !== null && slot.row.id === current?.id}
              words={words}
              nowMs={nowMs}
              choose={(chosen) => {
                history.makeCurrent(chosen);
                scroller.current?.focus({ preventScroll: true });
              }}
            />
          ))}
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

type BonesProps = {
  from: number;
  rows: number;
  of: number;
  isMissing: boolean;
  fitting: readonly Column[];
  template: string;
};

/**
 * Rows that are still to come: behind all rows, as many as are drawn, so that what is not here shows through. Always there: to add an element
 * to the list lays all of it out anew.
 */
const Bones = memo(function Bones({ from, rows, of, isMissing, fitting, template }: BonesProps) {
  const first = Math.max(0, Math.min(from, of - rows));
  return (
    <div
      aria-hidden="true"
      className={own.bones}
      data-missing={isMissing || undefined}
      style={{ gridTemplateColumns: template, height: rows * rowHeight, transform: `translateY(${first * rowHeight}px)` }}
    >
      {fitting.map((column) => (
        <div key={column} className={own.bone} />
      ))}
    </div>
  );
});
