import { createHash } from 'node:crypto';
import path from 'node:path';
import type { MessagePortMain } from 'electron';
import { FailureError, fail } from '../../contract/failure.ts';
import type { ArchiveAnswer, ArchiveAsk, ArchiveCallName, ArchiveCalls, ArchiveIntroduction, ArchiveNotice } from './calls.ts';
import type { ArchiveSource } from './database.ts';

export interface Archive {
  /** Opens the archive of one account. `key` is 32 bytes, or null to keep everything in memory. Answers with what must be said. */
  open(account: string, key: Buffer | null): Promise<ArchiveNotice[]>;
  close(): Promise<void>;
  /** Starts the process, so that it is there when it is asked for something. */
  warm(): void;
  /** Gives the process a port to a page that wants rows (rows.ts). It ends with the account, or the process. `nowMs` is gateway time. */
  introduce(port: MessagePortMain, nowMs: number): void;
  /** Removes what is kept of an account. */
  wipe(account: string, more?: { keepReceipts: boolean }): Promise<void>;
  /** Copies receipts that wait into a file of their own, or only counts them when `keptKey` is null. Keys are base64. */
  setAsideReceipts(account: string, key: string, keptKey: string | null): Promise<ArchiveCalls['receipts.setAside']['output']>;
  /** Takes them back into the open archive, and removes that file. */
  takeBackReceipts(account: string, keptKey: string): Promise<void>;
  /** Where another process finds what is kept of the open account, to read it. Fails with ARCHIVE_FAILED. */
  source(): Promise<ArchiveSource>;
  /** Fails with ARCHIVE_FAILED. */
  call<N extends ArchiveCallName>(name: N, input: ArchiveCalls[N]['input']): Promise<ArchiveCalls[N]['output']>;
  /** The same, as the JSON text it came in: for answers that only pass through. */
  text<N extends ArchiveCallName>(name: N, input: ArchiveCalls[N]['input']): Promise<string>;
  /** Lets what was asked for be done, closes the files and ends the process. */
  stop(): Promise<void>;
}

/** The archive's process as main needs it: Electron's utilityProcess in the app. */
export interface ArchiveProcess {
  postMessage(message: ArchiveAsk | ArchiveIntroduction, ports?: MessagePortMain[]): void;
  on(event: 'message', listener: (message: ArchiveAnswer) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  kill(): unknown;
}

type Waiter = { ask: ArchiveAsk; askedBefore: boolean; resolve: (json: string) => void; reject: (error: Error) => void };

/** These say which account is open; they are not repeated in a new process. Every other call may be: done twice is done once. */
const opening: readonly ArchiveCallName[] = ['open', 'close', 'wipe'];
const stopWithinMs = 2_000;
/** A large archive is looked at when the start is over. */
const lookAfterMs = 60_000;
const wipeWithinMs = 700;

/**
 * Main's end of the archive. The process starts with the first call. If it dies it is started again, opens the same account and is
 * asked once more for what it had not answered. `lost` hears when the new one has begun with less than the old one had: it found a
 * damaged file, or everything was in memory.
 */
export function createArchive(options: {
  userData: string;
  fork: () => ArchiveProcess;
  report: (error: unknown, where: string) => string;
  lost: (notices: ArchiveNotice[]) => void;
}): Archive {
  const { fork, report, lost } = options;
  const folder = path.join(options.userData, 'archive');
  const waiting = new Map<number, Waiter>();
  let running: ArchiveProcess | null = null;
  let current: ArchiveCalls['open']['input'] | null = null;
  let looking: NodeJS.Timeout | undefined;
  let looker: ArchiveProcess | null = null;
  let stopped = false;
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
      if (running === started) ended();
    });
    if (current) void reopen(current);
    return started;
  }

  /** What was not answered is asked of a new process, in the same order, unless it was the second to die of it. */
  function ended(): void {
    running = null;
    const unanswered = [...waiting.values()];
    waiting.clear();
    for (const waiter of unanswered) {
      if (stopped || waiter.askedBefore || opening.includes(waiter.ask.name))
        waiter.reject(new Error('the archive’s process has ended'));
      else post({ ...waiter, askedBefore: true });
    }
  }

  async function reopen(input: ArchiveCalls['open']['input']): Promise<void> {
    try {
      const { notices } = await archive.call('open', input);
      if (notices.length > 0 && current === input) lost(notices);
    } catch {
      // It is reported, and what is asked of it next says so to the person.
    }
  }

  function forget(): void {
    current = null;
    clearTimeout(looking);
    looker?.kill();
  }

  /** Looks at every page of a large archive in a process of its own. If it is damaged, it is opened anew, which puts it aside. */
  async function look(input: ArchiveCalls['open']['input']): Promise<void> {
    const { folder, name, key } = input;
    const process = fork();
    looker = process;
    const answer = await new Promise<ArchiveAnswer | null>((resolve) => {
      process.on('message', resolve);
      process.on('exit', () => resolve(null));
      process.postMessage({ id: 0, name: 'look', input: { folder, name, key } });
    });
    looker = null;
    process.kill();
    if (current !== input || answer === null) return;
    if ('error' in answer) throw new Error(answer.error);
    const { damaged }: ArchiveCalls['look']['output'] = JSON.parse(answer.json);
    if (!damaged) return void (await archive.call('meta.put', { name: 'looked', value: new Date().toISOString() }));
    await archive.call('suspect', {});
    running?.kill();
    ended();
    ensure();
  }

  function post(waiter: Waiter): void {
    try {
      const target = ensure();
      waiting.set(waiter.ask.id, waiter);
      target.postMessage(waiter.ask);
    } catch (error) {
      waiting.delete(waiter.ask.id);
      waiter.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const archive: Archive = {
    async open(account, key) {
      const input = { folder, name: fileName(account), key: key?.toString('hex') ?? null };
      forget();
      const { notices, looked } = await archive.call('open', input);
      current = input;
      if (!looked) looking = setTimeout(() => void look(input).catch((error) => report(error, 'archive.look')), lookAfterMs);
      return notices;
    },
    async close() {
      forget();
      if (running) await archive.call('close', {});
    },
    warm: () => void ensure(),
    introduce(port, nowMs) {
      if (running && current) running.postMessage({ nowMs }, [port]);
      else port.close();
    },
    setAsideReceipts: (account, key, keptKey) =>
      archive.call('receipts.setAside', {
        folder,
        name: fileName(account),
        key: hexOf(key),
        keptKey: keptKey && hexOf(keptKey),
      }),
    async takeBackReceipts(account, keptKey) {
      await archive.call('receipts.takeBack', { folder, name: fileName(account), keptKey: hexOf(keptKey) });
    },
    async wipe(account, more = { keepReceipts: false }) {
      forget();
      const files = { folder, name: fileName(account), ...more };
      // A process that is busy or hangs is ended: the files go whatever it does.
      const late = setTimeout(() => running?.kill(), wipeWithinMs);
      await archive
        .call('wipe', files)
        .catch(() => archive.call('wipe', files))
        .finally(() => clearTimeout(late));
    },
    async source() {
      const { image } = await archive.call('image', {});
      if (image !== null) return { image };
      const { name, key } = current ?? fail('ARCHIVE_FAILED');
      return { file: path.join(folder, `${name}.archive`), key: key ?? '' };
    },
    call: async (name, input) => JSON.parse(await archive.text(name, input)),
    async text(name, input) {
      try {
        if (stopped) throw new Error('the archive is stopped');
        lastId += 1;
        const ask = { id: lastId, name, input };
        return await new Promise<string>((resolve, reject) => post({ ask, askedBefore: false, resolve, reject }));
      } catch (error) {
        report(error, `archive.${name}`);
        throw new FailureError({ code: 'ARCHIVE_FAILED', data: {} });
      }
    },
    async stop() {
      if (stopped) return;
      const closed = archive.close().catch(() => undefined);
      stopped = true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, stopWithinMs);
      });
      await Promise.race([closed, late]);
      clearTimeout(timer);
      running?.kill();
    },
  };
  return archive;
}

const hexOf = (key: string) => Buffer.from(key, 'base64').toString('hex');

/**
 * Opens an account's archive whatever the disk does: what could not be opened a second time either stays where it is, memory stands in for
 * it, and that has to be said.
 */
export async function openArchive(archive: Archive, account: string, key: Buffer | null): Promise<ArchiveNotice[]> {
  try {
    return await archive.open(account, key).catch(() => archive.open(account, key));
  } catch {
    await archive.open(account, null);
    return ['archive-unusable'];
  }
}

/** Files are named by a hash: the folder does not tell who works with which gateway. */
function fileName(account: string): string {
  return createHash('sha256').update(account).digest('hex').slice(0, 32);
}
