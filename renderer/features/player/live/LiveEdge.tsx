import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../../store/language.ts';
import styles from '../Controls.module.css';
import type { Engine } from '../engine.ts';
import { positionText } from '../position.ts';
import { usePlayback } from '../use-playback.ts';

/** Behind by less than this is said in tenths of a second. */
const fineMs = 60_000;

/** How live the picture is: followed or not, how far behind its scene, and the way back. */
export function LiveEdge({ engine }: { engine: Engine }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const following = usePlayback(engine, ({ live }) => live?.following ?? false);
  const over = usePlayback(engine, ({ live }) => live?.over ?? false);
  const coming = usePlayback(engine, ({ live, playing }) => live !== null && live.stalledSinceMs === null && playing);
  const behind = usePlayback(engine, ({ live }) => {
    const behindMs = live?.behindMs ?? null;
    return behindMs === null ? null : behindText(behindMs, language);
  });
  if (over) return <span className={styles.live}>{t('player.streamOver')}</span>;
  return (
    <>
      <span className={styles.live} data-edge={following && coming}>
        {t('player.live')}
      </span>
      {behind !== null && <span className={styles.time}>{t('player.behind', { time: behind })}</span>}
      {!following && (
        <button type="button" className={styles.button} title={t('player.goLiveKey')} onClick={engine.goLive}>
          {t('player.goLive')}
        </button>
      )}
    </>
  );
}

/** "0.7 s", "3.1 s", "02:14". */
export function behindText(ms: number, language: string): string {
  if (ms >= fineMs) return positionText(ms);
  return `${new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(ms / 1000)} s`;
}
