import { untilItPlays } from '../../support/main-job.ts';
import { judgeRatio, measureArms } from '../compare.ts';
import { mean, median } from '../statistics.ts';
import { firstFrame, pause, seek } from './page.ts';
import { fourHours, startStage } from './stage.ts';

/** So many seeks an arm. */
const seeks = 80;

/** From the navigation of the player's page to its first frame, against bare pages with hls.js and with video.js' own engine. */
export async function measureFirstFrame(): Promise<void> {
  const stage = await startStage({ long: fourHours });
  try {
    const player = await stage.player('long');
    await untilItPlays(player, 0.3);
    const { page: hls } = await stage.bare('long', 'hls');
    const { page: vhs } = await stage.bare('long', 'vhs');
    for (const page of [player, hls, vhs]) await pause(page);
    const measure = (page: typeof player) => async () => {
      const ms = await firstFrame(page);
      await pause(page);
      return ms;
    };
    const values = await measureArms({ ours: measure(player), hls: measure(hls), again: measure(hls), vhs: measure(vhs) }, 24);
    const what = { unit: 'ms', statistic: 'median' } as const;
    const aa = median(values.again) / median(values.hls);
    judgeRatio({ ...what, name: 'first frame, against bare hls.js', goal: 1.3 }, values.ours, values.hls, aa);
    judgeRatio({ ...what, name: 'first frame, against VHS', goal: 1 }, values.ours, values.vhs, aa);
  } finally {
    await stage.stop();
  }
}

/** Seeks in a recording of four hours, to the same places in every arm. */
export async function measureSeeks(): Promise<void> {
  const stage = await startStage({ long: fourHours });
  try {
    const player = await stage.player('long');
    await untilItPlays(player, 0.3);
    const { page: hls } = await stage.bare('long', 'hls');
    const { page: vhs } = await stage.bare('long', 'vhs');
    for (const page of [player, hls, vhs]) await pause(page);
    const places = Array.from({ length: seeks + 1 }, () => Math.floor(Math.random() * (fourHours.seconds - 60)) + 0.25);
    const to = (page: typeof player) => {
      const next = places.values();
      return () => seek(page, next.next().value ?? 0, fourHours.framesPerSecond);
    };
    const values = await measureArms({ ours: to(player), hls: to(hls), again: to(hls), vhs: to(vhs) }, seeks);
    const aa = mean(values.again) / mean(values.hls);
    const judge = (name: string, goal: number, statistic: 'mean' | 'p95', limit: number[]) =>
      judgeRatio({ name, goal, unit: 'ms', statistic }, values.ours, limit, aa);
    judge('seek, mean against bare hls.js', 1.4, 'mean', values.hls);
    judge('seek, mean against VHS', 0.25, 'mean', values.vhs);
    judge('seek, p95 against VHS', 0.15, 'p95', values.vhs);
  } finally {
    await stage.stop();
  }
}
