import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Instant, toMs } from '../../../contract/time.ts';
import { call } from '../../store/bridge.ts';
import { useTimes } from '../../store/time.ts';
import styles from './AccessEnds.module.css';
import { useGatewayTime } from './clock.ts';
import { countdownText } from './position.ts';

const minute = 60_000;
/** A warning is shown for so long. */
const shownMs = 20_000;

/** How long the window is still open, by the gateway's clock, and the way to ask for more. */
export function AccessEnds({ atMs }: { atMs: number }) {
  const { t } = useTranslation();
  const leftMs = atMs - useGatewayTime();
  const level = leftMs <= minute ? 'last' : leftMs <= 5 * minute ? 'soon' : 'open';
  return (
    <div className={styles.access} data-level={level}>
      <div className={styles.chip} data-level={level} role="timer" aria-label={t('player.accessEnds')}>
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.words}>{t('player.accessEndsIn')} </span>
        <span className={styles.time}>{countdownText(leftMs)}</span>
      </div>
      <button type="button" className={styles.more} title={t('player.moreTime')} onClick={askForMore}>
        {t('player.moreTime')}
      </button>
    </div>
  );
}

/** Leads to the dialog in the main window. Main answers with a failure only when it is on its way out. */
export function askForMore(): void {
  void call('viewings.moreTime').catch(() => undefined);
}

/**
 * The sentence that warns five minutes and one minute before the window ends, or says that it ends later now; null otherwise. Whoever
 * draws it lets it be announced.
 */
export function useEndWarning(accessEnd: Instant | null): { kind: 'warning' | 'granted'; text: string } | null {
  const { t } = useTranslation();
  const times = useTimes();
  const nowMs = useGatewayTime();
  const [closed, setClosed] = useState(0);
  const granted = useGranted(accessEnd);
  const leftMs = accessEnd === null ? Number.POSITIVE_INFINITY : toMs(accessEnd) - nowMs;
  const due = leftMs <= minute ? 1 : leftMs <= 5 * minute ? 5 : 0;
  useEffect(() => {
    if (due === 0) return setClosed(0);
    const timer = setTimeout(() => setClosed(due), shownMs);
    return () => clearTimeout(timer);
  }, [due]);
  if (granted && accessEnd) return { kind: 'granted', text: t('player.moreGranted', { until: times.clockSeconds(accessEnd) }) };
  if (due === 0 || due === closed) return null;
  return { kind: 'warning', text: t('player.endsSoon', { count: Math.max(1, Math.ceil(leftMs / minute)) }) };
}

/** Whether the window was made longer a moment ago. */
function useGranted(accessEnd: Instant | null): boolean {
  const before = useRef(accessEnd);
  const [granted, setGranted] = useState(false);
  useEffect(() => {
    const isLonger = accessEnd !== null && before.current !== null && toMs(accessEnd) > toMs(before.current);
    before.current = accessEnd;
    setGranted(isLonger);
    const timer = setTimeout(() => setGranted(false), shownMs);
    return () => clearTimeout(timer);
  }, [accessEnd]);
  return granted;
}
