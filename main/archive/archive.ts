import { createHash } from 'node:crypto';
import path from 'node:path';
import { FailureError } from '../../contract/failure.ts';
import type { ArchiveAnswer, ArchiveAsk, ArchiveCallName, ArchiveCalls, ArchiveNotice } from './calls.ts';

export interface Archive {
  /** Opens the archive of one account. `key` is 32 bytes, or null to keep everything in memory. */
  open(account: string, key: Buffer | null): Promise<ArchiveNotice>;
  close(): Promise<void>;
  /** Removes what is kept of an account. */
  wipe(account: string): Promise<void>;
  /** Fails with ARCHIVE_FAILED. */
  call<N extends ArchiveCallName>(name: N, input: ArchiveCalls[N]['input']): Promise<ArchiveCalls[N]['output']>;
  stop(): void;
}

/** The archive's process as main needs it: Electron's utilityProcess in the app. */
export interface ArchiveProcess {
  postMessage(message: ArchiveAsk): void;
  on(event: 'message', listener: (message: ArchiveAnswer) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  kill(): unknown;
}

/**
 * Main's end of the archive. The process starts with the first call; if it dies, what was asked of it fails, and the next call starts
 * it again and opens the same account.
 */
export function createArchive(userData: string, fork: () => ArchiveProcess, report: (error: unknown, where: string) => string): Archive {
  const folder = path.join(userData, 'archive');
  const waiting = new Map<number, { resolve: (json: string) => void; reject: (error: Error) => void }>();
  let running: ArchiveProcess | null = null;
  let current: ArchiveCalls['open']['input'] | null = null;
  let lastId = 0;

  function ensure(): ArchiveProcess {
    if (running) return running;
    const started = fork();
    running = started;
    started.on('message', (answer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('json' in answer) waiter?.resolve(answer.json);
      else waiter?.reject(new Error(answer.error));
    });
    started.on('exit', () => {
      if (running === started) running = null;
      for (const waiter of waiting.values()) waiter.reject(new Error('the archive’s process has ended'));
      waiting.clear();
    });
    if (current) void send('open', current).catch((error) => report(error, 'archive.open'));
    return started;
  }

  function send(name: ArchiveCallName, input: unknown): Promise<string> {
    const target = ensure();
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      target.postMessage({ id, name, input });
    });
  }

  const archive: Archive = {
    async open(account, key) {
      const input = { folder, name: fileName(account), key: key?.toString('hex') ?? null };
      current = null;
      const { notice } = await archive.call('open', input);
      current = input;
      return notice;
    },
    async close() {
      current = null;
      if (running) await archive.call('close', {});
    },
    async wipe(account) {
      current = null;
      await archive.call('wipe', { folder, name: fileName(account) });
    },
    async call(name, input) {
      try {
        return JSON.parse(await send(name, input));
      } catch (error) {
        report(error, `archive.${name}`);
        throw new FailureError({ code: 'ARCHIVE_FAILED', data: {} });
      }
    },
    stop() {
      current = null;
      running?.kill();
    },
  };
  return archive;
}

/** Files are named by a hash: the folder does not tell who works with which gateway. */
function fileName(account: string): string {
  return createHash('sha256').update(account).digest('hex').slice(0, 32);
}
