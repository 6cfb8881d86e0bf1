import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { _electron, type Page } from 'playwright';
import { launchApp, signIn } from '../support/app.ts';
import { startDesktop } from '../support/desktop.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway } from '../support/gateway.ts';
import { openVideo, untilItPlays } from '../support/main-job.ts';
import { root, until } from '../support/processes.ts';
import { bareElectron } from './bare.ts';
import { compare } from './compare.ts';

const recording = path.join(root, 'assets/recordings/nginx-checkout');
const types: Record<string, string> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
  '.html': 'text/html',
  '.js': 'text/javascript',
};

/** First frame and seek through `media://` in the player, against a bare hls.js page over plain http in the same Electron. */
export async function measureMedia(): Promise<void> {
  const desktop = await startDesktop();
  const gateway = await startGateway();
  const proxy = await startFaultProxy(gateway.url);
  const files = await serve();
  const app = await launchApp(desktop, { userData: 'app', gateway: proxy.url });
  const bare = await _electron.launch({
    executablePath: await desktop.launcher(bareElectron()),
    args: [`--user-data-dir=${await desktop.newFolder('bare')}`],
    env: desktop.env,
    chromiumSandbox: true,
  });
  try {
    // Clara is an operator: she watches at once.
    await signIn(app, 'clara.nogueira');
    await app.window.getByRole('searchbox').fill('4f1aa');
    const player = await openVideo(app, '4f1aa', 'Watch');
    await untilItPlays(player, 1);
    const page = await bare.firstWindow();
    await page.goto(`${files.url}/bare.html`);
    await untilItPlays(page, 1);
    for (const one of [player, page]) await one.evaluate(() => document.querySelector('video')?.pause());

    await compare({
      name: 'media: navigation to the first frame',
      unit: 'ms',
      goal: 1.4,
      ours: () => firstFrame(player),
      limit: () => firstFrame(page),
    });
    for (const one of [player, page]) {
      await untilItPlays(one, 0.3);
      await one.evaluate(() => document.querySelector('video')?.pause());
    }
    let position = 0;
    const next = () => {
      position = (position + 37.3) % 140;
      return position;
    };
    await compare({
      name: 'media: seek to its frame',
      unit: 'ms',
      goal: 1.5,
      rounds: 80,
      statistic: 'mean',
      ours: () => seek(player, next()),
      limit: () => seek(page, next()),
    });

    for (let times = 0; times < 1000; times += 1) {
      await player.evaluate((at) => {
        const video = document.querySelector('video');
        if (video) video.currentTime = at;
      }, next());
    }
    const open = await until(
      'the media connections to be idle',
      () => {
        const busy = proxy.passed.filter((one) => one.path.startsWith('/v1/media/') && one.open).length;
        return busy === 0 ? { busy } : null;
      },
      20_000,
    ).catch(() => ({ busy: proxy.passed.filter((one) => one.path.startsWith('/v1/media/') && one.open).length }));
    process.stdout.write(
      `${JSON.stringify({ bench: 'media: upstream answers open after 1,000 seeks', goal: 0, value: open.busy, met: open.busy === 0 })}\n`,
    );
  } finally {
    await app.close();
    await bare.close();
    await files.stop();
    await proxy.stop();
    await gateway.remove();
    await desktop.stop();
  }
}

/** Reloads a page that plays by itself; ms from the start of the navigation to its first frame. */
async function firstFrame(page: Page): Promise<number> {
  await page.reload({ waitUntil: 'commit' });
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const video = document.querySelector('video');
          if (!video) return void setTimeout(look, 1);
          if (video.readyState >= 2) return resolve(performance.now());
          video.requestVideoFrameCallback(() => resolve(performance.now()));
        };
        look();
      }),
  );
}

/** Seeks; ms until the frame of that time is shown. */
function seek(page: Page, seconds: number): Promise<number> {
  return page.evaluate(
    (at) =>
      new Promise<number>((resolve) => {
        const video = document.querySelector('video');
        if (!video) return;
        const started = performance.now();
        video.requestVideoFrameCallback(() => resolve(performance.now() - started));
        video.currentTime = at;
      }),
    seconds,
  );
}

/** The recording and a page that does nothing but play it, over plain http. */
async function serve(): Promise<{ url: string; stop(): Promise<void> }> {
  const page = `<!doctype html><video autoplay muted width="1280" height="720"></video><script src="hls.js"></script><script>
    const hls = new Hls({ maxBufferLength: 10, maxMaxBufferLength: 10, enableWorker: false });
    hls.loadSource('index.m3u8'); hls.attachMedia(document.querySelector('video'));</script>`;
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    response.setHeader('content-type', types[path.extname(name)] ?? 'application/octet-stream');
    if (name === 'bare.html') return void response.end(page);
    const file =
      name === 'hls.js' ? path.join(root, 'node_modules/hls.js/dist/hls.min.js') : path.join(recording, path.basename(name));
    if (!existsSync(file)) return void response.writeHead(404).end();
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
