import type { Archive } from '../archive/archive.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Publish } from '../sessions/service.ts';
import type { Keeping } from './keeping.ts';

export interface Retention {
  /** Somebody is signed in. From here on what is too old goes, also while the gateway is out of reach. */
  begin(): void;
  /** Something may be different: removes what is too old unless that was done today for as many days. */
  recheck(): void;
  stop(): void;
}

const dayMs = 24 * 60 * 60_000;

/** Removes what has rested for longer than it may be kept: at the start, when fewer days are to be kept, and once a day. */
export function createRetention(options: {
  archive: Archive;
  keeping: Pick<Keeping, 'days' | 'sinceMs'>;
  clock: Pick<Clock, 'now'>;
  publish: Publish;
  report: (error: unknown, where: string) => string;
}): Retention {
  const { archive, keeping, clock, publish, report } = options;
  /** Changes with every sign-in: what was begun for one is nothing to the next. */
  let period = 0;
  let timer: NodeJS.Timeout | undefined;
  let last: { days: number; atMs: number } | null = null;
  let working: Promise<void> = Promise.resolve();

  async function remove(mine: number): Promise<void> {
    if (mine !== period) return;
    const days = await keeping.days();
    const nowMs = clock.now();
    if (last !== null && last.days === days && Math.abs(nowMs - last.atMs) < dayMs) return;
    const { gone } = await archive.call('history.expire', { untilMs: await keeping.sinceMs(), nowMs });
    if (mine !== period) return;
    last = { days, atMs: nowMs };
    if (gone.length === 0) return;
    publish('requests', { changed: [], removed: gone });
    publish('history', {});
  }

  function recheck(): void {
    const mine = period;
    working = working.then(() => remove(mine)).catch((error) => void (mine === period && report(error, 'retention')));
  }

  function plan(): void {
    timer = setTimeout(() => {
      recheck();
      plan();
    }, dayMs);
    timer.unref();
  }

  const stop = () => {
    period += 1;
    last = null;
    clearTimeout(timer);
  };
  return {
    begin() {
      stop();
      recheck();
      plan();
    },
    recheck,
    stop,
  };
}
