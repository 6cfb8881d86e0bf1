import { useTranslation } from 'react-i18next';
import type { Access, SessionState } from '../../../../contract/session.ts';
import { useTimes } from '../../../store/time.ts';
import styles from '../Ended.module.css';

/** What became of the session of a stream that is over. */
export type Aftermath = { state: SessionState; recording: Access };

/** After the stream: its recording is being made, and then the way to it. */
export function LiveOver({ after, onGo }: { after: Aftermath | null; onGo: (go: 'watch' | 'ask') => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  const words = (key: 'making' | 'notRecorded' | 'ready' | 'readyToAsk') => (
    <p className={styles.todo}>{t(`player.end.recording.${key}`)}</p>
  );
  const button = (go: 'watch' | 'ask') => (
    <button type="button" className={styles.onward} onClick={() => onGo(go)}>
      {t(`player.end.recording.${go}`)}
    </button>
  );
  if (after?.state === 'not-recorded') return words('notRecorded');
  if (after?.state !== 'recorded') return words('making');
  const { recording } = after;
  switch (recording.state) {
    case 'direct':
    case 'open':
      return (
        <>
          {words('ready')}
          {button('watch')}
        </>
      );
    case 'ask':
      return (
        <>
          {words('readyToAsk')}
          {button('ask')}
        </>
      );
    case 'pending':
      return <p className={styles.todo}>{t('player.end.recording.pending', { at: times.moment(recording.deadline) })}</p>;
    case 'scheduled':
      return <p className={styles.todo}>{t('player.end.recording.scheduled', { at: times.moment(recording.from) })}</p>;
    case 'unavailable':
      return <p className={styles.todo}>{t('player.end.recording.unavailable')}</p>;
    default:
      return recording satisfies never;
  }
}
