import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Instant, toMs } from '../../../contract/time.ts';
import styles from './AccessEnds.module.css';
import { useGatewayTime } from './clock.ts';
import { countdownText } from './position.ts';

const minute = 60_000;
/** A warning is shown for so long. */
const shownMs = 20_000;

/** How long the window is still open, by the gateway's clock. */
export function AccessEnds({ atMs }: { atMs: number }) {
  const { t } = useTranslation();
  const leftMs = atMs - useGatewayTime();
  const level = leftMs <= minute ? 'last' : leftMs <= 5 * minute ? 'soon' : 'open';
  return (
    <div className={styles.chip} data-level={level} role="timer" aria-label={t('player.accessEnds')}>
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.words}>{t('player.accessEndsIn')} </span>
      <span className={styles.time}>{countdownText(leftMs)}</span>
    </div>
  );
}

/** The sentence that warns five minutes and one minute before the window ends; null otherwise. */
export function useEndWarning(accessEnd: Instant | null): string | null {
  const { t } = useTranslation();
  const nowMs = useGatewayTime();
  const [closed, setClosed] = useState(0);
  const leftMs = accessEnd === null ? Number.POSITIVE_INFINITY : toMs(accessEnd) - nowMs;
  const due = leftMs <= minute ? 1 : leftMs <= 5 * minute ? 5 : null;
  useEffect(() => {
    if (due === null) return;
    const timer = setTimeout(() => setClosed(due), shownMs);
    return () => clearTimeout(timer);
  }, [due]);
  if (due === null || due === closed) return null;
  return t('player.endsSoon', { count: Math.max(1, Math.ceil(leftMs / minute)) });
}
