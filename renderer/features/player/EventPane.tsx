import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionEvent } from '../../../contract/session.ts';
import styles from './EventPane.module.css';
import type { Engine } from './engine.ts';
import { eventAt, isAlarming } from './event-steps.ts';
import { positionText } from './position.ts';
import { usePlayback } from './use-playback.ts';

/** While somebody reads in the list, it does not run away from under them. */
const quietMs = 4_000;

/** What happened in the session, in step with the picture. Tab enters it once; the arrow keys go through it. */
export function EventPane({ engine, events, seekable }: { engine: Engine; events: readonly SessionEvent[]; seekable: boolean }) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  const current = usePlayback(engine, (playback) => (seekable ? eventAt(events, playback.positionMs + 50) : -1));
  // An event has no name of its own; the list never changes, so its place in it is one.
  const rows = useMemo(() => events.map((event, index) => ({ event, key: `${index}` })), [events]);
  const touch = () => {
    touchedAt.current = performance.now();
  };

  useEffect(() => {
    if (performance.now() - touchedAt.current < quietMs) return;
    list.current?.children[Math.max(0, current)]?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKey = (event: KeyboardEvent<HTMLOListElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = (event.target as HTMLElement).closest('li');
    const next = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
    if (step === 0) return;
    event.preventDefault();
    touch();
    next?.querySelector('button')?.focus();
  };

  return (
    <section className={styles.pane} aria-label={t('player.events')}>
      <h2 className={styles.heading}>
        {t('player.events')} <span className={styles.count}>{events.length}</span>
      </h2>
      {events.length === 0 ? (
        <p className={styles.empty}>{t('player.noEvents')}</p>
      ) : (
        <ol ref={list} className={styles.list} onKeyDown={onKey} onWheel={touch} onPointerDown={touch}>
          {rows.map(({ event, key }, index) => (
            <Row
              key={key}
              event={event}
              current={index === current}
              reachable={index === Math.max(0, current)}
              onSeek={seekable ? engine.seek : null}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

const Row = memo(function Row({
  event,
  current,
  reachable,
  onSeek,
}: {
  event: SessionEvent;
  current: boolean;
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
    <li className={styles.row} data-alarming={isAlarming(event)} aria-current={current ? 'true' : undefined}>
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
