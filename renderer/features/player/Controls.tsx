import {
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionEvent } from '../../../contract/session.ts';
import { useLanguage } from '../../store/language.ts';
import styles from './Controls.module.css';
import { UnseenNote } from './CoverageBar.tsx';
import type { Engine } from './engine.ts';
import { nextEventMs, previousEventMs } from './event-steps.ts';
import { LiveEdge } from './live/LiveEdge.tsx';
import { setPanel } from './panel.ts';
import { fastestPlayed, speeds } from './speeds.ts';
import { TimeField } from './TimeField.tsx';
import { usePlayback } from './use-playback.ts';

export function Controls({
  engine,
  events,
  hasIdle,
}: {
  engine: Engine;
  events: readonly SessionEvent[];
  /** Whether there is something that can be left out. */
  hasIdle: boolean;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const playing = usePlayback(engine, (playback) => playback.playing);
  const speed = usePlayback(engine, (playback) => playback.speed);
  const skipIdle = usePlayback(engine, (playback) => playback.skipIdle);
  const live = usePlayback(engine, (playback) => playback.live !== null);
  const next = usePlayback(engine, (playback) => nextEventMs(events, playback.positionMs));
  const previous = usePlayback(engine, (playback) => previousEventMs(events, playback.positionMs));
  const number = new Intl.NumberFormat(language);

  return (
    <div className={styles.controls}>
      <button
        type="button"
        className={styles.play}
        aria-label={t(playing ? 'player.pause' : 'player.play')}
        onClick={playing ? engine.pause : engine.play}
      >
        {playing ? <IconPlayerPauseFilled size={20} aria-hidden="true" /> : <IconPlayerPlayFilled size={20} aria-hidden="true" />}
      </button>
      {live ? <LiveEdge engine={engine} /> : <TimeField engine={engine} />}
      <span className={styles.space} />
      {!live && <UnseenNote />}
      {!live && (
        <>
          <div className={styles.pair}>
            <Step label={t('player.previousEvent')} to={previous} onStep={engine.seek}>
              <IconPlayerSkipBackFilled size={15} aria-hidden="true" />
            </Step>
            <Step label={t('player.nextEvent')} to={next} onStep={engine.seek}>
              <IconPlayerSkipForwardFilled size={15} aria-hidden="true" />
            </Step>
          </div>
          {hasIdle && (
            <button
              type="button"
              className={styles.button}
              aria-pressed={skipIdle}
              title={t('player.skipIdleKey')}
              onClick={() => engine.setSkipIdle(!skipIdle)}
            >
              {t('player.skipIdle')}
            </button>
          )}
          <label className={styles.speed}>
            <span aria-hidden="true">{t('player.speed')}</span>
            <select
              aria-label={t('player.speed')}
              value={speed}
              onChange={(event) => engine.setSpeed(Number(event.target.value))}
            >
              {speeds.map((one) => (
                <option key={one} value={one}>
                  {t(one > fastestPlayed ? 'player.speedSampled' : 'player.speedTimes', { speed: number.format(one) })}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <button
        type="button"
        className={styles.button}
        aria-label={t('player.help.title')}
        title={t('player.help.title')}
        onClick={() => setPanel({ open: 'help' })}
      >
        <IconKeyboard size={17} stroke={1.7} aria-hidden="true" />
      </button>
    </div>
  );
}

/** Stays in the order of focus when there is nowhere to go: a control that vanishes under the finger is worse. */
function Step({
  label,
  to,
  onStep,
  children,
}: {
  label: string;
  to: number | null;
  onStep: (ms: number) => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      title={label}
      aria-disabled={to === null}
      onClick={() => to !== null && onStep(to)}
    >
      {children}
    </button>
  );
}
