import { useSyncExternalStore } from 'react';

/**
 * The gateway's time (epoch ms) in this page. Once told the offset it runs on the page's monotonic clock, so that setting the computer's
 * clock moves neither the countdown nor the watermark.
 */
let baseMs = Date.now() - performance.now();
let tick = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** `offsetMs` is gateway time minus this computer's time, as main measured it just now. */
export function setGatewayOffset(offsetMs: number): void {
  baseMs = Date.now() + offsetMs - performance.now();
}

export function gatewayNow(): number {
  return baseMs + performance.now();
}

/** The gateway's time (epoch ms), renewed as each of its seconds begins. */
export function useGatewayTime(): number {
  useSyncExternalStore(subscribe, () => tick);
  return gatewayNow();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) beat();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

function beat(): void {
  tick += 1;
  for (const listener of listeners) listener();
  timer = setTimeout(beat, 1000 - (gatewayNow() % 1000) + 5);
}
