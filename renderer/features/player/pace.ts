import type { Range } from '../../../contract/coverage.ts';
import { rangeAt, skippable } from './idle.ts';
import { fastestPlayed } from './speeds.ts';

/** A jump that playback makes by itself: out of an idle range, or over what is not shown at a speed above 16×. */
export type Jump = { why: 'idle' | 'sampling'; fromMs: number; toMs: number };

export interface Pace {
  speed(): number;
  setSpeed(speed: number): void;
  setSkipIdle(on: boolean): void;
  /** Playback has come to a place by itself: leaves idle ranges, leaps where it must. */
  went(positionMs: number): void;
  /** Somebody went to a place: an idle range that they chose is played. */
  chosen(positionMs: number): void;
  /** The jump that has just begun, if it was one of these; asked once for each. */
  takeJump(): Jump | null;
  stop(): void;
}

/** At a speed above 16×, playback leaps this often (ms). */
const leapEveryMs = 500;

/** How fast playback goes over a recording: its rate, what it leaves out, and that it says so. */
export function createPace(
  video: HTMLVideoElement,
  options: { idle: readonly Range[]; skipIdle: boolean; jump: (jump: Jump) => void; changed: () => void },
): Pace {
  const ranges = skippable(options.idle);
  let { skipIdle } = options;
  let speed = 1;
  let jump: Jump | null = null;
  /** The idle range that was chosen, until playback has left it. */
  let wished: Range | null = null;
  let leaping: ReturnType<typeof setInterval> | undefined;
  let leaptMs = 0;

  function go(next: Jump): void {
    jump = next;
    options.jump(next);
  }

  /** What playback at 16× is behind by since the last leap is leapt over. */
  function leap(): void {
    const nowMs = video.currentTime * 1000;
    if (video.paused || video.seeking) {
      leaptMs = nowMs;
      return;
    }
    const shownMs = nowMs - leaptMs;
    const toMs = nowMs + shownMs * (speed / fastestPlayed - 1);
    if (shownMs <= 0 || !Number.isFinite(video.duration) || toMs >= video.duration * 1000) return;
    leaptMs = toMs;
    go({ why: 'sampling', fromMs: nowMs, toMs });
  }

  return {
    speed: () => speed,
    setSpeed(next) {
      speed = next;
      clearInterval(leaping);
      leaptMs = video.currentTime * 1000;
      leaping = next > fastestPlayed ? setInterval(leap, leapEveryMs) : undefined;
      const rate = Math.min(next, fastestPlayed);
      video.defaultPlaybackRate = rate;
      video.playbackRate = rate;
      options.changed();
    },
    setSkipIdle(on) {
      skipIdle = on;
      wished = null;
      options.changed();
    },
    went(positionMs) {
      const range = rangeAt(ranges, positionMs);
      if (range !== wished) wished = null;
      if (!skipIdle || range === null || wished !== null || video.paused || video.seeking) return;
      go({ why: 'idle', fromMs: positionMs, toMs: range.toMs });
    },
    chosen(positionMs) {
      wished = rangeAt(ranges, positionMs);
      leaptMs = positionMs;
    },
    takeJump() {
      const taken = jump;
      jump = null;
      return taken;
    },
    stop: () => clearInterval(leaping),
  };
}
