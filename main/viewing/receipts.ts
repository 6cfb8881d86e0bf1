import { createHash } from 'node:crypto';
import { FailureError, fail } from '../../contract/failure.ts';
import { type ChainedEntry, type Checkpoint, genesisOf, hashOf } from '../../contract/receipt.ts';
import type { ReceiptEntry } from '../../contract/viewing.ts';

export interface Receipts {
  /** Puts entries in the viewing's chain. Fails with RATE_LIMITED when far more come than the gateway takes. */
  add(entries: readonly ReceiptEntry[]): void;
  /** Sends what is there now. Resolves when it was acknowledged, refused for good, or a try has failed (it is tried again later). */
  flush(): Promise<void>;
}

/** Where entries are kept on this computer until the gateway has them. */
export interface ReceiptLog {
  keep(viewingId: string, entries: readonly ChainedEntry[]): Promise<void>;
  /** The gateway holds the chain up to here: what is acknowledged is dropped, its word for it is kept. */
  acknowledged(checkpoint: Checkpoint): Promise<void>;
  /** What the gateway has not acknowledged, of every viewing, with its last word on each. */
  waiting(): Promise<{ viewingId: string; entries: ChainedEntry[]; checkpoint: Checkpoint | null }[]>;
  /** They will never be taken. */
  drop(viewingId: string): Promise<void>;
}

/** Whether a checkpoint is signed by the gateway that it came from. */
export type IsSigned = (checkpoint: Checkpoint) => Promise<boolean>;

export type SendReceipts = (viewingId: string, entries: ChainedEntry[]) => Promise<{ checkpoint: Checkpoint }>;

const everyMs = 4_000;
const longestPauseMs = 60_000;
const largestBatch = 500;
const mostWaiting = 20_000;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * The record of one viewing on its way to the gateway: entries are chained in the order in which they came, written down, and only then
 * sent, until they are acknowledged. `contradicted` hears when the gateway's word is not the chain that was sent,
 * or not signed by it.
 */
export function createReceipts(options: {
  viewingId: string;
  send: SendReceipts;
  log: Pick<ReceiptLog, 'keep' | 'acknowledged' | 'drop'>;
  isSigned: IsSigned;
  contradicted(viewingId: string): void;
  report(error: unknown, where: string): void;
}): Receipts {
  const { viewingId, log, report } = options;
  let waiting: ChainedEntry[] = [];
  let next = 0;
  let head = genesisOf(viewingId, sha256);
  let pauseMs = everyMs;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | null = null;
  let kept: Promise<void> = Promise.resolve();

  const plan = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) timer = setTimeout(() => void flush(), pauseMs);
    timer?.unref();
  };

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      await kept;
      const outcome = await sendBatch(options, viewingId, waiting.slice(0, largestBatch));
      if (outcome === 'later') {
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
        return;
      }
      pauseMs = everyMs;
      waiting = outcome === 'never' ? [] : waiting.filter(({ sequence }) => sequence > outcome);
    }
  }

  function flush(): Promise<void> {
    sending ??= sendAll()
      .catch((error) => report(error, 'receipts.send'))
      .finally(() => {
        sending = null;
        plan();
      });
    return sending;
  }

  return {
    add(entries) {
      if (waiting.length + entries.length > mostWaiting) fail('RATE_LIMITED', { retryAfterMs: pauseMs });
      const chained = entries.map((entry): ChainedEntry => {
        const sequence = next++;
        head = hashOf(head, sequence, entry, sha256);
        return { sequence, hash: head, entry };
      });
      waiting.push(...chained);
      // What cannot be written down here is still sent: the gateway's record is the one that counts.
      kept = kept.then(() => log.keep(viewingId, chained)).catch((error) => report(error, 'receipts.keep'));
      if (timer === undefined) plan();
    },
    flush,
  };
}

/**
 * Sends what earlier runs of the app, or an outage, left behind. What cannot be sent now stays for the next time. Resolves when everything
 * was tried once.
 */
export async function sendWaiting(options: {
  send: SendReceipts;
  log: ReceiptLog;
  isSigned: IsSigned;
  /** Viewings that run now send their own. */
  isRunning(viewingId: string): boolean;
  contradicted(viewingId: string): void;
}): Promise<void> {
  for (const { viewingId, entries, checkpoint } of await options.log.waiting()) {
    if (options.isRunning(viewingId)) continue;
    let rest = entries;
    while (rest.length > 0) {
      const outcome = await sendBatch(options, viewingId, rest.slice(0, largestBatch), checkpoint);
      if (outcome === 'later') return;
      rest = outcome === 'never' ? [] : rest.filter(({ sequence }) => sequence > outcome);
    }
  }
}

/** Sends one batch. Answers with the sequence that is acknowledged now, `later` when it is to be tried again, `never` when it is not. */
async function sendBatch(
  options: {
    send: SendReceipts;
    log: Pick<ReceiptLog, 'acknowledged' | 'drop'>;
    isSigned: IsSigned;
    contradicted(viewingId: string): void;
  },
  viewingId: string,
  batch: ChainedEntry[],
  known: Checkpoint | null = null,
): Promise<number | 'later' | 'never'> {
  try {
    const { checkpoint } = await options.send(viewingId, batch);
    const own = batch.find(({ sequence }) => sequence === checkpoint.sequence);
    const differs = checkpoint.viewingId !== viewingId || (own !== undefined && own.hash !== checkpoint.hash);
    if (differs || !(await options.isSigned(checkpoint))) {
      options.contradicted(viewingId);
      return 'never';
    }
    await options.log.acknowledged(checkpoint);
    return checkpoint.sequence;
  } catch (error) {
    if (!(error instanceof FailureError)) return 'later';
    const { failure } = error;
    switch (failure.code) {
      case 'RECEIPT_FORK':
        options.contradicted(viewingId);
        await options.log.drop(viewingId);
        return 'never';
      case 'RECEIPT_GAP':
        // Acknowledged, signed, and gone: the gateway's store is not what it was.
        if (known === null || failure.data.expected <= known.sequence) options.contradicted(viewingId);
        await options.log.drop(viewingId);
        return 'never';
      case 'NOT_FOUND':
      case 'INVALID_INPUT':
        await options.log.drop(viewingId);
        return 'never';
      default:
        return 'later';
    }
  }
}
