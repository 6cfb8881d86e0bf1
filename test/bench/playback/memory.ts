import { readFileSync } from 'node:fs';
import { builtApp, launchApp, signIn } from '../../support/app.ts';
import { startDesktop } from '../../support/desktop.ts';
import { startGateway } from '../../support/gateway.ts';
import { numberedVideo } from '../../support/numbered-video.ts';
import { addRecording } from '../../support/people.ts';
import { start, treeOf, until } from '../../support/processes.ts';
import { connectPage } from '../raw-page.ts';
import { tell } from '../results.ts';
import { fourHours } from './stage.ts';

/**
 * The memory of the player's process after two hours of media at 16x, against after five minutes. Takes eight minutes. Playwright has each
 * page keep what it fetches, to be looked at later: here nothing is attached to the page but a line that asks and listens to nothing.
 */
export async function measureMemory(): Promise<void> {
  const desktop = await startDesktop();
  const gateway = await startGateway();
  try {
    await addRecording(gateway, 'long', await numberedVideo(fourHours), fourHours.seconds * 1000);
    const signedIn = await launchApp(desktop, { userData: 'memory', gateway: gateway.url });
    await signIn(signedIn, 'clara.nogueira');
    await signedIn.close();

    const { executable, args } = builtApp();
    const app = start(
      await desktop.launcher(executable),
      [...args, `--user-data-dir=${signedIn.userData}`, '--remote-debugging-port=0'],
      { env: desktop.env },
    );
    try {
      const line = await until('the debugging port', () => app.lines.find((one) => one.startsWith('DevTools listening on ')));
      const host = new URL(line.replace('DevTools listening on ', '')).host;
      const window = await connectPage(host, '/index.html');
      await window.until(`(() => { const box = document.querySelector('[role=searchbox]'); box?.focus(); return !!box; })()`);
      await window.type('long');
      await window.until(press(`[aria-label="Actions for session long"]`));
      const before = renderersOf(app.child.pid ?? 0);
      await window.until(press('[role=menuitem]'));
      window.close();
      const player = await connectPage(host, '/player.html');
      await player.until(`document.querySelector('video')?.currentTime > 0.3`);
      const pid = renderersOf(app.child.pid ?? 0).find((one) => !before.includes(one)) ?? before.at(-1) ?? 0;
      await player.until(`(() => { const choice = document.querySelector('select'); if (!choice) return false;
        choice.value = '16'; choice.dispatchEvent(new Event('change', { bubbles: true })); return true; })()`);
      const after = async (seconds: number) => {
        await player.until(`document.querySelector('video')?.currentTime >= ${seconds}`, 900_000);
        await player.collectGarbage();
        return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
      };
      const early = await after(300);
      const late = await after(7_200);
      player.close();
      const ratio = Number((late / early).toFixed(3));
      tell({
        bench: 'memory after 2 h at 16x, against 5 min',
        value: ratio,
        goal: '<= 1.1',
        met: ratio <= 1.1,
        early,
        late,
        unit: 'MB',
      });
    } finally {
      await app.stop();
    }
  } finally {
    await gateway.remove();
    await desktop.stop();
  }
}

/** Presses an element as soon as it is there. */
const press = (selector: string) =>
  `(() => { const found = document.querySelector('${selector}'); found?.click(); return !!found; })()`;

/** The renderers of an app, the newest last. */
function renderersOf(pid: number): number[] {
  return treeOf(pid)
    .filter((one) => readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('--type=renderer'))
    .sort((one, other) => one - other);
}
