import { memo, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Range } from '../../../contract/coverage.ts';
import type { Comment } from '../../../contract/review.ts';
import type { SessionEvent } from '../../../contract/session.ts';
import type { RecordingFacts } from '../../../contract/viewing.ts';
import { useLanguage } from '../../store/language.ts';
import { CoverageBar } from './CoverageBar.tsx';
import type { Engine } from './engine.ts';
import { eventAt, isAlarming } from './event-steps.ts';
import { skippable } from './idle.ts';
import { Preview } from './Preview.tsx';
import { usePanel } from './panel.ts';
import { barPlaces, drawnMs, positionText, spokenLength } from './position.ts';
import styles from './SeekBar.module.css';
import { mostBars, Strip } from './Strip.tsx';
import { find } from './search.ts';
import { usePlayback } from './use-playback.ts';

/** So near (CSS pixels) the pointer is on an event. */
const nearPx = 6;

/** Where playback is in the whole, with a mark for each event. */
export function SeekBar({
  engine,
  events,
  comments,
  recording,
  base,
}: {
  engine: Engine;
  events: readonly SessionEvent[];
  comments: readonly Comment[];
  recording: RecordingFacts | null;
  /** Below it lie the files of the viewing. */
  base: string;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const bar = useRef<HTMLDivElement>(null);
  const [pointer, setPointer] = useState<{ x: number; width: number } | null>(null);
  const positionMs = usePlayback(engine, (playback) => drawnMs(playback.positionMs, playback.durationMs));
  const untilMs = usePlayback(engine, (playback) => playback.durationMs);
  const bufferedMs = usePlayback(engine, (playback) => playback.bufferedUntilMs);
  const live = usePlayback(engine, (playback) => playback.live);
  const fromMs = live?.fromMs ?? 0;
  const lengthMs = Math.max(1, untilMs - fromMs);
  const part = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / lengthMs));
  // In steps that can be seen: what is the same as before is not painted anew.
  const played = Math.round(part(positionMs) * barPlaces) / barPlaces;

  const placeOf = ({ clientX }: PointerEvent) => {
    const { left, width } = bar.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    const x = Math.min(width, Math.max(0, clientX - left));
    return { x, width, ms: fromMs + (x / width) * lengthMs };
  };
  const move = (event: PointerEvent) => {
    const place = placeOf(event);
    setPointer(place);
    if (event.currentTarget.hasPointerCapture(event.pointerId)) engine.seek(place.ms);
  };

  const pointedMs = pointer ? fromMs + (pointer.x / pointer.width) * lengthMs : 0;
  const near = pointer ? events[eventAt(events, pointedMs + (nearPx / pointer.width) * lengthMs)] : undefined;
  const pointed = near && pointer && Math.abs(part(near.atMs) * pointer.width - pointer.x) <= nearPx ? near : null;
  const said = pointer ? comments.find(({ atMs }) => Math.abs(part(atMs) * pointer.width - pointer.x) <= nearPx) : undefined;
  /** Half of the tip's width: the whole of a preview stays in sight at either end. */
  const tipPx = recording?.storyboard ? Math.max(60, recording.storyboard.tileWidth / 2 + 10) : 60;
  const behindMs = live?.behindMs ?? Math.max(0, untilMs - positionMs);
  const spoken = live
    ? live.following
      ? t('player.atEdge')
      : t('player.behind', { time: spokenLength(behindMs, language) })
    : t('player.position', { position: spokenLength(positionMs, language), duration: spokenLength(untilMs, language) });

  return (
    <div className={styles.whole}>
      {recording && <Strip activity={recording.activity} playedPart={Math.round(played * mostBars) / mostBars} />}
      <div
        ref={bar}
        className={styles.bar}
        role="slider"
        tabIndex={0}
        aria-label={t('player.seek')}
        aria-orientation="horizontal"
        aria-valuemin={Math.round(fromMs / 1000)}
        aria-valuemax={Math.round(untilMs / 1000)}
        aria-valuenow={Math.round(Math.min(positionMs, untilMs) / 1000)}
        aria-valuetext={spoken}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          engine.seek(placeOf(event).ms);
        }}
        onPointerMove={move}
        onPointerLeave={() => setPointer(null)}
      >
        <div className={styles.track}>
          <div className={styles.buffered} style={{ transform: `scaleX(${part(bufferedMs)})` }} />
          <div className={styles.played} style={{ transform: `scaleX(${played})` }} />
          {recording && <Idle ranges={recording.idle} untilMs={untilMs} engine={engine} />}
        </div>
        <Ticks events={events} untilMs={untilMs} />
        <Comments comments={comments} untilMs={untilMs} />
        <Hits events={events} untilMs={untilMs} />
        <div className={styles.knob} style={{ left: `${played * 100}%` }} />
        {pointer && untilMs > 0 && (
          <div
            className={styles.tip}
            style={{ left: `clamp(${tipPx}px, ${pointer.x}px, calc(100% - ${tipPx}px))` }}
            aria-hidden="true"
          >
            {recording?.storyboard && <Preview storyboard={recording.storyboard} base={base} atMs={pointedMs} />}
            <span className={styles.tipTime}>
              {live ? `−${positionText(untilMs - pointedMs)}` : positionText(pointed?.atMs ?? pointedMs)}
            </span>
            {pointed && <span className={styles.tipText}>{pointed.text}</span>}
            {said && (
              <span className={styles.tipComment}>
                {said.author.displayName}: {said.text}
              </span>
            )}
          </div>
        )}
      </div>
      {!live && <CoverageBar untilMs={untilMs} />}
    </div>
  );
}

/** Where nothing happens, as long as it is left out. */
const Idle = memo(function Idle({ ranges, untilMs, engine }: { ranges: readonly Range[]; untilMs: number; engine: Engine }) {
  const skipIdle = usePlayback(engine, (playback) => playback.skipIdle);
  const shown = useMemo(() => skippable(ranges), [ranges]);
  if (!skipIdle || untilMs <= 0) return null;
  return shown.map(({ fromMs, toMs }) => (
    <span
      key={fromMs}
      className={styles.idle}
      style={{ left: `${(fromMs / untilMs) * 100}%`, width: `${((toMs - fromMs) / untilMs) * 100}%` }}
    />
  ));
});

/** As many places as can be told apart on the bar. */
const commentPlaces = 400;

/** Where somebody said something. */
const Comments = memo(function Comments({ comments, untilMs }: { comments: readonly Comment[]; untilMs: number }) {
  const places = useMemo(
    () => [...new Set(comments.map(({ atMs }) => Math.round(Math.min(1, atMs / Math.max(1, untilMs)) * commentPlaces)))],
    [comments, untilMs],
  );
  if (untilMs <= 0) return null;
  return places.map((place) => (
    <span key={place} className={styles.comment} style={{ left: `${(place / commentPlaces) * 100}%` }} />
  ));
});

/** Where what is looked for stands. */
const Hits = memo(function Hits({ events, untilMs }: { events: readonly SessionEvent[]; untilMs: number }) {
  const query = usePanel((panel) => panel.query);
  const hits = useMemo(() => find(events, query), [events, query]);
  if (hits.length === 0 || untilMs <= 0) return null;
  const marks = hits.map((hit) => `M${(((events[hit]?.atMs ?? 0) / untilMs) * 1000).toFixed(2)} 0V10`).join('');
  return (
    <svg className={styles.ticks} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <path className={styles.hit} d={marks} />
    </svg>
  );
});

const Ticks = memo(function Ticks({ events, untilMs }: { events: readonly SessionEvent[]; untilMs: number }) {
  if (untilMs <= 0) return null;
  const marks = (alarming: boolean) =>
    events
      .filter((event) => isAlarming(event) === alarming && event.atMs <= untilMs)
      .map((event) => `M${((event.atMs / untilMs) * 1000).toFixed(2)} 0V10`)
      .join('');
  return (
    <svg className={styles.ticks} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <path className={styles.tick} d={marks(false)} />
      <path className={styles.alarm} d={marks(true)} />
    </svg>
  );
});
