import { useTranslation } from 'react-i18next';
import type { ViewingEnd } from '../../../contract/viewing.ts';
import { useTimes } from '../../store/time.ts';
import styles from './Ended.module.css';
import { type Aftermath, LiveOver } from './live/LiveOver.tsx';
import { positionText } from './position.ts';

type EndKey =
  | 'closed'
  | 'windowOver'
  | 'revoked'
  | 'revokedByNobody'
  | 'roleLost'
  | 'signedOut'
  | 'leaseLost'
  | 'locked'
  | 'liveOver'
  | 'failed';

/** Who or what ended a viewing, when, and the way back; of a stream whose session is over also the way on. */
export function Ended({
  end,
  after = null,
  allowed = false,
  positionMs = null,
  ownWindow = false,
  onBack,
  onGo,
  onAgain,
  onAsk,
}: {
  end: ViewingEnd;
  after?: Aftermath | null;
  /** Access was granted again since. */
  allowed?: boolean;
  /** Where the picture was (ms into the recording), if that is known here. */
  positionMs?: number | null;
  /** It lies in a window of its own, from which no way leads back. */
  ownWindow?: boolean;
  onBack: () => void;
  onGo?: (go: 'watch' | 'ask') => void;
  onAgain?: () => void;
  onAsk?: () => void;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const key = keyOf(end);
  const words = { at: times.clockSeconds(end.at), by: end.by ?? '' };
  const todo = key === 'closed' || (key === 'liveOver' && onGo) ? '' : t(`player.end.${key}.todo`, words);
  return (
    <div className={styles.ended} role="alert">
      <span className={styles.mark} aria-hidden="true" />
      <h2 className={styles.what}>{t(`player.end.${key}.what`, words)}</h2>
      {end.comment && <blockquote className={styles.comment}>{t('player.end.comment', { comment: end.comment })}</blockquote>}
      {key === 'liveOver' && onGo && <LiveOver after={after} onGo={onGo} />}
      {todo && <p className={styles.todo}>{todo}</p>}
      <div className={styles.ways}>
        {onAgain && (allowed || mayGoOn(end)) && (
          <button type="button" className={styles.again} onClick={onAgain}>
            {positionMs === null ? t('player.openAgain') : t('player.continueAt', { position: positionText(positionMs) })}
          </button>
        )}
        {onAsk && !allowed && (key === 'windowOver' || key === 'revoked' || key === 'revokedByNobody') && (
          <button type="button" className={styles.back} onClick={onAsk}>
            {t(key === 'windowOver' ? 'player.moreTime' : 'player.askAgain')}
          </button>
        )}
        <button type="button" className={styles.back} onClick={onBack}>
          {t(ownWindow ? 'player.close' : 'player.backLabel')}
        </button>
      </div>
    </div>
  );
}

/** What ended it was not a word of the gateway's: it may be opened at once. */
function mayGoOn(end: ViewingEnd): boolean {
  return end.why === 'locked' || end.why === 'lease-lost' || (end.why === 'failed' && end.failure === null);
}

function keyOf(end: ViewingEnd): EndKey {
  switch (end.why) {
    case 'closed':
      return 'closed';
    case 'window-over':
      return 'windowOver';
    case 'revoked':
      return end.by ? 'revoked' : 'revokedByNobody';
    case 'role-lost':
      return 'roleLost';
    case 'signed-out':
      return 'signedOut';
    case 'lease-lost':
      return 'leaseLost';
    case 'locked':
      return 'locked';
    case 'failed':
      return end.failure?.code === 'NOT_LIVE' ? 'liveOver' : 'failed';
    default:
      return end.why satisfies never;
  }
}
