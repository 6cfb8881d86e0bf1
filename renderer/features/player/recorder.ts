import type { Instant } from '../../../contract/time.ts';
import type { ReceiptEntry } from '../../../contract/viewing.ts';

import { fastestPlayed } from './speeds.ts';

/** What of playback counts for the record, at one moment. Positions are ms into the recording. */
export type Seen = { positionMs: number; speed: number };

/** So far a position may be from where playback should be before it counts as a jump. */
const jumpMs = 1_000;

export interface Recorder {
  played(seen: Seen): void;
  /** Playback goes on; closes the stretch every few seconds. */
  went(seen: Seen): void;
  paused(seen: Seen): void;
  speedChanged(seen: Seen): void;
  sought(fromMs: number, toMs: number): void;
  /** Playback left a part out by itself. */
  skipped(fromMs: number, toMs: number): void;
  hidden(seen: Seen): void;
  visible(seen: Seen): void;
  ended(seen: Seen): void;
  /** The entries since the last time. */
  take(): ReceiptEntry[];
}

/** Turns what playback does into receipt entries (rule 10 of the workflow: viewing is recorded). `at` is the gateway's time. Pure but for its memory. */
export function createRecorder(at: () => Instant): Recorder {
  let entries: ReceiptEntry[] = [];
  let stretch: { fromMs: number; toMs: number; speed: number } | null = null;
  let over = false;
  const whole = (ms: number) => Math.max(0, Math.round(ms));
  const put = (entry: ReceiptEntry) => {
    if (!over) entries.push(entry);
  };

  function close(): void {
    if (stretch && whole(stretch.toMs) > whole(stretch.fromMs)) {
      const { speed } = stretch;
      const sampled = speed > fastestPlayed && { sampled: true };
      put({ type: 'shown', at: at(), fromMs: whole(stretch.fromMs), toMs: whole(stretch.toMs), speed, ...sampled });
    }
    stretch = null;
  }
  const begin = ({ positionMs, speed }: Seen) => {
    stretch = { fromMs: positionMs, toMs: positionMs, speed };
  };
  const reach = ({ positionMs }: Seen) => {
    if (stretch && positionMs >= stretch.toMs) stretch.toMs = positionMs;
  };

  return {
    played(seen) {
      put({ type: 'play', at: at(), atMs: whole(seen.positionMs), speed: seen.speed });
      close();
      begin(seen);
    },
    went(seen) {
      if (!stretch) return;
      const backwards = seen.positionMs < stretch.toMs - jumpMs;
      if (backwards) {
        close();
        return begin(seen);
      }
      reach(seen);
    },
    paused(seen) {
      reach(seen);
      close();
      put({ type: 'pause', at: at(), atMs: whole(seen.positionMs) });
    },
    speedChanged(seen) {
      if (!stretch) return;
      reach(seen);
      close();
      begin(seen);
    },
    sought(fromMs, toMs) {
      const speed = stretch?.speed;
      reach({ positionMs: fromMs, speed: 1 });
      close();
      put({ type: 'seek', at: at(), fromMs: whole(fromMs), toMs: whole(toMs) });
      if (speed !== undefined) begin({ positionMs: toMs, speed });
    },
    skipped(fromMs, toMs) {
      const speed = stretch?.speed;
      reach({ positionMs: fromMs, speed: 1 });
      close();
      put({ type: 'skip', at: at(), fromMs: whole(fromMs), toMs: whole(toMs) });
      if (speed !== undefined) begin({ positionMs: toMs, speed });
    },
    hidden(seen) {
      reach(seen);
      close();
      put({ type: 'hidden', at: at(), atMs: whole(seen.positionMs) });
    },
    visible(seen) {
      put({ type: 'visible', at: at(), atMs: whole(seen.positionMs) });
    },
    ended(seen) {
      reach(seen);
      close();
      put({ type: 'end', at: at(), atMs: whole(seen.positionMs) });
      over = true;
    },
    take() {
      if (stretch) {
        const { toMs, speed } = stretch;
        close();
        stretch = { fromMs: toMs, toMs, speed };
      }
      const taken = entries;
      entries = [];
      return taken;
    },
  };
}
