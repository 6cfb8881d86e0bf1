import { readFileSync } from 'node:fs';
import path from 'node:path';
import { builtApp, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway } from '../support/gateway.ts';
import { start, treeOf, until } from '../support/processes.ts';
import { bareElectron } from './bare.ts';
import { compare } from './compare.ts';
import { openPixels } from './pixels.ts';

/** The middle of the product's mark, on the sign-in form and in the bare window alike. */
const mark = [61, 165, 207] as const;
/** The word for an approval that is needed: only a row of a session has it. */
const rowChip = [238, 241, 245] as const;
const idleMs = 4_000;

/** Spawn to pixels and idle memory, against a bare window on the same runtime. */
export async function measureStart(): Promise<void> {
  const desktop = await startDesktop({ framebuffer: true });
  const gateway = await startGateway();
  const pixels = openPixels(path.join(desktop.framebuffer ?? '', 'Xvfb_screen0'));
  try {
    const ours = await desktop.launcher(builtApp().executable);
    const bare = await desktop.launcher(bareElectron());
    const empty = await desktop.newFolder('empty');
    const plain = await desktop.newFolder('bare');

    const spawnUntil = (program: string, args: string[], color: readonly [number, number, number]) => async () => {
      await until('an empty display', () => !pixels.has(color));
      const started = performance.now();
      const app = start(program, args, { env: desktop.env });
      await until('the pixels', () => pixels.has(color), 30_000, 2);
      const ms = performance.now() - started;
      await app.stop();
      return ms;
    };
    const bareStart = spawnUntil(bare, [`--user-data-dir=${plain}`], mark);
    await compare({
      name: 'start: spawn to the sign-in form',
      unit: 'ms',
      goal: 1.4,
      ours: spawnUntil(ours, [`--user-data-dir=${empty}`], mark),
      limit: bareStart,
    });

    const kept = await rememberedAccount(desktop, gateway.url);
    await compare({
      name: 'start: spawn to 50 cached sessions',
      unit: 'ms',
      goal: 1.5,
      ours: spawnUntil(ours, [`--user-data-dir=${kept}`], rowChip),
      limit: bareStart,
    });

    const idle = (program: string, args: string[]) => async () => {
      const app = start(program, args, { env: desktop.env });
      await until('the window', () => pixels.has(mark), 30_000, 20);
      await new Promise((resolve) => setTimeout(resolve, idleMs));
      const kilobytes = proportionalKilobytes(app.child.pid ?? 0);
      await app.stop();
      return kilobytes / 1024;
    };
    await compare({
      name: 'memory: idle, PSS of all processes',
      unit: 'MB',
      goal: 1.25,
      rounds: 8,
      ours: idle(ours, [`--user-data-dir=${empty}`]),
      limit: idle(bare, [`--user-data-dir=${plain}`]),
    });
  } finally {
    await gateway.remove();
    await desktop.stop();
  }
}

/** A user data folder in which somebody stayed signed in and has seen sessions. */
async function rememberedAccount(desktop: Desktop, gateway: string): Promise<string> {
  const app = await launchApp(desktop, { userData: 'kept', gateway });
  await signIn(app, 'marta.reis');
  await app.window
    .getByRole('button', { name: /^Actions for session/ })
    .first()
    .waitFor();
  await app.window.getByText('Synchronised').waitFor();
  await app.close();
  return app.userData;
}

/** The proportional set size of a process and all below it: shared pages count once. */
function proportionalKilobytes(pid: number): number {
  let sum = 0;
  for (const one of treeOf(pid)) {
    try {
      sum += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}
