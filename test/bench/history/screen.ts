import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright';
import { type App, launchApp } from '../../support/app.ts';
import { startDesktop } from '../../support/desktop.ts';
import { compare } from '../compare.ts';
import { tell } from '../results.ts';
import { median } from '../statistics.ts';
import { keptAccounts } from './accounts.ts';
import { key, many } from './seed.ts';

type Timed = {
  page(from: number): Promise<number>;
  nothing(): Promise<number>;
  jump(): Promise<number>;
  fling(ms: number): Promise<number[]>;
};
const inPage = (page: Page, call: keyof Timed, argument: number) =>
  page.evaluate(
    ([name, value]) => (window as unknown as { timed: Record<string, (value: number) => Promise<unknown>> }).timed[name]?.(value),
    [call, argument] as const,
  );

/** Pages and jumps in a list of a million requests, offline, in the real window. */
export async function measureScreen(): Promise<void> {
  const desktop = await startDesktop();
  const apps: App[] = [];
  try {
    const kept = await keptAccounts(desktop);
    const opened = async (userData: string) => {
      const app = await launchApp(desktop, { userData });
      apps.push(app);
      await showHistory(app.window);
      return app.window;
    };
    const large = await opened(kept.many.userData);
    await large.evaluate(openPages);

    const db = new Sqlite(kept.many.archive, { readonly: true });
    for (const pragma of ["cipher='sqlcipher'", `key="x'${key}'"`]) db.pragma(pragma);
    const bare = db
      .prepare<[number], string>('select json from requests_shown where row < ? order by row desc limit 100')
      .pluck();
    const deep = many.requests - 100;
    const page = (from: number) => () => inPage(large, 'page', from) as Promise<number>;
    await page(deep)();
    await compare({
      name: 'history: a page of 100 in the renderer, against the bare statement',
      unit: 'ms',
      goal: 5,
      rounds: 200,
      ours: page(0),
      limit: async () => {
        const began = performance.now();
        bare.all(Number.MAX_SAFE_INTEGER);
        return performance.now() - began;
      },
    });
    db.close();
    const asked: number[] = [];
    for (let round = 0; round < 200; round += 1) asked.push((await inPage(large, 'nothing', 0)) as number);
    tell({
      bench: 'history: a question with a short answer from the archive, in the renderer',
      value: median(asked),
      unit: 'ms',
    });
    await compare({
      name: 'history: a page of 100 at row 999,900, against the first',
      unit: 'ms',
      goal: 1.2,
      rounds: 200,
      ours: page(deep),
      limit: page(0),
    });
    // The port for timing has taken the place of the page's own: what is drawn is measured in a page that has its own again.
    await large.reload();
    await showHistory(large);
    const small = await opened(kept.few.userData);
    for (const window of [large, small]) await window.evaluate(openMoves);
    await compare({
      name: 'history: a jump in a list of 1,000,000, against one in a list of 100',
      unit: 'ms',
      goal: 1.25,
      rounds: 60,
      statistic: 'mean',
      ours: () => inPage(large, 'jump', 0) as Promise<number>,
      limit: () => inPage(small, 'jump', 0) as Promise<number>,
    });
    for (const [name, window] of [
      ['1,000,000', large],
      ['100', small],
    ] as const) {
      await window.bringToFront();
      const frames = (await inPage(window, 'fling', 10_000)) as number[];
      const longest = Math.max(...frames);
      tell({
        bench: `history: longest frame (ms) of a fling of 10 s through ${name}`,
        value: Number(longest.toFixed(1)),
        ...(name === '100' ? {} : { goal: '<= 50', met: longest <= 50 }),
        frames: frames.length,
        over50: frames.filter((ms) => ms > 50).length,
      });
    }
  } finally {
    for (const app of apps) await app.close();
    await desktop.stop();
  }
}

async function showHistory(window: Page): Promise<void> {
  await window.getByRole('link', { name: 'History' }).click();
  await window.getByRole('grid', { name: 'Requests on record' }).locator('[role=row][id]').first().waitFor();
  // The figures are counted beside the list, over all of it.
  await window.getByRole('button', { name: /^[\d,]+ Approved/ }).waitFor({ timeout: 120_000 });
}

/** In the page: a port to the archive's process like the one the app itself has, which it takes the place of, and a way to time what it answers. */
function openPages(): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('message', function received({ data, ports }) {
      const [port] = ports;
      if (data !== 'oversight:archive-port' || !port) return;
      window.removeEventListener('message', received);
      let id = 0;
      const read = (from: number, length: number) =>
        new Promise<number>((answered, reject) => {
          id += 1;
          const own = id;
          const began = performance.now();
          port.onmessage = ({ data: told }) => {
            if (told.id !== own) return;
            const value = told.json === undefined ? told.answer.value : JSON.parse(told.json);
            const ms = performance.now() - began;
            if (value?.rows.length === length) answered(ms);
            else reject(new Error(JSON.stringify(told).slice(0, 200)));
          };
          const query = { filter: {}, sort: { by: 'createdAt', direction: 'desc' } };
          port.postMessage({ id: own, call: 'history.page', input: { query, from, limit: 100 } });
        });
      const page: Timed['page'] = (from) => read(from, 100);
      // Behind the last row.
      const nothing: Timed['nothing'] = () => read(1_000_000_000, 0);
      Object.assign(window, { timed: { page, nothing } });
      resolve();
    });
    window.postMessage('oversight:ask-archive', window.location.origin);
  });
}

/** In the page: ways to time what the table draws. */
function openMoves(): void {
  const grid = document.querySelector<HTMLElement>('[role=grid]') ?? document.body;
  const frame = () => new Promise<number>((drawn) => requestAnimationFrame(drawn));
  const jump: Timed['jump'] = async () => {
    const farthest = grid.scrollHeight - grid.clientHeight;
    const to = Math.floor(Math.random() * farthest);
    const index = Math.floor((to + grid.clientHeight / 2) / 32);
    const began = performance.now();
    grid.scrollTop = to;
    do {
      await frame();
      if (performance.now() - began > 10_000) throw new Error(`row ${index} is not drawn`);
    } while (!grid.querySelector(`[role=row][id][aria-rowindex="${index}"]`));
    return performance.now() - began;
  };
  const fling: Timed['fling'] = async (ms) => {
    const frames: number[] = [];
    grid.scrollTop = 0;
    await frame();
    const began = await frame();
    for (let last = began; last - began < ms; ) {
      // Fast at first, then slower, as from a finger.
      grid.scrollTop += 4_000 * Math.max(0.02, 1 - (last - began) / ms);
      const now = await frame();
      frames.push(now - last);
      last = now;
    }
    return frames;
  };
  Object.assign(window, { timed: { jump, fling } });
}
