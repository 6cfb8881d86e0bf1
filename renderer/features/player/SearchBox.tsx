import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionEvent } from '../../../contract/session.ts';
import styles from './EventPane.module.css';
import type { Engine } from './engine.ts';
import { eventAt } from './event-steps.ts';
import { searchBoxId, setPanel, usePanel } from './panel.ts';
import { find, nextHit } from './search.ts';

/** Goes to the next hit, or the one before; from the last one that was gone to, else from where the picture is. */
export function goToHit(engine: Engine, events: readonly SessionEvent[], step: 1 | -1): void {
  const { query, hit } = usePanel.getState();
  const hits = find(events, query);
  const from = hit ?? eventAt(events, engine.playback.getState().positionMs) - (step > 0 ? 0.5 : 0);
  const next = nextHit(hits, from, step);
  const event = next === null ? undefined : events[next];
  if (next === null || !event) return;
  setPanel({ hit: next });
  engine.seek(event.atMs);
}

/** Looks for words in what was typed, opened and sent in the session. */
export function SearchBox({ engine, events }: { engine: Engine; events: readonly SessionEvent[] }) {
  const { t } = useTranslation();
  const query = usePanel((panel) => panel.query);
  const hit = usePanel((panel) => panel.hit);
  const hits = useMemo(() => find(events, query), [events, query]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      goToHit(engine, events, event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && query !== '') {
      event.stopPropagation();
      setPanel({ query: '', hit: null });
    }
  };
  const place = hit === null ? -1 : hits.indexOf(hit);
  return (
    <div className={styles.search}>
      <input
        id={searchBoxId}
        type="search"
        value={query}
        maxLength={200}
        placeholder={t('player.find')}
        aria-label={t('player.find')}
        onChange={(event) => setPanel({ query: event.currentTarget.value, hit: null })}
        onKeyDown={onKeyDown}
      />
      {query.trim() !== '' && (
        <>
          <span className={styles.hits} role="status">
            {place >= 0 ? t('player.hitOf', { at: place + 1, count: hits.length }) : t('player.hits', { count: hits.length })}
          </span>
          <button
            type="button"
            aria-label={t('player.previousHit')}
            title={t('player.previousHit')}
            disabled={hits.length === 0}
            onClick={() => goToHit(engine, events, -1)}
          >
            <IconChevronUp size={15} aria-hidden="true" />
          </button>
          <button
            type="button"
            aria-label={t('player.nextHit')}
            title={t('player.nextHit')}
            disabled={hits.length === 0}
            onClick={() => goToHit(engine, events, 1)}
          >
            <IconChevronDown size={15} aria-hidden="true" />
          </button>
        </>
      )}
    </div>
  );
}
