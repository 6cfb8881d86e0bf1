import { setImmediate } from 'node:timers/promises';
import { type Archive, type ArchiveProcess, createArchive } from '../../main/archive/archive.ts';
import type { ArchiveAsk } from '../../main/archive/calls.ts';
import { answerTo, createArchiveHandlers } from '../../main/archive/handlers.ts';

/** The real archive, its process inside this one. It can be made to fail. */
export async function openMemoryArchive(): Promise<Archive & { failing: boolean }> {
  const archive = createArchive({ userData: '/nowhere', fork: inProcess, report: () => '', lost: () => undefined });
  await archive.open('somebody', null);
  const call: Archive['call'] = (name, input) => archive.call(made.failing ? ('no such call' as typeof name) : name, input);
  const made = { ...archive, call, failing: false };
  return made;
}

function inProcess(): ArchiveProcess {
  const handlers = createArchiveHandlers();
  const listeners: ((message: never) => void)[] = [];
  return {
    async postMessage(message) {
      await setImmediate();
      const answer = await answerTo(handlers, structuredClone(message as ArchiveAsk));
      for (const listener of listeners) listener(answer as never);
    },
    on: (event: string, listener: (message: never) => void) => event === 'message' && listeners.push(listener),
    kill: () => undefined,
  };
}
