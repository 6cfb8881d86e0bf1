import type { NumberedEntry, ReceiptEntry } from '../../contract/viewing.ts';

const pauseMs = 3_000;
const mostAtOnce = 500;

export interface Receipts {
  add(entries: readonly ReceiptEntry[]): void;
  /** Sends what is left. Resolves when it is acknowledged, or when that cannot be had now. */
  flush(): Promise<void>;
}

/** The receipt entries of one viewing on their way to the gateway: numbered, in order, sent again until they are acknowledged. */
export function createReceipts(send: (entries: NumberedEntry[]) => Promise<{ acknowledged: number }>): Receipts {
  let next = 0;
  let waiting: NumberedEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const { acknowledged } = await send(waiting.slice(0, mostAtOnce));
      waiting = waiting.filter((one) => one.sequence > acknowledged);
    }
  }

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    // What could not be sent waits for the next time.
    sending = sending.then(sendAll).catch(() => undefined);
    return sending;
  };

  return {
    add(entries) {
      for (const entry of entries) {
        waiting.push({ sequence: next, entry });
        next += 1;
      }
      timer ??= setTimeout(() => void flush(), pauseMs);
    },
    flush,
  };
}
