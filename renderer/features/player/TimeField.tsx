import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Controls.module.css';
import type { Engine } from './engine.ts';
import { setPanel, usePanel } from './panel.ts';
import { positionText } from './position.ts';
import { positionOf } from './typed-position.ts';
import { usePlayback } from './use-playback.ts';

/** Where the picture is; pressed, a place to type where to go. */
export function TimeField({ engine }: { engine: Engine }) {
  const { t } = useTranslation();
  const typing = usePanel((panel) => panel.open === 'time');
  const position = usePlayback(engine, (playback) => positionText(playback.positionMs));
  const duration = usePlayback(engine, (playback) => positionText(playback.durationMs));
  return (
    <span className={styles.time}>
      {typing ? (
        <TypedTime engine={engine} first={position} />
      ) : (
        <button
          type="button"
          className={styles.position}
          title={t('player.goTo')}
          aria-label={t('player.goToFrom', { position })}
          onClick={() => setPanel({ open: 'time' })}
        >
          {position}
        </button>
      )}
      <span className={styles.of}>/ {duration}</span>
    </span>
  );
}

function TypedTime({ engine, first }: { engine: Engine; first: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState(first);
  const [wrong, setWrong] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const close = () => setPanel({ open: 'nothing' });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key !== 'Enter') return;
    const { positionMs, durationMs } = engine.playback.getState();
    const to = positionOf(text, positionMs, durationMs);
    if (to === null) return setWrong(true);
    engine.seek(to);
    close();
  };
  return (
    <input
      ref={box}
      className={styles.typed}
      value={text}
      maxLength={20}
      aria-label={t('player.goTo')}
      aria-invalid={wrong}
      title={t(wrong ? 'player.goToWrong' : 'player.goToHow')}
      onChange={(event) => {
        setText(event.currentTarget.value);
        setWrong(false);
      }}
      onKeyDown={onKeyDown}
      onBlur={close}
    />
  );
}
