import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../main/gateway/client.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { violations } from '../support/looks.ts';
import { pictureOf, untilItPlays } from '../support/main-job.ts';
import { numberedVideo, numberShown } from '../support/numbered-video.ts';
import { addRecording, approveIt, grant, personAt } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { revokeAgainAndAgain } from '../support/revocations.ts';
import { leaveBy, playerOf, untilGone, watch } from '../support/viewings.ts';
import { setWallClock } from '../support/wall-clock.ts';

const run = promisify(execFile);
const framesPerSecond = 10;

let desktop: Desktop;
let gateway: TestGateway;
let approver: Gateway;
let asker: Gateway;

beforeAll(async () => {
  const folder = await numberedVideo({ seconds: 150, framesPerSecond, segmentSeconds: 2, width: 640, height: 360 });
  desktop = await startDesktop();
  gateway = await startGateway();
  for (const id of [
    'first',
    'second',
    'third',
    'fourth',
    'fifth',
    'longer',
    'docked',
    'short',
    'asleep',
    'clock',
    'clock-end',
    'revoked-1',
    'revoked-2',
    'role',
  ])
    await addRecording(gateway, id, folder, 150_000);
  approver = await personAt(gateway, 'paulo.nunes');
  asker = await personAt(gateway, 'marta.reis');
});
afterAll(async () => {
  await gateway?.remove();
  await desktop?.stop();
});

/** Counts what would show that playback was disturbed. */
const watchForStops = (player: Page) =>
  player.evaluate(() => {
    const stops: string[] = [];
    Object.assign(window, { stops });
    const video = document.querySelector('video');
    for (const name of ['pause', 'emptied', 'seeking', 'abort']) video?.addEventListener(name, () => stops.push(name));
  });
const stopsOf = (player: Page) => player.evaluate(() => (window as unknown as { stops?: string[] }).stops ?? ['reloaded']);
const windowsOf = (app: App) =>
  app.electron.evaluate(({ BaseWindow }) =>
    BaseWindow.getAllWindows().map((one) => ({ title: one.getTitle(), full: one.isFullScreen() })),
  );

describe('several viewings of one who may watch at once', () => {
  let app: App;
  beforeAll(async () => {
    app = await launchApp(desktop, { userData: 'several', gateway: gateway.url });
    await signIn(app, 'clara.nogueira');
  });
  afterAll(() => app?.close());

  it('run beside each other; the hidden one pauses, and one goes from one to the other', async () => {
    const first = await watch(app, 'first');
    await untilItPlays(first, 1);
    const second = await watch(app, 'second');
    await untilItPlays(second, 1);
    await until('the first to pause', async () => (await pictureOf(first))?.paused);
    const at = (await pictureOf(first))?.at ?? 0;
    await app.window.getByRole('button', { name: 'Watching first', exact: true }).click();
    await until('the first to go on', async () => ((await pictureOf(first))?.at ?? 0) > at + 0.5);
    await until('the second to pause', async () => (await pictureOf(second))?.paused);
    // The same again brings it to the front.
    await watch(app, 'second');
    await until('the second to go on', async () => !(await pictureOf(second))?.paused);
    expect(app.electron.windows().filter((page) => page.url().endsWith('/player.html'))).toHaveLength(2);
  });

  it('moves to a window of its own and back, the picture going on', async () => {
    const second = await playerOf(app, 'second');
    await watchForStops(second);
    const before = (await numberShown(second)) ?? 0;
    await second.getByRole('button', { name: 'Open in its own window' }).click();
    await until('its window', async () => (await windowsOf(app)).some(({ title }) => title.startsWith('second')));
    await until('the picture to go on', async () => ((await numberShown(second)) ?? 0) > before + 10);
    await app.window.getByText('This session is open in a window of its own.').waitFor();

    await second.getByRole('button', { name: 'About this viewing' }).click();
    await second.getByText('This computer can’t keep the picture out of screenshots.').waitFor();
    expect(await violations(second)).toEqual([]);
    await second.getByRole('button', { name: 'About this viewing' }).click();

    // Both are seen now: both play.
    await app.window.getByRole('button', { name: 'Watching first', exact: true }).click();
    const first = await playerOf(app, 'first');
    await until('the first to go on', async () => !(await pictureOf(first))?.paused);
    expect((await pictureOf(second))?.paused).toBe(false);

    await second.keyboard.press('f');
    await until('the whole screen', async () =>
      (await windowsOf(app)).some(({ title, full }) => full && title.startsWith('second')),
    );
    await second.getByRole('button', { name: 'Leave full screen' }).waitFor();
    await second.keyboard.press('Escape');
    await second.getByRole('button', { name: 'Full screen', exact: true }).waitFor();

    const middle = (await numberShown(second)) ?? 0;
    await second.getByRole('button', { name: 'Back to the main window' }).click();
    await until('one window', async () => (await windowsOf(app)).length === 1);
    await until('the picture to go on', async () => ((await numberShown(second)) ?? 0) > middle + 10);
    expect(await stopsOf(second)).toEqual([]);
    await until('the first to pause', async () => (await pictureOf(first))?.paused);
  });

  it('saves a snapshot: the picture at its own resolution, with who, what and when written across it', async () => {
    const second = await playerOf(app, 'second');
    await second.getByRole('button', { name: 'Pause' }).click();
    await until('the pause', async () => (await pictureOf(second))?.paused);
    const number = await numberShown(second);
    const folder = await desktop.newFolder('pictures');
    const file = path.join(folder, 'kept.png');
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file);
    await second.keyboard.press('s');
    await second.getByText('The snapshot was saved').waitFor();
    expect(await readdir(folder)).toEqual(['kept.png']);
    const image = await loadImage(await readFile(file));
    expect([image.width, image.height]).toEqual([640, 360]);
    const drawing = createCanvas(640, 360).getContext('2d');
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, 640, 360);
    const bits = Array.from({ length: 16 }, (_, bit) => (data[(22 * 640 + bit * 40 + 20) * 4] ?? 0) > 110);
    expect(bits.reduce((sum, on, bit) => sum + (on ? 2 ** bit : 0), 0)).toBe(number);
    // The band along the lower edge: dark, with white words on it.
    const band = Array.from({ length: 640 }, (_, x) => data[((360 - 12) * 640 + x) * 4] ?? 0);
    expect(band.filter((value) => value < 60).length).toBeGreaterThan(200);
    expect(
      Array.from({ length: 20 * 640 }, (_, at) => data[(338 * 640 + at) * 4] ?? 0).filter((value) => value > 220).length,
    ).toBeGreaterThan(100);
    const asked = await callFromPage(second, 'viewings.snapshot', {
      picture: { atMs: 0, width: 16, height: 16, rgba: new Uint8Array(3) },
    });
    expect(asked.failure?.code).toBe('INVALID_INPUT');
    await second.reload();
  });

  it('where the policy allows none, the button is not there and the gateway refuses', async () => {
    const first = await playerOf(app, 'first');
    await app.window.getByRole('button', { name: 'Watching first', exact: true }).click();
    await first.getByRole('button', { name: 'Save a snapshot' }).waitFor();
    await gateway.command('policy', 'set', 'snapshotsAllowed=false');
    await first.getByRole('button', { name: 'Save a snapshot' }).waitFor({ state: 'detached' });
    const folder = await desktop.newFolder('none');
    await app.electron.evaluate(
      ({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      },
      path.join(folder, 'none.png'),
    );
    const picture = { atMs: 0, width: 16, height: 16, rgba: new Uint8Array(1024) };
    expect((await callFromPage(first, 'viewings.snapshot', { picture })).failure?.code).toBe('SNAPSHOT_NOT_ALLOWED');
    await first.reload();
    expect(await readdir(folder)).toEqual([]);
    await gateway.command('policy', 'set', 'snapshotsAllowed=true');
  });

  it('closing its own window ends a viewing; more than four are refused in a sentence', async () => {
    const first = await playerOf(app, 'first');
    await first.getByRole('button', { name: 'Open in its own window' }).click();
    await until('its window', async () => (await windowsOf(app)).length === 2);
    await app.electron.evaluate(({ BaseWindow }) => {
      BaseWindow.getAllWindows()
        .find((one) => one.getTitle().startsWith('first'))
        ?.close();
    });
    await until('the viewing to be gone', () => first.isClosed());
    await app.window.getByRole('button', { name: 'Watching first', exact: true }).waitFor({ state: 'detached' });

    for (const id of ['first', 'third', 'fourth']) await untilItPlays(await watch(app, id), 0.2);
    await app.window.getByRole('link', { name: 'Remote Sessions' }).click();
    await app.window.getByRole('searchbox').fill('fifth');
    await app.window.getByRole('button', { name: 'Actions for session fifth' }).click();
    await app.window.getByRole('menuitem', { name: /^Session video/ }).click();
    await app.window.getByText('You are watching 4 sessions already.').waitFor();
    for (const id of ['first', 'second', 'third']) await app.window.getByRole('button', { name: `Stop watching ${id}` }).click();
  });

  it('destroys a page that does not answer when a viewing ends, within a second', async () => {
    const fourth = await playerOf(app, 'fourth');
    await app.window.getByRole('button', { name: 'Watching fourth', exact: true }).click();
    await untilItPlays(fourth, 0.5);
    await fourth.evaluate(() => {
      setTimeout(() => {
        for (;;);
      }, 0);
    });
    const started = Date.now();
    await locked(true);
    await until('the page to be destroyed', () => fourth.isClosed(), 5_000, 10);
    expect(Date.now() - started).toBeLessThan(1_000);
    await app.window.getByText('The screen was locked at').waitFor();
    await locked(false);
    await app.window.getByRole('button', { name: 'Open again' }).click();
    await untilItPlays(await playerOf(app, 'fourth'), 0.5);
  });

  it('ends when the screen is locked, and goes on at the same second afterwards', async () => {
    const fourth = await playerOf(app, 'fourth');
    await fourth.getByRole('slider', { name: 'Seek' }).press('End');
    await fourth.evaluate(() => {
      const video = document.querySelector('video');
      if (video) video.currentTime = 120;
    });
    await until('the place', async () => Math.abs(((await numberShown(fourth)) ?? 0) / framesPerSecond - 121) < 2);
    await locked(true);
    await untilGone(fourth);
    await fourth.getByText('The screen was locked at').waitFor();
    await locked(false);
    await leaveBy(fourth, /^Continue at 0?0?:?0?2:0/);
    const again = await playerOf(app, 'fourth');
    const shown = await until('a picture', () => numberShown(again));
    expect(Math.abs(shown / framesPerSecond - 121)).toBeLessThan(4);

    await app.window.getByRole('link', { name: 'Settings' }).click();
    const setting = app.window.getByRole('switch', { name: 'End viewings when the screen is locked' });
    await setting.click();
    await until('the setting', async () => !(await setting.isChecked()));
    await app.window.getByRole('button', { name: 'Watching fourth', exact: true }).click();
    await untilItPlays(again, 0.3);
    await locked(true);
    await locked(false);
    await untilItPlays(again, 1);
  });

  it('its listener for the lock ends with the last viewing', async () => {
    const listening = () =>
      run('pgrep', ['-f', '-P', String(app.electron.process().pid), 'dbus-monitor.*ScreenSaver']).then(
        () => true,
        () => false,
      );
    expect(await listening()).toBe(true);
    await app.window.getByRole('button', { name: 'Stop watching fourth' }).click();
    await until('it to end', async () => !(await listening()));
  });
});

describe('what ends a viewing that was granted', () => {
  let app: App;
  beforeAll(async () => {
    app = await launchApp(desktop, { userData: 'granted', gateway: gateway.url });
    await signIn(app, 'marta.reis');
  });
  afterAll(() => app?.close());

  it.each(['main', 'own'] as const)('a revocation takes the picture away within a second, in the %s window', async (where) => {
    const sessionId = where === 'main' ? 'revoked-1' : 'revoked-2';
    const granted = await grant(asker, approver, { sessionId, windowMs: 600_000 });
    const player = await watch(app, sessionId);
    await untilItPlays(player, 0.5);
    if (where === 'own') {
      await player.getByRole('button', { name: 'Open in its own window' }).click();
      await until('its window', async () => (await windowsOf(app)).length === 2);
      await untilItPlays(player, 0.5);
    }
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'Enough was seen' });
    const started = Date.now();
    await untilGone(player);
    expect(Date.now() - started).toBeLessThan(1_000);
    await player.getByText('Paulo Nunes revoked your access at', { exact: false }).waitFor();
    await player.getByText('Enough was seen', { exact: false }).waitFor();
    await leaveBy(player, where === 'own' ? 'Close' : 'Back to Remote Sessions');
  });

  it('asks for more time in the words of the running request; approved before the end, it plays on and the end moves', async () => {
    const granted = await grant(asker, approver, { sessionId: 'longer', windowMs: 4 * 60_000 });
    const player = await watch(app, 'longer');
    await untilItPlays(player, 0.5);
    await player.getByText('Your access ends in 4 minutes.').waitFor();
    await player.getByRole('button', { name: 'Open in its own window' }).click();
    await untilItPlays(player, 0.5);
    await watchForStops(player);
    await player.getByRole('button', { name: 'Ask for more time' }).click();
    const dialog = app.window.getByRole('dialog', { name: 'Justification' });
    await until(
      'the words',
      async () => (await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()) === granted.justification,
    );
    expect(await dialog.getByRole('textbox', { name: /Ticket|Code|Change/ }).inputValue()).toBe('CHG-0001');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const waiting = await approver.calls.requests.list({ scope: 'waiting', limit: 10 });
    const request = waiting.items.find((one) => one.session.id === 'longer');
    if (!request) throw new Error('the request did not arrive');
    await approveIt(approver, request);
    await player.getByText('More time was granted', { exact: false }).waitFor();
    expect(await stopsOf(player)).toEqual([]);
    const { value } = await callFromPage(player, 'viewings.current', {});
    expect((value as { requestId: string }).requestId).toBe(request.id);
    await player.reload();
    await approver.calls.requests.revoke({
      id: request.id,
      version: (await approver.calls.requests.get({ id: request.id })).version,
      comment: 'Back to the first',
    });
    // The first grant is still open: the viewing falls back to it and plays on.
    await until('the first end', async () => {
      const current = (await callFromPage(player, 'viewings.current', {})).value as { accessEnd: string };
      return current.accessEnd === granted.window.end;
    });
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'That was all' });
    await untilGone(player);
  });

  it('asked for over the player, it makes way for the dialog and plays on behind it', async () => {
    const granted = await grant(asker, approver, { sessionId: 'docked', windowMs: 4 * 60_000 });
    const player = await watch(app, 'docked');
    await untilItPlays(player, 0.5);
    await player.getByRole('button', { name: 'Ask for more time' }).click();
    const dialog = app.window.getByRole('dialog', { name: 'Justification' });
    await until('the words', async () => (await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()) !== '');
    await until('the picture to wait', async () => (await pictureOf(player))?.paused);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await untilItPlays(player, 0.5);
    await leaveBy(player, 'Back to Remote Sessions');
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'That was all' });
  });

  it('ends with its window to the moment, and goes on at the same second when more time is granted later', async () => {
    const granted = await grant(asker, approver, { sessionId: 'short', windowMs: 8_000 });
    const player = await watch(app, 'short');
    await untilItPlays(player, 0.5);
    await player.evaluate(() => {
      const video = document.querySelector('video');
      if (video) video.currentTime = 100;
    });
    await until('the place', async () => ((await numberShown(player)) ?? 0) >= 100 * framesPerSecond);
    await untilGone(player, 20_000);
    expect(Math.abs(Date.now() - Date.parse(granted.window.end))).toBeLessThan(1_000);
    await player.getByText('Your access ended at', { exact: false }).waitFor();
    expect(await player.getByRole('button', { name: /^Continue/ }).count()).toBe(0);
    await player.getByRole('button', { name: 'Ask for more time' }).waitFor();
    await grant(asker, approver, { sessionId: 'short', windowMs: 600_000 });
    await leaveBy(player, /^Continue at/);
    const again = await playerOf(app, 'short');
    const number = await until('a picture', () => numberShown(again));
    expect(number / framesPerSecond).toBeGreaterThanOrEqual(100);
    expect(number / framesPerSecond).toBeLessThan(112);
    await leaveBy(again, 'Back to Remote Sessions');
  });

  it('asleep across the end of access, it shows no picture when it wakes', async () => {
    const granted = await grant(asker, approver, { sessionId: 'asleep', windowMs: 9_000 });
    const player = await watch(app, 'asleep');
    await untilItPlays(player, 0.5);
    // Painted pictures are noted with the time: one from after the end would show.
    await player.evaluate(() => {
      const painted: number[] = [];
      Object.assign(window, { painted });
      const video = document.querySelector('video');
      const next = () => {
        painted.push(Date.now());
        video?.requestVideoFrameCallback(next);
      };
      video?.requestVideoFrameCallback(next);
    });
    const pid = app.electron.process().pid ?? 0;
    // The browser's process sleeps, as do its pages: the whole tree.
    const tree = await treeOf(pid);
    for (const one of tree) process.kill(one, 'SIGSTOP');
    const endMs = Date.parse(granted.window.end);
    await until('the end of access', () => Date.now() > endMs + 2_000);
    for (const one of tree) process.kill(one, 'SIGCONT');
    await untilGone(player);
    await player.getByText('Your access ended at', { exact: false }).waitFor();
    const painted = await player.evaluate(() => (window as unknown as { painted: number[] }).painted);
    // What was decoded before may be painted in the first moment after waking, and never again.
    expect(painted.filter((at) => at > endMs + 3_000)).toEqual([]);
    await leaveBy(player, 'Back to Remote Sessions');
  });

  it('the computer’s clock, set three hours on and back in the middle, neither ends it nor makes it longer', async () => {
    const threeHours = 3 * 3_600_000;
    const leftRightly = (page: Page, endMs: number) =>
      until('the time that is left', async () => {
        const [, minutes, seconds] = /(\d+):(\d+)$/.exec((await page.getByRole('timer').textContent()) ?? '') ?? [];
        return Math.abs(Number(minutes) * 60_000 + Number(seconds) * 1_000 - (endMs - Date.now())) < 2_000;
      });
    const granted = await grant(asker, approver, { sessionId: 'clock', windowMs: 600_000 });
    const endMs = Date.parse(granted.window.end);
    let player = await watch(app, 'clock');
    await untilItPlays(player, 0.5);
    for (const jumpMs of [threeHours, -threeHours]) {
      await watchForStops(player);
      await setWallClock(app, jumpMs);
      await untilItPlays(player, 2);
      expect(await stopsOf(player)).toEqual([]);
      await leftRightly(player, endMs);
      // What is opened only now reckons by the gateway's clock too.
      await leaveBy(player, 'Back to Remote Sessions');
      player = await watch(app, 'clock');
      await untilItPlays(player, 0.5);
      await leftRightly(player, endMs);
    }
    await leaveBy(player, 'Back to Remote Sessions');
    const short = await grant(asker, approver, { sessionId: 'clock-end', windowMs: 10_000 });
    player = await watch(app, 'clock-end');
    await untilItPlays(player, 0.5);
    await setWallClock(app, -2 * threeHours);
    await untilGone(player, 20_000);
    expect(Math.abs(Date.now() - Date.parse(short.window.end))).toBeLessThan(1_000);
    await player.getByText('Your access ended at', { exact: false }).waitFor();
    await leaveBy(player, 'Back to Remote Sessions');
    await setWallClock(app, 0);
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'That was all' });
  });

  it('a lost role ends it too, and says so', async () => {
    await grant(asker, approver, { sessionId: 'role', windowMs: 600_000 });
    const player = await watch(app, 'role');
    await untilItPlays(player, 0.5);
    const started = Date.now();
    await gateway.command('user', 'access', 'marta.reis', '--role', 'PAM User');
    await untilGone(player);
    // The command itself takes most of it: a process starts.
    expect(Date.now() - started).toBeLessThan(5_000);
    await player.getByText('You may no longer watch this: your role or permission changed at', { exact: false }).waitFor();
  });
});

describe('revocations at random moments', () => {
  it('take the picture away within a second, and no media comes after the gateway has said so', async () => {
    const folder = await numberedVideo({ seconds: 150, framesPerSecond, segmentSeconds: 2, width: 640, height: 360 });
    await addRecording(gateway, 'often', folder, 150_000);
    await addRecording(gateway, 'often-live', folder, 0, true);
    const proxy = await startFaultProxy(gateway.url);
    const app = await launchApp(desktop, { userData: 'often', gateway: proxy.url });
    try {
      await signIn(app, 'helena.melo');
      const revoked = await revokeAgainAndAgain(10, {
        app,
        proxy,
        asker: await personAt(gateway, 'helena.melo'),
        approver,
        sessions: { recording: 'often', livestream: 'often-live' },
      });
      expect(revoked.filter(({ blankMs, late }) => blankMs > 1_000 || late > 0)).toEqual([]);
    } finally {
      await app.close();
      await proxy.stop();
    }
  });
});

/** What a desktop's screen saver says on the session bus. */
async function locked(active: boolean): Promise<void> {
  const setpriv = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
  const [command = '', ...args] = [
    ...setpriv,
    ...['dbus-send', '--session', '--type=signal', '/org/freedesktop/ScreenSaver'],
    ...['org.freedesktop.ScreenSaver.ActiveChanged', `boolean:${active}`],
  ];
  await run(command, args, { env: desktop.env });
}

/** A process and everything below it. */
async function treeOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}
