import { type KeyboardEvent, useDeferredValue, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Review } from '../../../contract/review.ts';
import type { SessionEvent } from '../../../contract/session.ts';
import type { Live } from '../../store/live.ts';
import styles from './EventPane.module.css';
import { EventPane } from './EventPane.tsx';
import type { Engine } from './engine.ts';
import { setPanel, type Tab, usePanel } from './panel.ts';
import { CommentPane } from './review/CommentPane.tsx';

const tabs: readonly Tab[] = ['events', 'comments'];

/** What stands beside the picture: what happened in the session, and what is said about it. */
export function SidePane({
  engine,
  events,
  seekable,
  sessionId,
  review,
}: {
  engine: Engine;
  events: readonly SessionEvent[];
  seekable: boolean;
  sessionId: string;
  review: { live: Live<Review>; load: () => void; take: (review: Review) => void };
}) {
  const { t } = useTranslation();
  const tab = usePanel((panel) => panel.tab);
  const list = useRef<HTMLDivElement>(null);
  const { live } = review;
  const said = live.state === 'ready' ? live.value.comments.filter(({ withdrawnAt }) => withdrawnAt === null).length : 0;
  const counts = { events: events.length, comments: said };
  const label = { events: t('player.events'), comments: t('review.comments') };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    event.stopPropagation();
    event.nativeEvent.stopImmediatePropagation();
    setPanel({ tab: next });
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  // First the picture: what lies beside it is drawn while nothing else waits.
  const drawn = useDeferredValue(true, false);
  return (
    <section className={styles.pane} aria-label={t('player.beside')}>
      <div ref={list} className={styles.tabs} role="tablist" onKeyDown={onKey}>
        {tabs.map((one) => (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            aria-selected={tab === one}
            aria-controls="beside"
            tabIndex={tab === one ? 0 : -1}
            onClick={() => setPanel({ tab: one })}
          >
            {label[one]} <span className={styles.count}>{counts[one]}</span>
          </button>
        ))}
      </div>
      <div id="beside" className={styles.panel} role="tabpanel" aria-label={label[tab]}>
        {!drawn ? null : tab === 'events' ? (
          <EventPane engine={engine} events={events} seekable={seekable} />
        ) : (
          <CommentPane
            engine={engine}
            sessionId={sessionId}
            seekable={seekable}
            live={live}
            onLoad={review.load}
            onReview={review.take}
          />
        )}
      </div>
    </section>
  );
}
