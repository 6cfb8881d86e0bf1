import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright';
import { type App, launchApp, signIn } from './app.ts';
import { startDesktop } from './desktop.ts';
import { startGateway } from './gateway.ts';
import { openVideo } from './main-job.ts';
import { type MediaOrigin, startMediaOrigin } from './media-origin.ts';
import { numberedVideo } from './numbered-video.ts';

/** The recording that is spoilt: 20 parts of 2 s, 5 pictures a second. */
export const parts = { count: 20, seconds: 2, framesPerSecond: 5 };
export const partName = (number: number) => `segment-${String(number).padStart(5, '0')}.m4s`;
const spoiltRecording = () =>
  numberedVideo({ seconds: 40, framesPerSecond: 5, segmentSeconds: parts.seconds, width: 640, height: 360, sound: false });

/** How a recording fares in the player: it plays, it is over, or a sentence says why not. */
export type Outcome = { state: 'plays' | 'finished' | 'says' | 'waits' | 'nothing'; at: number; text: string };

export type BadMedia = {
  app: App;
  /** The recording as it is at the origin: its playlist, its parts, their initialization section. */
  whole: { playlist: string; parts: Buffer[]; init: Buffer };
  player: Page;
  origin: MediaOrigin;
  /** The address of a server that nobody may ask for anything. */
  elsewhere: string;
  /** Loads the player's page anew, as it stands at the origin now. */
  again(): Promise<void>;
  /** Waits until it plays, is over, or says something. */
  outcome(limitMs?: number): Promise<Outcome>;
  /** Waits until a picture from behind `seconds` is being played. */
  playsBehind(seconds: number, limitMs?: number): Promise<void>;
  /** Plays at 4x from here on, as soon as there is something to play. */
  faster(): Promise<void>;
  /** Clicks on the seek bar. */
  seekTo(seconds: number, ofSeconds?: number): Promise<void>;
  /** What must never be: requests to elsewhere, requests that left our schemes, renderers that died, errors that nobody caught. */
  harm(): Promise<string[]>;
  stop(): Promise<void>;
};

/** A real app with a real gateway whose recording lies at an origin that can be spoilt. */
export async function startBadMedia(): Promise<BadMedia> {
  const desktop = await startDesktop();
  const gateway = await startGateway();
  const folder = await spoiltRecording();
  const whole = {
    playlist: readFileSync(path.join(folder, 'index.m3u8'), 'utf8'),
    parts: Array.from({ length: parts.count }, (_, number) => readFileSync(path.join(folder, partName(number)))),
    init: readFileSync(path.join(folder, 'init.mp4')),
  };
  const origin = await startMediaOrigin(folder);
  const visits: string[] = [];
  const trap = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const file = path.join(gateway.dataDir, 'spoilt.json');
  await writeFile(file, JSON.stringify(session(origin.url)));
  await gateway.command('session', 'add', file);

  const app = await launchApp(desktop, { userData: 'app', gateway: gateway.url });
  // Clara is an operator: she watches at once.
  await signIn(app, 'clara.nogueira');
  await app.window.getByRole('searchbox').fill('spoilt');
  await app.window.getByText('spoilt').first().waitFor();
  const player = await openVideo(app, 'spoilt', 'Watch');
  await observe(app);
  const uncaught: string[] = [];
  player.on('pageerror', (error) => uncaught.push(`uncaught in the player: ${error.message}`));
  player.on('crash', () => uncaught.push('the player crashed'));

  const bad: BadMedia = {
    app,
    whole,
    player,
    origin,
    elsewhere: `http://127.0.0.1:${(trap.address() as AddressInfo).port}`,
    async again() {
      await player.reload({ waitUntil: 'commit' });
    },
    outcome: (limitMs = 20_000) => outcomeOf(player, limitMs),
    async playsBehind(seconds, limitMs = 20_000) {
      await player.waitForFunction(
        (at) => {
          const video = document.querySelector('video');
          return (
            video && !video.paused && !video.seeking && video.videoWidth > 0 && video.currentTime > at && video.readyState > 2
          );
        },
        seconds,
        { timeout: limitMs, polling: 50 },
      );
    },
    async faster() {
      await player.waitForFunction(() => {
        const video = document.querySelector('video');
        if (!video || video.readyState === 0) return false;
        video.playbackRate = 4;
        return true;
      });
    },
    async seekTo(seconds, ofSeconds = parts.count * parts.seconds) {
      const bar = player.getByRole('slider', { name: 'Seek' });
      const box = await bar.boundingBox();
      if (!box) throw new Error('there is no seek bar');
      await bar.click({ position: { x: (box.width * seconds) / ofSeconds, y: box.height / 2 } });
    },
    async harm() {
      const seen = await app.electron.evaluate(() => (globalThis as unknown as { harm: string[] }).harm);
      return [...visits.map((one) => `elsewhere was asked: ${one}`), ...seen, ...uncaught];
    },
    async stop() {
      await app.close();
      await gateway.remove();
      await origin.stop();
      trap.closeAllConnections();
      trap.close();
      await desktop.stop();
    },
  };
  return bad;
}

const session = (url: string) => ({
  id: 'spoilt',
  user: 'jsouza',
  credential: 'root',
  device: 'web-07',
  originIp: '10.4.1.22',
  protocol: 'SSH',
  startedAt: new Date(Date.now() - 3_600_000).toISOString(),
  durationMs: parts.count * parts.seconds * 1000,
  state: 'recorded',
  route: 'Infrastructure approvers',
  recording: { type: 'origin', url },
});

/** Notes in main what its guards let through to a network, and renderers that end. The guards themselves are left as they are. */
async function observe(app: App): Promise<void> {
  await app.electron.evaluate(({ app: electron, webContents }) => {
    const harm: string[] = [];
    (globalThis as unknown as { harm: string[] }).harm = harm;
    electron.on('render-process-gone', (_event, contents, { reason }) => {
      if (reason !== 'clean-exit') harm.push(`${contents.getURL()} is gone: ${reason}`);
    });
    electron.on('child-process-gone', (_event, { type, reason }) => {
      if (reason !== 'clean-exit') harm.push(`${type} is gone: ${reason}`);
    });
    for (const contents of webContents.getAllWebContents()) {
      contents.session.webRequest.onSendHeaders(({ url }) => {
        if (!/^(app|media|blob|data|devtools):/.test(url)) harm.push(`a page asked for ${url}`);
      });
    }
  });
}

async function outcomeOf(player: Page, limitMs: number): Promise<Outcome> {
  return player.evaluate(async (limitMs) => {
    const end = performance.now() + limitMs;
    let first: number | null = null;
    for (;;) {
      const video = document.querySelector('video');
      const text = (role: string) =>
        [...document.querySelectorAll<HTMLElement>(`[role=${role}]`)]
          .map((one) => (one.textContent ?? '').trim())
          .join(' ')
          .trim();
      const at = video?.currentTime ?? 0;
      const alert = text('alert');
      if (alert) return { state: 'says' as const, at, text: alert };
      if (video && video.videoWidth > 0 && !video.paused && !video.seeking) first ??= at;
      else first = null;
      if (first !== null && at - first > 0.2) return { state: 'plays' as const, at, text: text('status') };
      if (document.body.textContent?.includes('End of the recording'))
        return { state: 'finished' as const, at, text: text('status') };
      if (performance.now() > end) {
        const said = text('status');
        return { state: said ? ('waits' as const) : ('nothing' as const), at, text: said };
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }, limitMs);
}
