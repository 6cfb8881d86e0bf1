import path from 'node:path';
import type { ElectronApplication } from 'playwright';
import { type App, launchApp, signIn } from '../../support/app.ts';
import { type Desktop, startDesktop } from '../../support/desktop.ts';
import { startGateway } from '../../support/gateway.ts';
import { writePastRequests } from '../../support/past-requests.ts';
import { tell } from '../results.ts';

const requests = 12_000;
const rounds = 3;
const restMs = 5_000;
const words = ['checkout', 'firewall', 'revisão', '配置', 'CHG-4410', 'invoices', 'go ahead', 'ab', 'Yuki'];

/** How long main's event loop was held up at a time (ms). */
type Gaps = number[];
type Worked = { ms: number; searches: number; exports: number };

/** Main's event loop while a first sync, exports and searches run at once, in the real app at a real gateway; and after that, at rest. */
export async function measureMain(): Promise<void> {
  const desktop = await startDesktop();
  const gateway = await startGateway();
  writePastRequests(gateway, requests);
  const busy: Gaps = [];
  const rest: Gaps = [];
  const worked: Worked[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const app = await launchApp(desktop, { userData: `round-${round}`, gateway: gateway.url });
      try {
        await saveWithoutAsking(app, desktop);
        await signIn(app, 'paulo.nunes');
        await watchLoop(app.electron);
        worked.push(await app.window.evaluate(work, { words, requests }));
        busy.push(...(await gapsOf(app.electron)));
        await new Promise((resolve) => setTimeout(resolve, restMs));
        await watchLoop(app.electron);
        await new Promise((resolve) => setTimeout(resolve, restMs));
        rest.push(...(await gapsOf(app.electron)));
      } finally {
        await app.close();
      }
    }
  } finally {
    await gateway.remove();
    await desktop.stop();
  }
  const longest = (gaps: Gaps) => Number(Math.max(0, ...gaps).toFixed(1));
  const sum = (name: keyof Worked) => Math.round(worked.reduce((all, one) => all + one[name], 0));
  tell({
    bench: 'history: longest time (ms) that main is held up while a first sync, exports and searches run at once',
    value: longest(busy),
    goal: '<= 50',
    met: longest(busy) <= 50,
    over50: busy.filter((ms) => ms > 50).length,
    over20: busy.filter((ms) => ms > 20).length,
    atRest: longest(rest),
    requests,
    rounds,
    syncMs: Math.round(sum('ms') / rounds),
    searches: sum('searches'),
    exports: sum('exports'),
  });
}

/** From here on main's loop is timed: a timer that is due each millisecond says for how long it could not run. */
function watchLoop(electron: ElectronApplication): Promise<void> {
  return electron.evaluate(() => {
    const gaps: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      if (now - last > 5) gaps.push(now - last - 1);
      last = now;
    }, 1);
    Object.assign(globalThis, { watched: { gaps, timer } });
  });
}

function gapsOf(electron: ElectronApplication): Promise<Gaps> {
  return electron.evaluate(() => {
    const { watched } = globalThis as unknown as { watched: { gaps: number[]; timer: NodeJS.Timeout } };
    clearInterval(watched.timer);
    return watched.gaps;
  });
}

/** Every export goes into a file of the desktop, as if it had been chosen. */
async function saveWithoutAsking({ electron }: App, desktop: Desktop): Promise<void> {
  const folder = await desktop.newFolder('exports');
  await electron.evaluate(
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    },
    path.join(folder, 'history.csv'),
  );
}

/** In the page, over a port like the one the app itself has: searches as the screen makes them, and exports, until everything is read. */
function work({ words, requests }: { words: string[]; requests: number }): Promise<Worked> {
  return new Promise((resolve, reject) => {
    window.addEventListener('message', function received({ data, ports }) {
      const [port] = ports;
      if (data !== 'oversight:port' || !port) return;
      window.removeEventListener('message', received);
      const waiting = new Map<number, (told: { json?: string; answer?: { ok: boolean; value: unknown } }) => void>();
      let lastId = 0;
      port.onmessage = ({ data: told }) => waiting.get(told.id)?.(told);
      const call = (name: string, input: unknown) =>
        new Promise<unknown>((answered, failed) => {
          lastId += 1;
          waiting.set(lastId, ({ json, answer }) => {
            if (json !== undefined) answered(JSON.parse(json));
            else if (answer?.ok) answered(answer.value);
            else failed(new Error(`${name}: ${JSON.stringify(answer)}`));
          });
          port.postMessage({ id: lastId, call: name, input });
        });
      const sort = { by: 'createdAt', direction: 'desc' };
      const began = performance.now();
      const worked = { ms: 0, searches: 0, exports: 0 };
      const searches = async () => {
        for (; worked.ms === 0; worked.searches += 1) {
          const filter = { text: words[worked.searches % words.length] };
          const query = { filter, sort };
          await Promise.all([
            call('history.page', { query, from: 0, limit: 100 }),
            call('history.count', { query }),
            call('history.figures', { filter }),
          ]);
        }
      };
      const exports = async () => {
        for (; worked.ms === 0; worked.exports += 1)
          await call('history.export', { query: { filter: {}, sort }, format: 'csv', byteOrderMark: true });
      };
      const synchronised = async () => {
        for (;;) {
          const status = (await call('history.status', {})) as { requests: number; synchronisation: { state: string } };
          if (status.requests >= requests && status.synchronisation.state === 'idle') break;
          await new Promise((later) => setTimeout(later, 250));
        }
        worked.ms = performance.now() - began;
      };
      Promise.all([searches(), exports(), synchronised()]).then(() => resolve(worked), reject);
    });
    window.postMessage('oversight:ask', window.location.origin);
  });
}
