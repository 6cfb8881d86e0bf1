import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type SessionEvent, sessionEventTypes } from '../../../contract/session.ts';
import styles from './EventPane.module.css';
import type { Engine } from './engine.ts';
import { eventAt, isAlarming } from './event-steps.ts';
import { setPanel, usePanel } from './panel.ts';
import { positionText } from './position.ts';
import { SearchBox } from './SearchBox.tsx';
import { find, ofTypes } from './search.ts';
import { usePlayback } from './use-playback.ts';

/** While somebody reads in the list, it does not run away from under them. */
const quietMs = 4_000;
const rowPx = 32;
/** Fewer events need neither a search nor a choice of kinds. */
const fewEvents = 5;

/** What happened in the session, in step with the picture. Tab enters it once; the arrow keys go through it. */
export function EventPane({ engine, events, seekable }: { engine: Engine; events: readonly SessionEvent[]; seekable: boolean }) {
  const { t } = useTranslation();
  const types = usePanel((panel) => panel.types);
  const query = usePanel((panel) => panel.query);
  const list = useRef<HTMLDivElement>(null);
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  const wantsFocus = useRef(false);
  const rows = useMemo(() => ofTypes(events, types), [events, types]);
  const hits = useMemo(() => new Set(find(events, query)), [events, query]);
  const shown = usePanel((panel) => panel.hit);
  const at = usePlayback(engine, (playback) => (seekable ? eventAt(events, playback.positionMs + 2) : -1));
  // The last of the shown events that has happened.
  const current = useMemo(() => rows.findLastIndex((index) => index <= at), [rows, at]);
  const reachable = Math.max(0, current);
  const touch = () => {
    touchedAt.current = performance.now();
  };

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => rowPx,
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 6,
    scrollPaddingStart: 3 * rowPx,
    scrollPaddingEnd: 3 * rowPx,
  });
  useEffect(() => {
    if (performance.now() - touchedAt.current >= quietMs) virtualizer.scrollToIndex(reachable, { align: 'auto' });
  }, [reachable, virtualizer]);
  useEffect(() => {
    const place = shown === null ? -1 : rows.indexOf(shown);
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'center' });
  }, [shown, rows, virtualizer]);

  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = (event.target as HTMLElement).closest('li');
    if (step === 0 || !row) return;
    event.preventDefault();
    event.stopPropagation();
    touch();
    const next = Number(row.dataset['row']) + step;
    if (next < 0 || next >= rows.length) return;
    wantsFocus.current = true;
    virtualizer.scrollToIndex(next, { align: 'auto' });
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-row="${next}"] button`)?.focus());
  };

  if (events.length === 0) return <p className={styles.empty}>{t('player.noEvents')}</p>;
  return (
    <>
      {seekable && events.length >= fewEvents && (
        <div className={styles.tools}>
          <SearchBox engine={engine} events={events} />
          <Types events={events} />
        </div>
      )}
      <div ref={list} className={styles.list} onWheel={touch} onPointerDown={touch}>
        <ol style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKey}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const number = rows[index] ?? 0;
            const event = events[number];
            return (
              event && (
                <Row
                  key={number}
                  row={index}
                  top={start}
                  size={rows.length}
                  event={event}
                  current={index === current}
                  hit={hits.has(number)}
                  reachable={index === reachable}
                  onSeek={seekable ? engine.seek : null}
                />
              )
            );
          })}
        </ol>
      </div>
    </>
  );
}

/** Which kinds of events are shown: those that this session has. */
function Types({ events }: { events: readonly SessionEvent[] }) {
  const { t } = useTranslation();
  const chosen = usePanel((panel) => panel.types);
  const there = useMemo(() => {
    const types = new Set(events.map(({ type }) => type));
    return sessionEventTypes.filter((type) => type !== 'session' && types.has(type));
  }, [events]);
  if (there.length < 2) return null;
  return (
    <fieldset className={styles.types}>
      <legend>{t('player.kinds.label')}</legend>
      {there.map((type) => (
        <button
          key={type}
          type="button"
          aria-pressed={chosen.includes(type)}
          onClick={() => setPanel({ types: chosen.includes(type) ? chosen.filter((one) => one !== type) : [...chosen, type] })}
        >
          {t(`player.kinds.${type}`)}
        </button>
      ))}
    </fieldset>
  );
}

const Row = memo(function Row({
  row,
  top,
  size,
  event,
  current,
  hit,
  reachable,
  onSeek,
}: {
  row: number;
  top: number;
  size: number;
  event: SessionEvent;
  current: boolean;
  hit: boolean;
  reachable: boolean;
  onSeek: ((ms: number) => void) | null;
}) {
  const words = (
    <>
      <span className={styles.time}>{positionText(event.atMs)}</span>
      <span className={event.type === 'command' ? styles.command : styles.text}>{event.text}</span>
    </>
  );
  return (
    <li
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      data-row={row}
      data-alarming={isAlarming(event)}
      data-hit={hit}
      aria-current={current ? 'true' : undefined}
      aria-setsize={size}
      aria-posinset={row + 1}
    >
      {onSeek ? (
        <button
          type="button"
          className={styles.event}
          title={event.detail ?? event.text}
          tabIndex={reachable ? 0 : -1}
          onClick={() => onSeek(event.atMs)}
        >
          {words}
        </button>
      ) : (
        <span className={styles.event} title={event.detail ?? event.text}>
          {words}
        </span>
      )}
    </li>
  );
});
