import type { Confirmation } from '../../contract/history.ts';
import type { Archive } from '../archive/archive.ts';
import type { Publish } from '../sessions/service.ts';
import type { Keeping } from './keeping.ts';
import type { Sync } from './sync.ts';

export interface SealCheck {
  /** Looks at what was taken in since the last time, at first at everything, page by page, slowly: nobody waits for it. */
  run(): void;
  /** Something is kept that the gateway has not named: it is said, and everything is read anew. */
  doubt(): void;
  /** Whether the gateway's signed word covers what is kept of a request. What contradicts it is read anew. */
  confirm(requestId: string): Promise<Confirmation>;
  /** Resolves when nothing is being looked at. */
  idle(): Promise<void>;
  stop(): void;
}

/** What contradicts again right after everything was read anew would do so for ever: for so long it is only marked where it is. */
const anewEveryMs = 10 * 60_000;
/** So much of the archive's time is left to others while everything is looked at. */
const restMs = 100;

/**
 * Compares what is kept on this computer with what the gateway signed. Whoever has changed, removed, put in or moved a row, with whatever
 * key, cannot sign for it: it is said, and everything is read anew.
 */
export function createSealCheck(options: {
  archive: Archive;
  keeping: Pick<Keeping, 'sinceMs'>;
  sealKey: () => Promise<string | null>;
  sync: () => Pick<Sync, 'pull'>;
  clock: { now(): number };
  publish: Publish;
  report: (error: unknown, where: string) => string;
}): SealCheck {
  const { archive, keeping, clock, publish, report } = options;
  /** Up to which page everything was looked at since the account was opened. */
  let after = 0;
  let running: Promise<void> | null = null;
  let turn = 0;
  let anewAtMs = Number.NEGATIVE_INFINITY;

  /** A person may want more kept from now on; what was left out until then is not missing. */
  async function sinceMs(): Promise<number> {
    const { value } = await archive.call('meta.get', { name: 'kept-days' });
    return keeping.sinceMs(value === null ? undefined : Number(value));
  }

  async function readAnew(): Promise<void> {
    if (clock.now() - anewAtMs < anewEveryMs) return;
    anewAtMs = clock.now();
    publish('storage-notice', { notice: 'archive-contradicted' });
    after = 0;
    await archive.call('changes.forget', {});
    await options.sync().pull();
  }

  const readAnewSoon = () => void readAnew().catch((error) => report(error, 'history.check'));

  async function look(mine: number): Promise<void> {
    const key = await options.sealKey();
    if (key === null) return;
    let contradicted = 0;
    while (turn === mine) {
      const keepSinceMs = await sinceMs();
      const { next, contradicted: found } = await archive.call('changes.check', { key, after, keepSinceMs });
      contradicted += found;
      if (next === null) break;
      after = next;
      await new Promise((resolve) => setTimeout(resolve, restMs).unref());
    }
    if (contradicted > 0 && turn === mine) await readAnew();
  }

  return {
    run() {
      running ??= look(turn)
        .catch((error) => void report(error, 'history.check'))
        .finally(() => {
          running = null;
        });
    },
    doubt: readAnewSoon,
    async confirm(requestId) {
      const { confirmation } = await archive.call('changes.confirm', { requestId, key: await options.sealKey() });
      // It is shown as it is: contradicted. What replaces it comes with the feed.
      if (confirmation === 'contradicted') readAnewSoon();
      return confirmation;
    },
    async idle() {
      while (running) await running;
    },
    stop() {
      turn += 1;
      after = 0;
      anewAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
