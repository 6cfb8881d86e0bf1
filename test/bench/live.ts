import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { _electron, type Page } from 'playwright';
import { launchApp, signIn } from '../support/app.ts';
import { startDesktop } from '../support/desktop.ts';
import { startGateway } from '../support/gateway.ts';
import { glassOf } from '../support/live-encoder.ts';
import { addLiveSession, openStream, saidBehind } from '../support/live-session.ts';
import { startLowLatencyOrigin } from '../support/low-latency-origin.ts';
import { root } from '../support/processes.ts';
import { startRtmpOrigin } from '../support/rtmp-origin.ts';
import { leaveBy } from '../support/viewings.ts';
import { bareElectron } from './bare.ts';
import { compare } from './compare.ts';
import { tell } from './results.ts';

/** A stream is watched so long before it is measured, and so long while. */
const settleMs = 6_000;
const samples = 12;

/**
 * Glass to glass, by the moment that each picture carries: live streams in the player, through gateway and `media://`, against a bare
 * hls.js page at the origin itself in the same Electron. Every measurement joins the stream anew. Besides: how true the latency is
 * that the player shows.
 */
export const measureLowLatency = () => measureLive('low-latency HLS');
export const measurePlain = () => measureLive('plain HLS of 1 s');

async function measureLive(which: 'low-latency HLS' | 'plain HLS of 1 s'): Promise<void> {
  const [desktop, gateway, low, plain] = await Promise.all([
    startDesktop(),
    startGateway(),
    startLowLatencyOrigin(),
    startRtmpOrigin(),
  ]);
  await addLiveSession(gateway, 'bench-low', low);
  await addLiveSession(gateway, 'bench-plain', plain);
  const pages = await serve();
  const app = await launchApp(desktop, { userData: 'app', gateway: gateway.url });
  const bare = await _electron.launch({
    executablePath: await desktop.launcher(bareElectron()),
    args: [`--user-data-dir=${await desktop.newFolder('bare')}`],
    env: desktop.env,
    chromiumSandbox: true,
  });
  try {
    await signIn(app, 'clara.nogueira');
    const page = await bare.firstWindow();
    const streams = [
      { name: 'low-latency HLS', goal: 1.2, id: 'bench-low', source: `${low.url}index.m3u8` },
      { name: 'plain HLS of 1 s', goal: 1.1, id: 'bench-plain', source: `${plain.url}${plain.playlist}` },
    ];
    for (const { name, goal, id, source } of streams.filter((one) => one.name === which)) {
      const player = await openStream(app, id);
      const errors: number[] = [];
      await compare({
        name: `live: ${name}, glass to glass`,
        unit: 'ms',
        goal,
        ours: async () => {
          await player.reload({ waitUntil: 'commit' });
          const value = await glass(player, errors);
          await player.getByRole('button', { name: 'Pause' }).click();
          return value;
        },
        limit: async () => {
          await page.goto(`${pages.url}?${encodeURIComponent(source)}`);
          const value = await glass(page);
          await page.goto('about:blank');
          return value;
        },
      });
      errors.sort((one, other) => one - other);
      const worst = errors[Math.floor(errors.length * 0.95)] ?? Number.POSITIVE_INFINITY;
      tell({
        bench: `live: ${name}, error of the latency shown (p95)`,
        value: Math.round(worst),
        goal: '<= 300',
        met: worst <= 300,
        unit: 'ms',
        samples: errors.length,
      });
      await leaveBy(player, 'Back to Remote Sessions');
    }
  } finally {
    await app.close();
    await bare.close();
    await pages.stop();
    await Promise.all([low.stop(), plain.stop()]);
    await gateway.remove();
    await desktop.stop();
  }
}

/** The mean latency of a page that has begun to play, once it has settled. With `errors`, how far from it what the player says is. */
async function glass(page: Page, errors?: number[]): Promise<number> {
  while ((await glassOf(page).catch(() => null)) === null);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const values: number[] = [];
  while (values.length < samples) {
    const [seen, said] = await Promise.all([glassOf(page), errors ? saidBehind(page) : null]);
    if (!seen) throw new Error('the stream has stopped');
    values.push(seen.behindMs);
    if (said !== null) errors?.push(Math.abs(said - seen.behindMs));
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A page that does nothing but play the stream whose address is its query. */
async function serve(): Promise<{ url: string; stop(): Promise<void> }> {
  const page = `<!doctype html><video autoplay muted width="1280" height="720"></video><script src="hls.js"></script><script>
    const hls = new Hls({ enableWorker: false });
    hls.loadSource(decodeURIComponent(location.search.slice(1))); hls.attachMedia(document.querySelector('video'));</script>`;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/hls.js')) {
      response.setHeader('content-type', 'text/javascript');
      createReadStream(path.join(root, 'node_modules/hls.js/dist/hls.min.js')).pipe(response);
    } else response.setHeader('content-type', 'text/html').end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
