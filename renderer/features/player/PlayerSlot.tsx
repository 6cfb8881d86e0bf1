import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../store/bridge.ts';
import { closeViewing, useWatching } from '../../store/watch.ts';
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

  useEffect(() => {
    const element = slot.current;
    if (!element) return;
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
  }, [viewingId]);

  return (
    <div ref={slot} className={styles.slot}>
      {end ? (
        <Ended end={end} onBack={() => void closeViewing(viewingId).catch(() => undefined)} />
      ) : (
        <p className={styles.opening} role="status">
          {placed ? t('player.open') : t('player.opening')}
          <span className={styles.hint}>{t('player.hint')}</span>
        </p>
      )}
    </div>
  );
}
