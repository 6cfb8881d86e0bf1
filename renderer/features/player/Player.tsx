import { IconAlertTriangle, IconChevronLeft, IconLayoutSidebarRight } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { Comment } from '../../../contract/review.ts';
import { toMs } from '../../../contract/time.ts';
import type { Viewing, ViewingEnd } from '../../../contract/viewing.ts';
import { call } from '../../store/bridge.ts';
import { useLanguage } from '../../store/language.ts';
import { useReview } from '../../store/review.ts';
import { AccessEnds, askForMore, useEndWarning } from './AccessEnds.tsx';
import { Controls } from './Controls.tsx';
import { Ended } from './Ended.tsx';
import type { Engine } from './engine.ts';
import { Help } from './Help.tsx';
import { lengthOf, skippable } from './idle.ts';
import type { Aftermath } from './live/LiveOver.tsx';
import { Stalled } from './live/Stalled.tsx';
import styles from './Player.module.css';
import { setPanel, usePanel } from './panel.ts';
import { positionText, spokenLength } from './position.ts';
import { SeekBar } from './SeekBar.tsx';
import { SidePane } from './SidePane.tsx';
import { SlowNote } from './SlowNote.tsx';
import { fastestPlayed } from './speeds.ts';
import { usePlayerKeys } from './use-keys.ts';
import { nothing, usePlayback } from './use-playback.ts';
import { Watermark } from './Watermark.tsx';
import { useFrame } from './window/frame.ts';
import { WindowButtons } from './window/WindowButtons.tsx';

/** Below this width the event pane lies over the picture and is closed at first. */
const narrow = window.matchMedia('(max-width: 860px)');

const unsaid: readonly Comment[] = [];
/** A seek that arrives sooner shows no sign of waiting: it would only flash. */
const waitingAfterMs = 200;

/** The player: the picture with its watermark, the session's events beside it, the controls below; or why it has ended. */
export function Player({
  viewing,
  engine,
  end,
  after,
  onBack,
  onGo,
}: {
  viewing: Viewing;
  engine: Engine | null;
  end: ViewingEnd | null;
  after: Aftermath | null;
  onBack: () => void;
  /** From a stream that is over to its recording. */
  onGo: (go: 'watch' | 'ask') => void;
}) {
  const { t } = useTranslation();
  const beside = usePanel((panel) => panel.beside);
  const { frame, allowed } = useFrame();
  const { session, accessEnd, events, kind, recording } = viewing;
  const review = useReview(session.id);
  const comments = useMemo(
    () =>
      kind === 'recording' && review.live.state === 'ready'
        ? review.live.value.comments.filter(({ withdrawnAt }) => withdrawnAt === null)
        : unsaid,
    [kind, review.live],
  );
  const hasIdle = useMemo(() => recording !== null && skippable(recording.idle).length > 0, [recording]);
  const playing = end ? null : engine;
  usePlayerKeys(playing, events);

  useEffect(() => {
    const follow = () => setPanel({ beside: !narrow.matches });
    follow();
    narrow.addEventListener('change', follow);
    return () => narrow.removeEventListener('change', follow);
  }, []);

  return (
    <section className={styles.player} aria-label={t('player.region')}>
      <header className={styles.top}>
        {!end && frame === 'main' && (
          <button type="button" className={styles.backLink} aria-label={t('player.backLabel')} onClick={onBack}>
            <IconChevronLeft size={16} aria-hidden="true" />
            {t('player.back')}
          </button>
        )}
        <h1 className={styles.title} title={session.id}>
          <Trans
            t={t}
            i18nKey="player.title"
            values={{ id: session.id, user: session.user, credential: session.credential, device: session.device }}
            components={{ mono: <code /> }}
          />
        </h1>
        {!end && accessEnd && <AccessEnds atMs={toMs(accessEnd)} />}
        {playing && <WindowButtons viewing={viewing} engine={playing} />}
        {playing && (
          <button
            type="button"
            className={styles.icon}
            aria-label={t(beside ? 'player.hideEvents' : 'player.showEvents')}
            title={t(beside ? 'player.hideEvents' : 'player.showEvents')}
            aria-expanded={beside}
            onClick={() => setPanel({ beside: !beside })}
          >
            <IconLayoutSidebarRight size={18} aria-hidden="true" />
          </button>
        )}
      </header>
      {playing ? (
        <div className={styles.body}>
          <div className={styles.left}>
            <Stage engine={playing} viewing={viewing} />
            <SeekBar
              engine={playing}
              events={kind === 'recording' ? events : nothing}
              comments={comments}
              recording={recording}
              base={viewing.source.slice(0, viewing.source.lastIndexOf('/') + 1)}
            />
            <Controls engine={playing} events={kind === 'recording' ? events : nothing} hasIdle={hasIdle} />
          </div>
          {beside && (
            <SidePane engine={playing} events={events} seekable={kind === 'recording'} sessionId={session.id} review={review} />
          )}
        </div>
      ) : (
        <div className={styles.end}>
          {end && (
            <Ended
              end={end}
              after={after}
              allowed={allowed}
              ownWindow={frame === 'own'}
              positionMs={kind === 'recording' ? (engine?.playback.getState().positionMs ?? viewing.continueAtMs) : null}
              onBack={onBack}
              onGo={onGo}
              onAgain={watchAgain}
              onAsk={askForMore}
            />
          )}
        </div>
      )}
      {playing && <Help />}
    </section>
  );
}

/** Main answers with a failure only when it is on its way out. */
function watchAgain(): void {
  void call('viewings.again').catch(() => undefined);
}

/** The picture, what lies over it, and what is said about it. */
function Stage({ engine, viewing }: { engine: Engine; viewing: Viewing }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const host = useRef<HTMLDivElement>(null);
  const phase = usePlayback(engine, (playback) => playback.phase);
  const waits = usePlayback(
    engine,
    (playback) => playback.waiting && playback.trouble === null && !playback.live?.stalledSinceMs,
  );
  const waiting = useHeld(waits, phase === 'loading' ? 0 : waitingAfterMs);
  const trouble = usePlayback(engine, (playback) => playback.trouble);
  const finished = usePlayback(engine, (playback) => playback.finished);
  const skipped = usePlayback(engine, (playback) => playback.skipped);
  const [noted, setNoted] = useState<typeof skipped>(null);
  const warning = useEndWarning(viewing.accessEnd);

  useEffect(() => {
    host.current?.append(engine.element);
  }, [engine]);
  useEffect(() => {
    setNoted(skipped);
    const timer = setTimeout(() => setNoted(null), 10_000);
    return () => clearTimeout(timer);
  }, [skipped]);

  const left = useNote(usePlayback(engine, (playback) => playback.idleSkipped));
  const sampled = usePlayback(engine, (playback) => playback.speed > fastestPlayed);
  const note = noted && t('player.skipped', { length: spokenLength(noted.lengthMs, language), at: positionText(noted.atMs) });
  return (
    // Keys do the same for everybody; a click on the picture is only a shortcut.
    // biome-ignore lint/a11y/noStaticElementInteractions: the Play button is the control
    // biome-ignore lint/a11y/useKeyWithClickEvents: Space and K are the keys
    <div className={styles.stage} onClick={() => (engine.playback.getState().playing ? engine.pause() : engine.play())}>
      <div ref={host} className={styles.host} />
      <Watermark viewer={viewing.viewer} />
      {waiting && (
        <div className={styles.waiting} role={phase === 'loading' ? 'status' : undefined}>
          <span className={styles.spinner} aria-hidden="true" />
          {phase === 'loading' && t(viewing.kind === 'livestream' ? 'player.loadingLive' : 'player.loading')}
        </div>
      )}
      {finished && !trouble && (
        <p className={styles.finished}>{t(viewing.kind === 'livestream' ? 'player.streamEnded' : 'player.finished')}</p>
      )}
      {!trouble && <Stalled engine={engine} />}
      {trouble && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keeps a click here from reaching the picture
        <div className={styles.trouble} role="alert" onClick={(event) => event.stopPropagation()}>
          <IconAlertTriangle size={30} stroke={1.6} aria-hidden="true" />
          <h2>{t(`player.trouble.${trouble}.what`)}</h2>
          <p>{t(`player.trouble.${trouble}.todo`)}</p>
          {trouble !== 'lease' && (
            <button type="button" className={styles.button} onClick={engine.retry}>
              {t('player.again')}
            </button>
          )}
        </div>
      )}
      <div className={styles.notes} role="status">
        {warning && <p className={styles[warning.kind]}>{warning.text}</p>}
        {viewing.kind === 'recording' && <SlowNote engine={engine} />}
        {note && <p>{note}</p>}
        {left && <p>{t('player.idleSkipped', { length: spokenLength(lengthOf([left]), language) })}</p>}
        {sampled && <p>{t('player.sampled')}</p>}
      </div>
    </div>
  );
}

/** Whether something has been so for a while. */
function useHeld(now: boolean, forMs: number): boolean {
  const [held, setHeld] = useState(now);
  useEffect(() => {
    if (!now) return setHeld(false);
    const timer = setTimeout(() => setHeld(true), forMs);
    return () => clearTimeout(timer);
  }, [now, forMs]);
  return now && held;
}

/** What is told for a moment. */
function useNote<T>(value: T | null): T | null {
  const [noted, setNoted] = useState<T | null>(null);
  useEffect(() => {
    setNoted(value);
    const timer = setTimeout(() => setNoted(null), 4_000);
    return () => clearTimeout(timer);
  }, [value]);
  return noted;
}

export function Opening() {
  const { t } = useTranslation();
  return (
    <section className={styles.player} aria-label={t('player.region')}>
      <div className={styles.waiting} role="status">
        <span className={styles.spinner} aria-hidden="true" />
        {t('player.opening')}
      </div>
    </section>
  );
}

export function Unstarted() {
  const { t } = useTranslation();
  return (
    <section className={styles.player} aria-label={t('player.region')}>
      <div className={styles.trouble} role="alert">
        <IconAlertTriangle size={30} stroke={1.6} aria-hidden="true" />
        <h2>{t('player.trouble.start.what')}</h2>
        <p>{t('player.trouble.start.todo')}</p>
      </div>
    </section>
  );
}
