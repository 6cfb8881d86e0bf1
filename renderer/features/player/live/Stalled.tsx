import { useTranslation } from 'react-i18next';
import { toInstant } from '../../../../contract/time.ts';
import { useTimes } from '../../../store/time.ts';
import type { Engine } from '../engine.ts';
import { usePlayback } from '../use-playback.ts';
import styles from './Stalled.module.css';

/** Says that nothing new comes of a stream, and since when. It goes away by itself. */
export function Stalled({ engine }: { engine: Engine }) {
  const { t } = useTranslation();
  const times = useTimes();
  const sinceMs = usePlayback(engine, ({ live }) => live?.stalledSinceMs ?? null);
  const begun = usePlayback(engine, ({ phase }) => phase !== 'loading');
  if (sinceMs === null) return null;
  const at = times.clockSeconds(toInstant(sinceMs));
  return (
    <div className={styles.stalled} role="status">
      <span className={styles.pulse} aria-hidden="true" />
      {t(begun ? 'player.stalled' : 'player.notBegun', { at })}
    </div>
  );
}
