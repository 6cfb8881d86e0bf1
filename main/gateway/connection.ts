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
  /**
   * Tries now, not at the next time planned: the person asked for it, the computer woke up, or it has a network again. A line that seems
   * to be up is made anew: after a sleep it may be dead without anybody having said so, and silence alone would show it only after 45 s.
   */
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
  let run: { line: AbortController; wake: () => void } | null = null;
  const set = (next: Connection) => {
    state = next;
    publish(next);
  };

  async function listen(
    gateway: Gateway,
    onEvent: (event: ServerEvent) => void | Promise<void>,
    mine: NonNullable<typeof run>,
  ): Promise<void> {
    let lastId: string | undefined;
    let gatewayZoneMinutes = 0;
    let synchronisedAt: string | null = null;
    for (let attempt = 0; run === mine; ) {
      const line = new AbortController();
      mine.line = line;
      let why: Failure = { code: 'UNREACHABLE', data: { host: '', why: 'cut' } };
      try {
        if (state.state === 'signed-out') set({ state: 'connecting', offsetMs: clock.offsetMs() });
        gatewayZoneMinutes = (await unless(line.signal, gateway.about())).zoneMinutes;
        const events = await gateway.calls.events(undefined, {
          signal: line.signal,
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
        if (error instanceof FailureError) why = error.failure;
      }
      if (run !== mine) return;
      if (line.signal.aborted) continue;
      if (why.code === 'SIGNED_OUT' || why.code === 'WIPE_ORDERED') return onLost(why);
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
        mine.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  function end(): void {
    const ending = run;
    run = null;
    ending?.line.abort();
    ending?.wake();
  }

  return {
    // The offset was measured when the state began: this computer's clock may have been set since.
    get: () => (state.state === 'signed-out' ? state : { ...state, offsetMs: clock.offsetMs() }),
    start(gateway, onEvent) {
      end();
      run = { line: new AbortController(), wake: () => undefined };
      void listen(gateway, onEvent, run);
    },
    retryNow() {
      run?.wake();
      run?.line.abort();
    },
    stop() {
      end();
      set({ state: 'signed-out' });
    },
  };
}

/** The outcome of `work`, or a rejection as soon as `signal` aborts: what it was waiting for is not waited for any more. */
function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
