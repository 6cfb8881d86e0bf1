import { useTranslation } from 'react-i18next';
import type { SessionEvent } from '../../../contract/session.ts';
import styles from './EventPane.module.css';
import { EventPane } from './EventPane.tsx';
import type { Engine } from './engine.ts';

/** What stands beside the picture: what happened in the session. */
export function SidePane(props: { engine: Engine; events: readonly SessionEvent[]; seekable: boolean }) {
  const { t } = useTranslation();
  return (
    <section className={styles.pane} aria-label={t('player.events')}>
      <h2 className={styles.heading}>
        {t('player.events')} <span className={styles.count}>{props.events.length}</span>
      </h2>
      <EventPane {...props} />
    </section>
  );
}
