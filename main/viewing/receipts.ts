import { FailureError, fail } from '../../contract/failure.ts';
import type { NumberedEntry, ReceiptEntry } from '../../contract/viewing.ts';

export interface Receipts {
  /** Puts entries in the viewing's order. Fails with RATE_LIMITED when far more come than the gateway takes. */
  add(entries: readonly ReceiptEntry[]): void;
  /** Sends what is there now. Resolves when it was acknowledged, refused for good, or a try has failed (it is tried again later). */
  flush(): Promise<void>;
}

const everyMs = 5_000;
const longestPauseMs = 60_000;
const largestBatch = 500;
const mostWaiting = 20_000;

/**
 * The record of one viewing on its way to the gateway: entries are numbered in the order in which they came and sent until they are
 * acknowledged. What waits is kept in memory: it does not outlive the app.
 */
export function createReceipts(send: (entries: NumberedEntry[]) => Promise<unknown>): Receipts {
  let waiting: NumberedEntry[] = [];
  let next = 0;
  let pauseMs = everyMs;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | null = null;

  const plan = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) timer = setTimeout(() => void flush(), pauseMs);
    timer?.unref();
  };

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch);
      try {
        await send(batch);
      } catch (error) {
        if (!isRefusal(error)) {
          pauseMs = Math.min(longestPauseMs, pauseMs * 2);
          return;
        }
      }
      pauseMs = everyMs;
      waiting = waiting.slice(batch.length);
    }
  }

  function flush(): Promise<void> {
    sending ??= sendAll().finally(() => {
      sending = null;
      plan();
    });
    return sending;
  }

  return {
    add(entries) {
      if (waiting.length + entries.length > mostWaiting) fail('RATE_LIMITED', { retryAfterMs: pauseMs });
      for (const entry of entries) waiting.push({ sequence: next++, entry });
      if (timer === undefined) plan();
    },
    flush,
  };
}

/** Whether the gateway will never take them, however often they are sent. */
function isRefusal(error: unknown): boolean {
  return error instanceof FailureError && ['NOT_FOUND', 'INVALID_INPUT', 'SIGNED_OUT'].includes(error.failure.code);
}
