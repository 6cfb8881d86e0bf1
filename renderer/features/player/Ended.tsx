import { useTranslation } from 'react-i18next';
import type { ViewingEnd } from '../../../contract/viewing.ts';
import { useTimes } from '../../store/time.ts';
import styles from './Ended.module.css';
import { type Aftermath, LiveOver } from './live/LiveOver.tsx';

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
  onBack,
  onGo,
}: {
  end: ViewingEnd;
  after?: Aftermath | null;
  onBack: () => void;
  onGo?: (go: 'watch' | 'ask') => void;
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
      <button type="button" className={styles.back} onClick={onBack}>
        {t('player.backLabel')}
      </button>
    </div>
  );
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
