import path from 'node:path';
import { builtApp } from '../../support/app.ts';
import { startDesktop } from '../../support/desktop.ts';
import { start, until } from '../../support/processes.ts';
import { compare } from '../compare.ts';
import { openPixels } from '../pixels.ts';
import { keptAccounts } from './accounts.ts';

/** The word for an approval that is needed: only a row of a session has it. */
const rowChip = [238, 241, 245] as const;

/** Spawn to the rows of the cached sessions, with an archive of a million requests and with one of a hundred; both offline. */
export async function measureHistoryStart(): Promise<void> {
  const desktop = await startDesktop({ framebuffer: true });
  const pixels = openPixels(path.join(desktop.framebuffer ?? '', 'Xvfb_screen0'));
  try {
    const kept = await keptAccounts(desktop);
    const program = await desktop.launcher(builtApp().executable);
    const spawned = (name: string) => async () => {
      const userData = await desktop.newFolder(name);
      await until('an empty display', () => !pixels.has(rowChip));
      const began = performance.now();
      const app = start(program, [`--user-data-dir=${userData}`], { env: desktop.env });
      await until('the pixels', () => pixels.has(rowChip), 30_000, 2);
      const ms = performance.now() - began;
      await app.stop();
      return ms;
    };
    await compare({
      name: 'history: spawn to cached sessions with 1,000,000 requests, against 100',
      unit: 'ms',
      goal: 1.1,
      rounds: 12,
      ours: spawned(kept.many.userData),
      limit: spawned(kept.few.userData),
    });
  } finally {
    await desktop.stop();
  }
}
