import { _electron } from 'playwright';
import type { SessionPage } from '../../contract/session.ts';
import { launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { startDesktop } from '../support/desktop.ts';
import { startGateway } from '../support/gateway.ts';
import { until } from '../support/processes.ts';
import { bareElectron } from './bare.ts';
import { compare } from './compare.ts';

type Bare = { put(objects: unknown): Promise<void>; page(count: number): Promise<unknown[]> };

/** A page of sessions from the archive to the page's JavaScript, against `ipcRenderer.invoke` with the same objects from memory. */
export async function measureBridge(): Promise<void> {
  const desktop = await startDesktop();
  const gateway = await startGateway();
  const app = await launchApp(desktop, { userData: 'app', gateway: gateway.url });
  const bare = await _electron.launch({
    executablePath: await desktop.launcher(bareElectron()),
    args: [`--user-data-dir=${await desktop.newFolder('bare')}`],
    env: desktop.env,
    chromiumSandbox: true,
  });
  try {
    await signIn(app, 'marta.reis');
    const filled = await callFromPage(app.window, 'sessions.page', { limit: 1000 });
    const objects = (filled.value as SessionPage).items;
    // Without its gateway the app answers from the archive.
    await gateway.stop();
    await until('the app to know that it is offline', async () => {
      const answer = await callFromPage(app.window, 'sessions.page', { limit: 1 });
      return (
        (answer.value as { from?: string } | undefined)?.from === 'archive' &&
        ((await callFromPage(app.window, 'connection.get', {})).value as { state: string }).state === 'offline'
      );
    });
    const window = await bare.firstWindow();
    await window.evaluate((given) => (window as unknown as { bare: Bare }).bare.put(given), objects);
    await app.window.evaluate(openPort);
    for (const count of [100, 1000]) {
      await compare({
        name: `bridge: a page of ${count} sessions from the archive`,
        unit: 'ms',
        goal: 0.75,
        rounds: 40,
        ours: () =>
          app.window.evaluate((limit) => (window as unknown as { timed(limit: number): Promise<number> }).timed(limit), count),
        limit: () =>
          window.evaluate(async (limit) => {
            const started = performance.now();
            const items = await (window as unknown as { bare: Bare }).bare.page(limit);
            if (items.length !== limit) throw new Error('not the whole page');
            return performance.now() - started;
          }, count),
      });
    }
  } finally {
    await app.close();
    await bare.close();
    await gateway.remove();
    await desktop.stop();
  }
}

/** In the app's page: a port like the one the app itself has, and a way to time one call over it. */
function openPort(): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('message', function received({ data, ports }) {
      const [port] = ports;
      if (data !== 'oversight:port' || !port) return;
      window.removeEventListener('message', received);
      let id = 0;
      (window as unknown as { timed: unknown }).timed = (limit: number) =>
        new Promise((answered, reject) => {
          id += 1;
          const own = id;
          const started = performance.now();
          port.onmessage = ({ data: told }) => {
            if (told.id !== own) return;
            const value = told.json === undefined ? told.answer.value : JSON.parse(told.json);
            const ms = performance.now() - started;
            if (value?.items.length === limit) answered(ms);
            else reject(new Error(JSON.stringify(told).slice(0, 200)));
          };
          port.postMessage({ id: own, call: 'sessions.page', input: { limit } });
        });
      resolve();
    });
    window.postMessage('oversight:ask', window.location.origin);
  });
}
