import { getEventMeta } from '@orpc/client';
import type { Connection } from '../../contract/events.ts';
import { type Failure, FailureError } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import { toInstant } from '../../contract/time.ts';
import type { Gateway } from './client.ts';
import type { Clock } from './clock.ts';

const firstWaitMs = 1_000;
const longestWaitMs = 60_000;

export interface GatewayConnection {
  get(): Connection;
  /** Begins to listen at a gateway; `onEvent` hears of everything it says, in order, the id of the last one is kept. */
  start(gateway: Gateway, onEvent: (event: ServerEvent) => void | Promise<void>): void;
  /** Tries now, not at the next time planned: the person asked for it, or the computer woke up. */
  retryNow(): void;
  stop(): void;
}

/**
 * The line to the gateway: one event stream, resumed where it broke off, with growing pauses between tries. Its state is what
 * people see as connected or not. `onLost` hears why the sign-in is over, if that is what the gateway says.
 */
export function createConnection(
  clock: Clock,
  publish: (connection: Connection) => void,
  onLost: (failure: Failure) => void,
): GatewayConnection {
  let state: Connection = { state: 'signed-out' };
  let run: { stop: AbortController; wake: () => void } | null = null;
  const set = (next: Connection) => {
    state = next;
    publish(next);
  };

  async function listen(
    gateway: Gateway,
    onEvent: (event: ServerEvent) => void | Promise<void>,
    stop: AbortController,
  ): Promise<void> {
    let lastId: string | undefined;
    let gatewayZoneMinutes = 0;
    let synchronisedAt: string | null = null;
    for (let attempt = 0; !stop.signal.aborted; ) {
      let why: Failure = { code: 'UNREACHABLE', data: { host: '', why: 'cut' } };
      try {
        if (state.state === 'signed-out') set({ state: 'connecting', offsetMs: clock.offsetMs() });
        gatewayZoneMinutes = (await gateway.about()).zoneMinutes;
        const events = await gateway.calls.events(undefined, {
          signal: stop.signal,
          ...(lastId !== undefined && { lastEventId: lastId }),
        });
        for await (const event of events) {
          lastId = getEventMeta(event)?.id ?? lastId;
          synchronisedAt = toInstant(clock.now());
          attempt = 0;
          await onEvent(event);
          if (event.type === 'hello') set({ state: 'online', offsetMs: clock.offsetMs(), gatewayZoneMinutes, synchronisedAt });
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof FailureError) why = error.failure;
      }
      if (stop.signal.aborted) return;
      if (why.code === 'SIGNED_OUT') return onLost(why);
      attempt += 1;
      const pause = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
      const since = state.state === 'offline' ? state.since : toInstant(clock.now());
      set({
        state: 'offline',
        offsetMs: clock.offsetMs(),
        gatewayZoneMinutes,
        since,
        retryAt: toInstant(clock.now() + pause),
        why,
        synchronisedAt,
      });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        if (run) run.wake = () => (clearTimeout(timer), resolve());
      });
    }
  }

  return {
    // The offset was measured when the state began: this computer's clock may have been set since.
    get: () => (state.state === 'signed-out' ? state : { ...state, offsetMs: clock.offsetMs() }),
    start(gateway, onEvent) {
      run?.stop.abort();
      const stop = new AbortController();
      run = { stop, wake: () => undefined };
      void listen(gateway, onEvent, stop);
    },
    retryNow: () => run?.wake(),
    stop() {
      run?.stop.abort();
      run?.wake();
      run = null;
      set({ state: 'signed-out' });
    },
  };
}
