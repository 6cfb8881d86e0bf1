import { useMemo, useSyncExternalStore } from 'react';
import type { Connection } from '../../contract/events.ts';
import type { Settings } from '../../contract/settings.ts';
import { useConnection } from './connection.ts';
import { useLanguage } from './language.ts';
import type { Live } from './live.ts';
import { useSettings } from './settings.ts';
import { createTimes, type Times } from './times.ts';

/** One ticker for everybody: it runs while somebody looks and the window is visible. */
function createTicker(everyMs: number) {
  const listeners = new Set<() => void>();
  let tick = steady();
  let timer: ReturnType<typeof setInterval> | undefined;
  const beat = () => {
    tick = steady();
    for (const listener of listeners) listener();
  };
  const arm = () => {
    clearInterval(timer);
    timer = listeners.size > 0 && !document.hidden ? setInterval(beat, everyMs) : undefined;
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) beat();
    arm();
  });
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (listeners.size === 1) arm();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) arm();
      };
    },
    get() {
      // Nobody looked for a while: what is left over is old.
      if (listeners.size === 0 && steady() - tick >= everyMs) tick = steady();
      return tick;
    },
  };
}

const seconds = createTicker(1_000);
const halfMinutes = createTicker(30_000);

/** Gateway time minus this computer's (ms), as main measured it. */
export function useOffsetMs(): number {
  return offsetOf(useConnection());
}

const offsetOf = (live: Live<Connection>) =>
  live.state === 'ready' && live.value.state !== 'signed-out' ? live.value.offsetMs : 0;

/** A clock that nobody sets (epoch ms): it runs on by itself when this computer's clock is changed. */
function steady(): number {
  return performance.timeOrigin + performance.now();
}

// The offset holds for this computer's clock as it was when main said it.
let steadyOffsetMs = Date.now() - steady();
useConnection.subscribe((live) => {
  steadyOffsetMs = Date.now() - steady() + offsetOf(live);
});

/** Gateway time (epoch ms) at this moment. */
export function gatewayNow(): number {
  return Math.round(steady() + steadyOffsetMs);
}

/** Gateway time (epoch ms), renewed every second or every half minute. */
export function useGatewayNow(every: 'second' | 'half-minute'): number {
  const ticker = every === 'second' ? seconds : halfMinutes;
  useConnection();
  return Math.round(useSyncExternalStore(ticker.subscribe, ticker.get) + steadyOffsetMs);
}

/** Times as this person reads them: their language, their choice of zone, "today" by the gateway's clock. */
export function useTimes(): Times {
  const language = useLanguage();
  const { timeDisplay } = useSettings();
  const live = useConnection();
  const zoneMinutes = live.state === 'ready' && 'gatewayZoneMinutes' in live.value ? live.value.gatewayZoneMinutes : 0;
  const nowMs = useGatewayNow('half-minute');
  return useMemo(
    () => createTimes(language, zoneOf(timeDisplay, zoneMinutes), nowMs),
    [language, timeDisplay, zoneMinutes, nowMs],
  );
}

/** The zone of a choice, as Intl names it; undefined is this computer's. */
export function zoneOf(timeDisplay: Settings['timeDisplay'], gatewayZoneMinutes: number): string | undefined {
  if (timeDisplay === 'local') return undefined;
  if (timeDisplay === 'utc' || gatewayZoneMinutes === 0) return 'UTC';
  const minutes = Math.abs(gatewayZoneMinutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${gatewayZoneMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
