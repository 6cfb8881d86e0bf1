import type { Page } from 'playwright';
import type { AccessRequest } from '../../contract/request.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { httpSignIn, newRequest } from '../support/http.ts';
import { openWriter } from '../support/many-requests.ts';
import { compare } from './compare.ts';

const few = 100;
const many = 10_000;

/** The approver's desk with 10,000 requests waiting, against the same desk with 100: what is opened must not feel how many there are. */
export async function measureDesk(): Promise<void> {
  const desktop = await startDesktop();
  const started: { gateway: TestGateway; app: App }[] = [];
  const deskWith = async (count: number) => {
    const gateway = await startGateway();
    const app = await launchApp(desktop, { userData: `with-${count}`, gateway: gateway.url });
    started.push({ gateway, app });
    const marta = await httpSignIn(gateway.url, 'marta.reis');
    const { body } = await marta.post<AccessRequest>('/v1/requests', newRequest('4f133'));
    const writer = openWriter(gateway);
    writer.copy(body.id, count - 1);
    writer.close();
    await signIn(app, 'paulo.nunes');
    await app.window.getByText(`${count} requests wait for you`).waitFor({ state: 'attached', timeout: 600_000 });
    return app.window;
  };
  try {
    const [limit, ours] = [await deskWith(few), await deskWith(many)];
    await compare({
      name: `desk: opening the approvals with ${many} waiting, against ${few}`,
      unit: 'ms',
      goal: 1.2,
      rounds: 40,
      ours: () => opening(ours),
      limit: () => opening(limit),
    });
    for (const page of [ours, limit]) await page.evaluate(openPort);
    await compare({
      name: `desk: the first page of what waits and its count, ${many} against ${few}`,
      unit: 'ms',
      goal: 1.2,
      rounds: 200,
      ours: () => ours.evaluate(() => (window as unknown as Timed).timed()),
      limit: () => limit.evaluate(() => (window as unknown as Timed).timed()),
    });
  } finally {
    for (const { app, gateway } of started) {
      await app.close();
      await gateway.remove();
    }
    await desktop.stop();
  }
}

type Timed = { timed(): Promise<number> };

/** From the click on Approvals until the list and the first request with its decision are drawn (ms). Leaves the screen again. */
async function opening(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Remote Sessions' }).click();
  await page.getByRole('searchbox').waitFor();
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        const look = () => {
          if (!document.querySelector('[data-request]') || !document.querySelector('article textarea'))
            return void requestAnimationFrame(look);
          requestAnimationFrame(() => resolve(performance.now() - began));
        };
        document.querySelector<HTMLElement>('nav a[href="#approvals"]')?.click();
        requestAnimationFrame(look);
      }),
  );
}

/** In the page: a port like the one the app itself has, and a way to time a first page and a count over it. */
function openPort(): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('message', function received({ data, ports }) {
      const [port] = ports;
      if (data !== 'oversight:port' || !port) return;
      window.removeEventListener('message', received);
      let id = 0;
      const ask = (call: string, input: object) =>
        new Promise<void>((answered) => {
          id += 1;
          const own = id;
          const heard = ({ data: told }: MessageEvent) => {
            if (told.id !== own) return;
            port.removeEventListener('message', heard);
            if (told.json !== undefined) JSON.parse(told.json);
            answered();
          };
          port.addEventListener('message', heard);
          port.postMessage({ id: own, call, input });
        });
      port.start();
      (window as unknown as Timed).timed = async () => {
        const began = performance.now();
        await Promise.all([ask('requests.list', { scope: 'waiting' }), ask('requests.counts', {})]);
        return performance.now() - began;
      };
      resolve();
    });
    window.postMessage('oversight:ask', window.location.origin);
  });
}
