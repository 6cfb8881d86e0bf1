import { fork } from 'node:child_process';
import type { ArchiveProcess } from '../../main/archive/archive.ts';
import type { ArchiveAnswer, ArchiveAsk } from '../../main/archive/calls.ts';
import { answerTo, createArchiveHandlers } from '../../main/archive/handlers.ts';

export type TestArchiveProcess = ArchiveProcess & { pid: number | undefined };

/** The archive's process under plain Node instead of Electron: the same handlers behind a channel of Node's own. */
export function forkArchive(env: Record<string, string> = {}): TestArchiveProcess {
  const child = fork(import.meta.filename, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  return {
    pid: child.pid,
    postMessage: (message: ArchiveAsk) => void child.send(message, () => undefined),
    on: (event: 'message' | 'exit', listener: ((message: ArchiveAnswer) => void) | (() => void)) => child.on(event, listener),
    kill: () => child.kill(),
  };
}

// Run as the child, this file is the process.
if (process.argv[1] === import.meta.filename && process.send) {
  const handlers = createArchiveHandlers();
  process.on('message', async (ask: ArchiveAsk) => {
    const answer = await answerTo(handlers, ask);
    if (answer) process.send?.(answer);
    else process.exit(1);
  });
  process.on('disconnect', () => process.exit());
}
