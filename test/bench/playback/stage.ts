import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { type App, launchApp, signIn } from '../../support/app.ts';
import { type Desktop, startDesktop } from '../../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { httpSignIn } from '../../support/http.ts';
import { openVideo } from '../../support/main-job.ts';
import { type NumberedVideo, numberedVideo } from '../../support/numbered-video.ts';
import { addRecording } from '../../support/people.ts';
import { root, until } from '../../support/processes.ts';
import { bareElectron } from '../bare.ts';

/** Four hours at two pictures a second, in 2,400 segments. Making it takes minutes, once. */
export const fourHours: NumberedVideo = {
  seconds: 4 * 3600,
  framesPerSecond: 2,
  segmentSeconds: 6,
  width: 1280,
  height: 720,
  picture: 'still',
};

export type Stage = {
  desktop: Desktop;
  gateway: TestGateway;
  /** Between the app and the gateway, if it was asked for. */
  proxy: FaultProxy | null;
  app: App;
  /** The product's player with that recording. */
  player(recording: string): Promise<Page>;
  /**
   * A page in a bare Electron that plays the same recording from the same gateway, over plain http: it sends the token with every file, and
   * the gateway judges its lease as it does ours.
   */
  bare(recording: string, engine: 'hls' | 'vhs'): Promise<{ page: Page; electron: ElectronApplication }>;
  stop(): Promise<void>;
};

/** The app, a gateway with recordings, and bare pages to compare with. `proxied` puts a proxy that counts before the gateway, for the app. */
export async function startStage(recordings: Record<string, NumberedVideo>, options: { proxied?: boolean } = {}): Promise<Stage> {
  const folders = await Promise.all(
    Object.entries(recordings).map(async ([id, video]) => [id, await numberedVideo(video), video] as const),
  );
  const desktop = await startDesktop();
  const gateway = await startGateway();
  for (const [id, folder, video] of folders) await addRecording(gateway, id, folder, video.seconds * 1000);
  const proxy = options.proxied ? await startFaultProxy(gateway.url) : null;
  const app = await launchApp(desktop, { userData: 'app', gateway: proxy?.url ?? gateway.url });
  // Clara is an operator: she watches at once.
  await signIn(app, 'clara.nogueira');
  const pages = await servePages(gateway.url);
  let bare: ElectronApplication | null = null;

  return {
    desktop,
    gateway,
    proxy,
    app,
    async player(recording) {
      await app.window.getByRole('searchbox').fill(recording);
      await app.window.getByRole('button', { name: `Actions for session ${recording}` }).waitFor();
      return openVideo(app, recording, 'Watch');
    },
    async bare(recording, engine) {
      bare ??= await _electron.launch({
        executablePath: await desktop.launcher(bareElectron()),
        args: [`--user-data-dir=${await desktop.newFolder('bare')}`],
        env: desktop.env,
        chromiumSandbox: true,
      });
      const electron = bare;
      const url = await pages.page(recording, engine);
      // Another origin than the gateway's: without web security no page has to ask for permission first.
      await electron.evaluate(async ({ BrowserWindow }, address) => {
        const window = new BrowserWindow({
          width: 1280,
          height: 800,
          webPreferences: { webSecurity: false, autoplayPolicy: 'no-user-gesture-required' },
        });
        await window.loadURL(address);
      }, url);
      const page = await until('the bare page', () => electron.windows().find((one) => one.url() === url));
      return { page, electron };
    },
    async stop() {
      await app.close();
      await bare?.close();
      await pages.stop();
      await proxy?.stop();
      await gateway.remove();
      await desktop.stop();
    },
  };
}

/** Serves pages that do nothing but play a recording of the gateway, with a token and a lease that are kept good. */
async function servePages(gateway: string) {
  const scripts: Record<string, string> = {
    '/hls.js': 'node_modules/hls.js/dist/hls.light.min.js',
    '/vhs.js': 'node_modules/video.js/dist/video.min.js',
  };
  let person = await httpSignIn(gateway, 'clara.nogueira');
  const leases = new Map<string, { leaseId: string; viewingId: string }>();
  let signedInAt = Date.now();
  const keepGood = setInterval(async () => {
    if (Date.now() - signedInAt > 120_000) {
      person = await httpSignIn(gateway, 'clara.nogueira');
      signedInAt = Date.now();
    }
    for (const { viewingId } of leases.values()) await person.post(`/v1/viewings/${viewingId}/renew`, {});
  }, 20_000);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts[url.pathname];
    if (script) return void response.setHeader('content-type', 'text/javascript').end(await readFile(path.join(root, script)));
    const lease = leases.get(url.searchParams.get('recording') ?? '');
    if (!lease) return void response.writeHead(404).end();
    const source = `${gateway}/v1/media/${lease.leaseId}/index.m3u8`;
    const page = url.pathname === '/vhs.html' ? vhsPage : hlsPage;
    response.setHeader('content-type', 'text/html').end(page(source, person.accessToken));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    async page(recording: string, engine: 'hls' | 'vhs'): Promise<string> {
      if (!leases.has(recording)) {
        const { status, body } = await person.post<{ leaseId: string; viewingId: string }>('/v1/viewings', {
          sessionId: recording,
          kind: 'recording',
        });
        if (status !== 200) throw new Error(`no lease for ${recording}: ${status} ${body.code}`);
        leases.set(recording, body);
      }
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${engine}.html?recording=${recording}`;
    },
    async stop() {
      clearInterval(keepGood);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The same build of hls.js with the same buffers as the product's. */
const hlsPage = (source: string, token: string) => `<!doctype html><video autoplay muted width="1280" height="720"></video>
<script src="hls.js"></script><script>
  const hls = new Hls({
    maxBufferLength: 10, maxMaxBufferLength: 10, backBufferLength: 10, enableWorker: false, startFragPrefetch: true,
    xhrSetup: (request) => request.setRequestHeader('authorization', 'Bearer ${token}'),
  });
  hls.loadSource('${source}'); hls.attachMedia(document.querySelector('video'));
</script>`;

const vhsPage = (source: string, token: string) => `<!doctype html><video autoplay muted width="1280" height="720"></video>
<script src="vhs.js"></script><script>
  videojs.Vhs.GOAL_BUFFER_LENGTH = 10;
  videojs.Vhs.MAX_GOAL_BUFFER_LENGTH = 10;
  videojs.Vhs.xhr.onRequest((options) => ({ ...options, headers: { ...options.headers, authorization: 'Bearer ${token}' } }));
  const player = videojs(document.querySelector('video'), { html5: { vhs: { overrideNative: true } } });
  player.src({ src: '${source}', type: 'application/vnd.apple.mpegurl' });
</script>`;
