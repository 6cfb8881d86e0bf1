import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../contract/session.ts';
import type { ReceiptEntry } from '../../contract/viewing.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled } from '../support/looks.ts';
import { pictureOf } from '../support/main-job.ts';
import { type NumberedVideo, numberedVideo, numberShown } from '../support/numbered-video.ts';
import { until } from '../support/processes.ts';
import { changedSizes, encrypted, qualities, singleFile, withStoryboard } from '../support/recorded-forms.ts';
import { addRecordedSession, importSession } from '../support/recorded-session.ts';
import { standingAt, unevenTerminal, unevenVideo, videoNumber } from '../support/uneven-recordings.ts';
import { leaveBy } from '../support/viewings.ts';

const seconds = 40;
const usual: NumberedVideo = { seconds, framesPerSecond: 10, segmentSeconds: 4, width: 640, height: 360 };

/** Forms that recordings come in, each with its pictures a second. */
const forms: { name: string; id: string; framesPerSecond: number; folder: () => Promise<string> }[] = [
  { name: 'fMP4', id: 'fmp4', framesPerSecond: 10, folder: () => numberedVideo(usual) },
  {
    name: 'TS with sound',
    id: 'ts',
    framesPerSecond: 10,
    folder: () => numberedVideo({ ...usual, segments: 'mpegts', sound: true }),
  },
  { name: '1 picture a second', id: 'slow', framesPerSecond: 1, folder: () => numberedVideo({ ...usual, framesPerSecond: 1 }) },
  {
    name: '30 pictures a second',
    id: 'quick',
    framesPerSecond: 30,
    folder: () => numberedVideo({ ...usual, framesPerSecond: 30 }),
  },
  { name: 'one file with byte ranges', id: 'ranges', framesPerSecond: 10, folder: () => singleFile(usual) },
  { name: 'AES-128', id: 'aes', framesPerSecond: 10, folder: () => encrypted(usual) },
  { name: 'several qualities', id: 'many', framesPerSecond: 10, folder: () => qualities(usual) },
  { name: 'several picture sizes', id: 'sizes', framesPerSecond: 10, folder: () => changedSizes(usual) },
];

const events: SessionEvent[] = Array.from({ length: 10_000 }, (_, number) => ({
  atMs: Math.round((number * seconds * 1000) / 10_000),
  type: number % 7 === 0 ? 'window' : 'command',
  text: number === 6_250 ? 'rm -rf /var/backups/old' : `ls -la /srv/data/${number}`,
}));

let desktop: Desktop;
let gateway: TestGateway;
let app: App;

beforeAll(async () => {
  [desktop, gateway] = await Promise.all([startDesktop(), startGateway()]);
  for (const { id, folder } of forms) await addRecordedSession(gateway, { id, folder: await folder(), seconds });
  await importSession(gateway, 'uneven-terminal', await unevenTerminal(gateway.dataDir));
  await importSession(gateway, 'uneven-video', await unevenVideo(gateway.dataDir));
  const activity = Array.from({ length: 80 }, (_, slice) => (slice >= 20 && slice < 50 ? 0 : 0.2 + (slice % 5) / 6));
  const facts = { idle: [{ fromMs: 10_000, toMs: 25_000 }], activity };
  await addRecordedSession(gateway, {
    id: 'facts',
    folder: await numberedVideo({ ...usual, width: 480 }),
    seconds,
    events,
    facts,
  });
  const storyboard = { everyMs: 10_000, columns: 2, rows: 2, tileWidth: 160, tileHeight: 90, sheets: ['storyboard/a.jpg'] };
  await addRecordedSession(gateway, { id: 'board', folder: await withStoryboard(usual), seconds, facts: { storyboard } });
  app = await launchApp(desktop, { userData: 'clara', gateway: gateway.url });
  await signIn(app, 'clara.nogueira');
});
afterAll(async () => {
  await app?.close();
  await gateway?.remove();
  await desktop?.stop();
});

// A test that failed leaves nothing open for the next one.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const player of app.electron.windows().filter((page) => page.url().endsWith('/player.html'))) await close(player);
});

/** Opens a recording, and pauses as soon as it shows a picture. */
async function open(id: string): Promise<Page> {
  const { window } = app;
  await window.getByRole('searchbox').fill(id);
  await window.getByRole('button', { name: `Actions for session ${id}` }).click();
  await window.getByRole('menuitem', { name: /^Session video/ }).click();
  const player = await app.player();
  await until('the first picture', () => numberShown(player).then((number) => number !== null));
  await player.getByRole('button', { name: 'Pause' }).click();
  await until('the pause', async () => (await pictureOf(player))?.paused);
  return player;
}

async function close(player: Page): Promise<void> {
  await leaveBy(player, 'Back to Remote Sessions');
  await app.window.getByRole('searchbox').waitFor();
}

async function type(player: Page, time: string): Promise<void> {
  await player.keyboard.press('g');
  await player.getByRole('textbox', { name: 'Go to a time (G)' }).fill(time);
  await player.keyboard.press('Enter');
}

async function untilShown(player: Page, number: number): Promise<void> {
  let shown: number | null = null;
  await until(
    `picture ${number}`,
    async () => {
      shown = await numberShown(player);
      return shown === number;
    },
    15_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}, picture ${shown} is shown`);
  });
}

describe('exact seeking', () => {
  it.each(forms)('shows the picture of the time: $name', async ({ id, framesPerSecond }) => {
    const player = await open(id);
    // In the middle of a picture, so that rounding decides nothing.
    const at = (second: number) => (second + 0.5 / framesPerSecond).toFixed(3);
    for (const second of [27, 3, 38, 0, 12]) {
      await type(player, at(second));
      await untilShown(player, second * framesPerSecond);
    }
    await player.keyboard.press('End');
    await untilShown(player, seconds * framesPerSecond - 1);
    await player.keyboard.press('Home');
    await untilShown(player, 0);
    await player.keyboard.press('.');
    await untilShown(player, 1);
    await player.keyboard.press('.');
    await untilShown(player, 2);
    await player.keyboard.press(',');
    await untilShown(player, 1);
    expect((await pictureOf(player))?.paused).toBe(true);
    await close(player);
  });

  it.each([
    { name: 'a recorded terminal', id: 'uneven-terminal', numberOf: (place: number) => place },
    { name: 'a video that keeps no lengths', id: 'uneven-video', numberOf: videoNumber },
  ])('shows the picture that stands, at the borders of parts too: $name', async ({ id, numberOf }) => {
    const player = await open(id);
    // Parts of 3 s. Some of these pictures begin just before or at a border, others stand over one, or over three.
    for (const second of [
      8.98, 7.2, 35.98, 36.02, 2.98, 3.02, 25, 29.98, 30.02, 20.98, 5.98, 6.02, 9.02, 11.98, 12.02, 38.98, 0.3,
    ]) {
      await type(player, String(second));
      await untilShown(player, numberOf(standingAt(second)));
      expect(Math.abs(((await pictureOf(player))?.at ?? 0) - second)).toBeLessThan(0.02);
    }
    await close(player);
  });

  it('by click, drag, key, tenths and percent', async () => {
    const player = await open('fmp4');
    const bar = player.getByRole('slider', { name: 'Seek' });
    const box = await bar.boundingBox();
    if (!box) throw new Error('the bar is not there');
    const x = (second: number) => box.x + (box.width * (second + 0.05)) / seconds;
    const y = box.y + box.height / 2;
    /** A pixel is several pictures wide: what is shown is the picture of the position that the bar itself says. */
    const nearSecond = (second: number) =>
      until(`a picture near ${second} s`, async () => Math.abs(((await numberShown(player)) ?? 0) - second * 10) <= 2);
    await player.mouse.click(x(30), y);
    await nearSecond(30);
    await player.mouse.move(x(30), y);
    await player.mouse.down();
    for (const second of [25, 20, 15, 8]) await player.mouse.move(x(second), y);
    await player.mouse.up();
    await nearSecond(8);
    await player.keyboard.press('5');
    await untilShown(player, 200);
    await player.keyboard.press('ArrowRight');
    await untilShown(player, 250);
    await player.keyboard.press('ArrowLeft');
    await untilShown(player, 200);
    await type(player, '25%');
    await untilShown(player, 100);
    await type(player, '+2.5');
    await untilShown(player, 125);
    await type(player, '-1');
    await untilShown(player, 115);
    await close(player);
  });
});

describe('what auditors look for', () => {
  it('finds a command among 10,000 events, goes there, and scrolls without drawing them all', async () => {
    const player = await open('facts');
    await player.keyboard.press('/');
    await player.getByRole('searchbox', { name: 'Find in this session' }).fill('backups OLD');
    await player.getByText('1 hit', { exact: true }).waitFor();
    await player.keyboard.press('Enter');
    await player.getByText('1 of 1').waitFor();
    await untilShown(player, 250);
    const row = player.getByRole('listitem').filter({ hasText: 'rm -rf /var/backups/old' });
    await until('the row to be current', async () => (await row.getAttribute('aria-current')) === 'true');
    expect(await player.getByRole('listitem').count()).toBeLessThan(100);
    await player.keyboard.press('Escape');
    await player.getByRole('button', { name: 'Windows', exact: true }).click();
    await player.getByRole('listitem').filter({ hasText: '/srv/data/6252' }).waitFor({ state: 'detached' });
    await player.getByRole('button', { name: 'Windows', exact: true }).click();
    await player.getByRole('listitem').filter({ hasText: 'rm -rf' }).getByRole('button').click();
    await untilShown(player, 250);
    await player.keyboard.press('n');
    await until('the next event', async () => ((await pictureOf(player))?.at ?? 0) > 25);
  });

  it('scrolls through 10,000 events without a frame that lacks a row', async () => {
    const player = await app.player();
    const list = player.getByRole('list').filter({ hasText: '/srv/data/' }).locator('..');
    await list.evaluate((element) => element.scrollTo(0, 0));
    await until('the first row', () => player.getByRole('listitem').filter({ hasText: '/srv/data/1' }).first().isVisible());
    const box = await list.boundingBox();
    if (!box) throw new Error('the list is not there');
    // In each frame the page looks at what stands on the upper, middle and lower row of the list.
    const looked = list.evaluate(
      (element) =>
        new Promise<{ frames: number; lacking: number; mostRows: number }>((resolve) => {
          const seen = { frames: 0, lacking: 0, mostRows: 0 };
          const look = () => {
            const { left, top, width, bottom } = element.getBoundingClientRect();
            const heights = [top + 20, (top + bottom) / 2, bottom - 20];
            const isFilled = heights.every((y) => document.elementFromPoint(left + width / 2, y)?.closest('li'));
            seen.frames += 1;
            seen.lacking += isFilled ? 0 : 1;
            seen.mostRows = Math.max(seen.mostRows, element.querySelectorAll('li').length);
            if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) resolve(seen);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }),
    );
    await player.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    let isThere = false;
    void looked.then(() => {
      isThere = true;
    });
    await until(
      'the last row',
      async () => {
        await player.mouse.wheel(0, 3_000);
        return isThere;
      },
      60_000,
    );
    const { frames, lacking, mostRows } = await looked;
    expect(frames).toBeGreaterThan(50);
    expect(lacking).toBe(0);
    expect(mostRows).toBeLessThan(100);
    await player.getByRole('listitem').filter({ hasText: '/srv/data/9999' }).waitFor();
  });

  it('leaves out what has no activity, says so, and plays it for who goes there', async () => {
    const player = await app.player();
    await type(player, '9');
    await untilShown(player, 90);
    await player.getByRole('button', { name: 'Skip idle' }).click();
    await player.keyboard.press('k');
    await player.getByText(/^Skipped 1\d seconds without activity\.$/).waitFor();
    await until('the picture behind it', async () => ((await numberShown(player)) ?? 0) >= 243);
    await player.keyboard.press('k');
    // Whoever goes into it wants to see it.
    await type(player, '15');
    await untilShown(player, 150);
    await player.keyboard.press('k');
    await until('the picture to go on', async () => ((await numberShown(player)) ?? 0) >= 160);
    expect(await numberShown(player)).toBeLessThan(240);
    await player.keyboard.press('k');
    await player.keyboard.press('i');
  });

  it('plays 16 times as fast, and at 32 says that it leaves pictures out; all of it is on record', async () => {
    const player = await app.player();
    await player.keyboard.press('Home');
    await untilShown(player, 0);
    await player.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '32×, part of it' });
    await player.getByText('only some of it is shown').waitFor();
    const began = Date.now();
    await player.keyboard.press('k');
    await player.getByText('End of the recording').waitFor();
    // 40 s at 16× would be 2.5 s: it was faster than that, or the machine was slower than everything.
    expect((Date.now() - began) / 1000).toBeLessThan(20);
    await close(player);
    const entries = await until('the record', async () => {
      const found = await recordOf(gateway, 'facts');
      return found.some((entry) => entry.type === 'end') ? found : null;
    });
    expect(entries).toContainEqual(expect.objectContaining({ type: 'skip' }));
    expect(entries).toContainEqual(expect.objectContaining({ type: 'shown', speed: 32, sampled: true }));
    const skip = entries.find((entry) => entry.type === 'skip');
    expect(skip && skip.toMs - skip.fromMs).toBeGreaterThan(10_000);
  });

  it('records what was shown up to the moment of a jump', async () => {
    const player = await open('many');
    await player.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '16×' });
    await player.keyboard.press('k');
    // A key pressed by the page itself, so that position and key belong to one moment.
    const left = await player.evaluate(async () => {
      const video = document.querySelector('video');
      const positions: number[] = [];
      for (const target of [4.1, 5.3, 6.7, 7.9]) {
        await new Promise<void>((resolve) => {
          const look = () =>
            video && !video.seeking && !video.paused && video.currentTime > target ? resolve() : requestAnimationFrame(look);
          look();
        });
        positions.push((video?.currentTime ?? 0) * 1000);
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }));
      }
      return positions;
    });
    await close(player);
    const entries = await until('the record', async () => {
      const found = await recordOf(gateway, 'many');
      return found.at(-1)?.type === 'end' ? found : null;
    });
    const seeks = entries
      .flatMap((entry) => (entry.type === 'seek' && entry.toMs === 0 ? [entry.fromMs] : []))
      .slice(-left.length);
    left.forEach((at, index) => {
      expect(Math.abs((seeks[index] ?? 0) - at), `jump ${index}`).toBeLessThan(100);
    });
    const shownTo = entries.flatMap((entry) => (entry.type === 'shown' && entry.speed === 16 ? [entry.toMs] : []));
    for (const from of seeks) expect(shownTo).toContain(from);
  });

  it('shows the storyboard’s picture of where the pointer is', async () => {
    const player = await open('board');
    const box = await player.getByRole('slider', { name: 'Seek' }).boundingBox();
    if (!box) throw new Error('the bar is not there');
    // Near an end too, the whole picture is within the window.
    for (const part of [0.005, 0.6, 0.995]) {
      await player.mouse.move(box.x + box.width * part, box.y + box.height / 2);
      const tile = await player.evaluate(async () => {
        const found = [...document.querySelectorAll('span')].find((one) => one.style.background.includes('storyboard/'));
        if (!found) return null;
        const image = new Image();
        image.src = /url\("(.+?)"\)/.exec(found.style.background)?.[1] ?? '';
        await image.decode();
        const { left, right } = found.getBoundingClientRect();
        return { width: image.naturalWidth, left, right, place: found.style.backgroundPosition };
      });
      expect(tile?.width).toBe(320);
      expect(tile?.left).toBeGreaterThanOrEqual(0);
      expect(tile?.right).toBeLessThanOrEqual(box.x + box.width + 16);
      if (part === 0.6) expect(tile?.place).toBe('0px -90px');
    }
    await close(player);
  });

  it('helps with its keys, and every control is within the smallest window', async () => {
    const player = await open('facts');
    await player.keyboard.press('?');
    const help = player.getByRole('dialog', { name: 'Keys of the player' });
    await help.getByText('The picture before or after').waitFor();
    await player.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600));
    await until('the smallest window', () => player.evaluate(() => window.innerHeight <= 600));
    await settled(player);
    expect(await overflow(player)).toBeLessThanOrEqual(0);
    const outside = await player.evaluate(() =>
      [...document.querySelectorAll('footer button, header button, select, [role=slider]')].flatMap((one) => {
        const { left, right, top, bottom, width } = one.getBoundingClientRect();
        const within = left >= 0 && top >= 0 && right <= window.innerWidth && bottom <= window.innerHeight;
        return width === 0 || within ? [] : [one.textContent || one.getAttribute('aria-label')];
      }),
    );
    expect(outside).toEqual([]);
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
    await close(player);
  });
});

/** What the gateway has on record of the last viewing of a session: of an earlier one it has the end already. */
async function recordOf(from: TestGateway, sessionId: string): Promise<ReceiptEntry[]> {
  const { default: Sqlite } = await import('better-sqlite3');
  const { readdirSync } = await import('node:fs');
  const file = readdirSync(from.dataDir).find((name) => /\.(db|sqlite3?)$/.test(name)) ?? '';
  const db = new Sqlite(`${from.dataDir}/${file}`, { readonly: true });
  try {
    return db
      .prepare<[string], string>(
        'select entry_json from receipt_entries where viewing_id = (select id from viewings where session_id = ? order by started_at desc limit 1) order by sequence',
      )
      .pluck()
      .all(sessionId)
      .map((json) => JSON.parse(json) as ReceiptEntry);
  } finally {
    db.close();
  }
}
