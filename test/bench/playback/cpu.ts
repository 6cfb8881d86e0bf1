import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { untilItPlays } from '../../support/main-job.ts';
import { judgeRatio, measureArms } from '../compare.ts';
import { mean } from '../statistics.ts';
import { pause } from './page.ts';
import { fourHours, startStage } from './stage.ts';

const measuredMs = 4_000;
const rounds = 20;
/** The kernel counts CPU time in hundredths of a second. */
const tickMs = 10;

/** The CPU time of all processes of the app while a recording of 10 pictures a second plays at 1x, against a bare hls.js page's with a picture of the same size. */
export async function measureCpu(): Promise<void> {
  const stage = await startStage({ ten: { ...fourHours, seconds: 900, segmentSeconds: 4, framesPerSecond: 10 } });
  try {
    const player = await stage.player('ten');
    await untilItPlays(player, 0.3);
    const { page, electron } = await stage.bare('ten', 'hls');
    // As large as the player's: a smaller picture costs more than a whole one, because it is scaled.
    const { width, height } = await player.evaluate(
      () => document.querySelector('video')?.getBoundingClientRect() ?? new DOMRect(),
    );
    await page.locator('video').evaluate((video, size) => Object.assign(video.style, size), {
      width: `${width}px`,
      height: `${height}px`,
    });
    for (const one of [player, page]) await pause(one);
    const playing = (one: Page, pid: number) => async () => {
      await one.evaluate(async () => {
        const video = document.querySelector('video');
        if (video && video.currentTime > 700) video.currentTime = 0;
        await video?.play();
      });
      await untilItPlays(one, 1);
      const before = cpuMs(pid);
      await new Promise((resolve) => setTimeout(resolve, measuredMs));
      const spent = cpuMs(pid) - before;
      await pause(one);
      return (spent / measuredMs) * 100;
    };
    const ours = playing(player, stage.app.electron.process().pid ?? 0);
    const bare = playing(page, electron.process().pid ?? 0);
    const values = await measureArms({ ours, bare, again: bare }, rounds);
    judgeRatio(
      { name: 'CPU at 1x, 10 pictures a second, against bare hls.js', unit: '% of a core', goal: 1.2, statistic: 'mean' },
      values.ours,
      values.bare,
      mean(values.again) / mean(values.bare),
    );
  } finally {
    await stage.stop();
  }
}

/** The CPU time of a process and all below it, ms. */
function cpuMs(pid: number): number {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name of the program may hold anything: what counts stands behind its last parenthesis.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      processes.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (one: number): boolean => one === pid || (processes.has(one) && below(processes.get(one)?.parent ?? 0));
  return [...processes].filter(([one]) => below(one)).reduce((sum, [, { ticks }]) => sum + ticks * tickMs, 0);
}
