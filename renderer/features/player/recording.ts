import type { StoreApi } from 'zustand/vanilla';
import { toInstant } from '../../../contract/time.ts';
import { call } from '../../store/bridge.ts';
import { gatewayNow } from './clock.ts';
import { count } from './coverage.ts';
import type { Playback } from './engine.ts';
import { createRecorder } from './recorder.ts';

export { gatewayNow };

const everyMs = 2_000;
const largestReport = 500;

/** The record of this page's viewing. */
export const recorder = createRecorder(() => toInstant(gatewayNow()));

/** Tells main what was shown since the last time. */
export function reportNow(): void {
  const entries = recorder.take();
  count(entries);
  for (let from = 0; from < entries.length; from += largestReport) {
    // Main answers with a failure only when the viewing is gone: there is nobody left to tell.
    void call('viewings.report', { entries: entries.slice(from, from + largestReport) }).catch(() => undefined);
  }
}

/** Reports about every 2 s while something plays, and at once when playback starts, stops or its speed changes. */
export function reportWhile(playback: StoreApi<Playback>): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  playback.subscribe((now, before) => {
    if (now.playing === before.playing && now.speed === before.speed && now.phase === before.phase) return;
    clearInterval(timer);
    timer = now.playing && now.phase !== 'blank' ? setInterval(reportNow, everyMs) : undefined;
    reportNow();
  });
}
