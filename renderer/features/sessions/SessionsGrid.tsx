/** biome-ignore-all lint/a11y/useSemanticElements: what is drawn row by row cannot be a table element */
import { VisuallyHidden } from '@mantine/core';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../contract/session.ts';
import type { SessionColumn } from '../../../contract/settings.ts';
import { useAsking } from '../../store/justification.ts';
import gridClasses from '../../ui/grid/Grid.module.css';
import { headerHeight, movedTo, pageRowsOf, rowHeight } from '../../ui/grid/moves.ts';
import { ActionsMenu } from './ActionsMenu.tsx';
import { defaultKind } from './access.ts';
import { type CellWords, cells } from './cells.tsx';
import { inOrder, looks, tracks } from './grid.ts';
import { sortBy } from './list.ts';
import { MoreFailed } from './MoreFailed.tsx';
import classes from './SessionsGrid.module.css';
import { useSteps } from './steps.ts';
import type { SessionsList } from './store.ts';
import { useCellWords } from './words.ts';

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Session>();
const columnOf = (id: SessionColumn, words: CellWords) =>
  helper.display({ id, cell: ({ row }) => cells[id](row.original, words) });

const none: readonly Session[] = [];
const bones = 20;
const loadAheadRows = 40;

/** The table of sessions: drawn rows only, one current row, pages loaded as they come near. */
export function SessionsGrid({ sessions, chosen }: { sessions: SessionsList; chosen: readonly SessionColumn[] }) {
  const { t } = useTranslation();
  const steps = useSteps();
  const words = useCellWords();
  const search = sessions.use((state) => state.search);
  const list = sessions.use((state) => state.list);
  const currentId = sessions.use((state) => state.currentId);
  const [menuFor, setMenuFor] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);

  const shown = list.name === 'shown' ? list : null;
  const items = shown?.found.items ?? none;
  const total = shown?.found.total ?? null;
  const hasMore = shown ? shown.found.nextCursor !== null : list.name === 'waiting';
  const failedNext = shown && typeof shown.next === 'object' ? shown.next.failure : null;

  const visible = useMemo(() => inOrder(chosen), [chosen]);
  const columns = useMemo(() => helper.columns(visible.map((column) => columnOf(column, words))), [visible, words]);
  const { template, least } = useMemo(() => tracks(visible), [visible]);
  const table = useTable({ features, columns, data: items, getRowId: (session) => session.id });
  const rows = table.getRowModel().rows;

  const trailing = !hasMore
    ? 0
    : failedNext
      ? 1
      : Math.min(bones, Math.max((total ?? Number.POSITIVE_INFINITY) - items.length, 1));
  const virtualizer = useVirtualizer({
    count: rows.length + trailing,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    initialOffset: () => sessions.use.getState().scrollTop,
  });
  const drawn = virtualizer.getVirtualItems();

  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!failedNext && shown && lastDrawn + loadAheadRows >= rows.length) sessions.more();
  }, [failedNext, shown, lastDrawn, rows.length, sessions]);

  useStillUnderRefresh(scroller, items, search);

  const currentIndex = useMemo(() => items.findIndex((session) => session.id === currentId), [items, currentId]);
  const current = items[currentIndex];
  const isDrawn = drawn.some((item) => item.index === currentIndex);

  const makeCurrent = (index: number): void => {
    const session = items[index];
    if (!session) return;
    sessions.makeCurrent(session.id);
    virtualizer.scrollToIndex(index);
  };
  const takeFocusBack = useCallback((): void => {
    requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) scroller.current?.focus();
    });
  }, []);
  const openMenu = (index: number): void => {
    makeCurrent(index);
    setMenuFor(items[index]?.id ?? null);
  };
  const closeMenu = (): void => {
    setMenuFor(null);
    takeFocusBack();
  };
  // The menu item that opened the dialog is gone when the dialog closes.
  useEffect(
    () =>
      useAsking.subscribe((now, before) => {
        if (before.asking !== null && now.asking === null) takeFocusBack();
      }),
    [takeFocusBack],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const target = event.target as HTMLElement;
    if (menuFor !== null || event.altKey || event.metaKey || target.closest('[role="columnheader"]')) return;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      // A menu that is there while this very key is on its way up takes it for a key outside, and closes.
      setTimeout(() => openMenu(currentIndex));
      return;
    }
    if (event.ctrlKey && event.key !== 'Home' && event.key !== 'End') return;
    if (event.key === 'Enter' && target === scroller.current && current) {
      event.preventDefault();
      steps.take(current, defaultKind(current));
      return;
    }
    const to = movedTo(event.key, currentIndex, items.length, pageRowsOf(scroller.current?.clientHeight ?? 0));
    if (to === null) return;
    event.preventDefault();
    makeCurrent(to);
    if (target !== scroller.current) scroller.current?.focus();
  };
  const onContextMenu = (event: MouseEvent, session: Session): void => {
    event.preventDefault();
    sessions.makeCurrent(session.id);
    setMenuFor(session.id);
  };

  return (
    <div className={gridClasses.frame}>
      <div
        ref={scroller}
        className={gridClasses.grid}
        role="grid"
        tabIndex={0}
        aria-label={t('sessions.grid')}
        aria-rowcount={total === null ? -1 : total + 1}
        aria-colcount={visible.length + 1}
        aria-busy={!shown || shown.searching}
        aria-activedescendant={current && isDrawn ? rowIdOf(current.id) : undefined}
        onKeyDown={onKeyDown}
        onContextMenu={(event) => {
          // The key for it is pressed on the grid, not on a row.
          if (event.target !== event.currentTarget || !current) return;
          event.preventDefault();
          openMenu(currentIndex);
        }}
        onFocus={() => {
          if (currentIndex < 0 && items[0]) sessions.makeCurrent(items[0].id);
        }}
        onScroll={(event) => sessions.keepScroll(event.currentTarget.scrollTop)}
      >
        <div role="rowgroup" className={gridClasses.head} style={{ minWidth: least }}>
          <div role="row" aria-rowindex={1} className={gridClasses.row} style={{ gridTemplateColumns: template }}>
            {visible.map((column) => (
              <Header key={column} column={column} sessions={sessions} sticky={isSticky(column, visible)} />
            ))}
            <div role="columnheader" className={`${gridClasses.cell} ${classes.stick} ${classes.actions}`}>
              <VisuallyHidden>{t('sessions.column.actions')}</VisuallyHidden>
            </div>
          </div>
        </div>
        <div role="rowgroup" className={gridClasses.body} style={{ height: virtualizer.getTotalSize(), minWidth: least }}>
          {drawn.map((item) => {
            const row = rows[item.index];
            const place = { gridTemplateColumns: template, transform: `translateY(${item.start - headerHeight}px)` };
            if (!row && failedNext) {
              return (
                <div key={item.key} role="row" aria-rowindex={item.index + 2} className={gridClasses.row} style={place}>
                  <MoreFailed failure={failedNext} retry={sessions.more} />
                </div>
              );
            }
            if (!row) return <Bones key={item.key} index={item.index} columns={visible} place={place} />;
            const session = row.original;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus and hears the keys for its rows
              <div
                key={item.key}
                id={rowIdOf(session.id)}
                role="row"
                tabIndex={-1}
                aria-rowindex={item.index + 2}
                aria-selected={session.id === currentId}
                data-current={session.id === currentId || undefined}
                className={gridClasses.row}
                style={place}
                onMouseDown={() => sessions.makeCurrent(session.id)}
                onClick={() => scroller.current?.focus({ preventScroll: true })}
                onDoubleClick={() => steps.take(session, defaultKind(session))}
                onContextMenu={(event) => onContextMenu(event, session)}
              >
                {row.getAllCells().map((cell) => (
                  <div key={cell.id} role="gridcell" className={cellClass(cell.column.id as SessionColumn, visible)}>
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
                <div role="gridcell" className={`${gridClasses.cell} ${classes.stick} ${classes.actions}`}>
                  <ActionsMenu
                    session={session}
                    opened={menuFor === session.id}
                    inTabOrder={session.id === currentId}
                    onOpen={() => {
                      sessions.makeCurrent(session.id);
                      setMenuFor(session.id);
                    }}
                    onClose={closeMenu}
                  />
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Header({ column, sessions, sticky }: { column: SessionColumn; sessions: SessionsList; sticky: boolean }) {
  const { t } = useTranslation();
  const search = sessions.use((state) => state.search);
  const by = looks[column].sort;
  const active = by !== undefined && search.sort.by === by;
  const name = t(`sessions.column.${column}`);
  return (
    <div
      role="columnheader"
      className={`${gridClasses.cell} ${sticky ? `${classes.stick} ${classes.access}` : ''}`}
      aria-sort={active ? (search.sort.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {by === undefined ? (
        name
      ) : (
        <button
          type="button"
          className={gridClasses.sort}
          data-active={active || undefined}
          onClick={() => sessions.find({ ...search, sort: sortBy(by, search.sort) })}
        >
          {name}
          <span aria-hidden="true">{active ? (search.sort.direction === 'asc' ? '↑' : '↓') : ''}</span>
        </button>
      )}
    </div>
  );
}

function Bones({ index, columns, place }: { index: number; columns: readonly SessionColumn[]; place: React.CSSProperties }) {
  return (
    <div role="row" aria-rowindex={index + 2} className={gridClasses.row} style={place}>
      {columns.map((column, at) => (
        <div key={column} role="gridcell" className={cellClass(column, columns)}>
          <div className={gridClasses.bone} style={{ width: `${45 + ((index * 7 + at * 13) % 40)}%` }} />
        </div>
      ))}
      <div role="gridcell" className={`${gridClasses.cell} ${classes.stick} ${classes.actions}`} />
    </div>
  );
}

function isSticky(column: SessionColumn, visible: readonly SessionColumn[]): boolean {
  return column === 'access' && visible.at(-1) === 'access';
}

function cellClass(column: SessionColumn, visible: readonly SessionColumn[]): string {
  return [
    gridClasses.cell,
    looks[column].mono && gridClasses.mono,
    isSticky(column, visible) && `${classes.stick} ${classes.access}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function rowIdOf(sessionId: string): string {
  return `session-row-${sessionId}`;
}

/**
 * Keeps the row at the top where it is when a refresh puts others above it, unless the list stands at its very top. A new search
 * starts at the top.
 */
function useStillUnderRefresh(
  scroller: React.RefObject<HTMLDivElement | null>,
  items: readonly Session[],
  search: unknown,
): void {
  const before = useRef({ items, search });
  useLayoutEffect(() => {
    const element = scroller.current;
    const { items: oldItems, search: oldSearch } = before.current;
    before.current = { items, search };
    if (!element) return;
    if (search !== oldSearch) {
      element.scrollTop = 0;
      return;
    }
    const topIndex = Math.floor(element.scrollTop / rowHeight);
    const top = oldItems[topIndex];
    if (topIndex === 0 || !top || items === oldItems || items[topIndex]?.id === top.id) return;
    const now = items.findIndex((session) => session.id === top.id);
    if (now >= 0) element.scrollTop += (now - topIndex) * rowHeight;
  }, [scroller, items, search]);
}
