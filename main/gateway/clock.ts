import { type Instant, toMs } from '../../contract/time.ts';

export interface Clock {
  /** Gateway time, epoch ms. */
  now(): number;
  /** Gateway time minus this computer's, ms. */
  offsetMs(): number;
  /** Learns from an answer: when it was asked for and when it came (by `monotonic`), and the gateway's time in it. */
  observe(askedMs: number, answeredMs: number, gatewayTime: Instant): void;
  monotonic(): number;
}

/**
 * The gateway's clock, kept by this computer's monotonic one: setting the computer's clock changes nothing. The observation with the
 * shortest way counts; a new one always does when it contradicts it (the computer slept: some monotonic clocks stand still then).
 */
export function createClock(monotonic: () => number = () => performance.now(), wall: () => number = () => Date.now()): Clock {
  let best: { base: number; error: number } | null = null;
  const now = () => (best ? best.base + monotonic() : wall());
  return {
    now,
    offsetMs: () => Math.round(now() - wall()),
    monotonic,
    observe(askedMs, answeredMs, gatewayTime) {
      const error = (answeredMs - askedMs) / 2;
      const base = toMs(gatewayTime) - (askedMs + error);
      const contradicts = best !== null && Math.abs(base - best.base) > error + best.error + 5;
      if (best === null || error <= best.error || contradicts) best = { base, error };
    },
  };
}
