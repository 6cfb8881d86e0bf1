import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../store/bridge.ts';
import { useAsking } from '../../store/justification.ts';
import { closeViewing, useWatching, watch } from '../../store/watch.ts';
import { Ended } from './Ended.tsx';
import styles from './PlayerSlot.module.css';

/**
 * Where the window leaves room for the player: the page of the viewing lies over it. What is drawn here is seen before that page is up,
 * and after it had to be destroyed.
 */
export function PlayerSlot({ viewingId }: { viewingId: string }) {
  const { t } = useTranslation();
  const slot = useRef<HTMLDivElement>(null);
  const [placed, setPlaced] = useState(false);
  const viewing = useWatching().find((one) => one.viewingId === viewingId);
  const end = viewing?.end ?? null;
  const away = viewing?.frame === 'own';
  // A dialog of the window lies below the player: it makes way for the time of asking.
  const isAsking = useAsking(({ asking }) => asking !== null);

  useEffect(() => {
    const element = slot.current;
    if (!element || isAsking) return;
    const place = (area: { x: number; y: number; width: number; height: number } | null) => {
      // Main answers with a failure only when it is on its way out.
      void call('viewings.place', { viewingId, area }).then(
        () => setPlaced(area !== null),
        () => undefined,
      );
    };
    const measure = () => {
      const { x, y, width, height } = element.getBoundingClientRect();
      place(width > 0 && height > 0 ? { x, y, width, height } : null);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
      place(null);
    };
  }, [viewingId, isAsking]);

  return (
    <div ref={slot} className={styles.slot}>
      {end ? (
        <Ended
          end={end}
          onBack={() => void closeViewing(viewingId).catch(() => undefined)}
          {...(viewing && { onAgain: () => void watch(viewing.sessionId, viewing.kind).catch(() => undefined) })}
        />
      ) : away ? (
        <Away viewingId={viewingId} />
      ) : (
        <p className={styles.opening} role="status">
          {placed ? t('player.open') : t('player.opening')}
          <span className={styles.hint}>{t('player.hint')}</span>
        </p>
      )}
    </div>
  );
}

/** The player has a window of its own. */
function Away({ viewingId }: { viewingId: string }) {
  const { t } = useTranslation();
  // Main answers with a failure only when it is on its way out.
  const quietly = (step: Promise<unknown>) => void step.catch(() => undefined);
  return (
    <div className={styles.away}>
      <p>{t('player.window.away')}</p>
      <div className={styles.ways}>
        <button type="button" onClick={() => quietly(call('viewings.focus', { viewingId }))}>
          {t('player.window.show')}
        </button>
        <button type="button" onClick={() => quietly(call('viewings.move', { viewingId, to: 'main' }))}>
          {t('player.window.back')}
        </button>
      </div>
    </div>
  );
}
