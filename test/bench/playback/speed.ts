import type { Page } from 'playwright';
import { untilItPlays } from '../../support/main-job.ts';
import { leaveBy } from '../../support/viewings.ts';
import { tell } from '../results.ts';
import { fourHours, startStage } from './stage.ts';

const measuredMs = 20_000;
/** A recording of ten minutes at some pictures a second. */
const tenMinutes = (framesPerSecond: number) => ({ ...fourHours, seconds: 600, segmentSeconds: 4, framesPerSecond });

/** 16x on recordings of 1, 2 and 5 pictures a second, near and where every answer takes a round trip of 200 ms. */
export async function measureSpeed(): Promise<void> {
  const stage = await startStage({ one: tenMinutes(1), two: tenMinutes(2), five: tenMinutes(5) }, { proxied: true });
  try {
    for (const [recording, latencyMs, goal] of [
      ['one', 0, 15.7],
      ['two', 0, 15.7],
      ['five', 0, 15.7],
      ['two', 200, 12],
      ['five', 200, 12],
    ] as const) {
      stage.proxy?.heal();
      if (latencyMs > 0) stage.proxy?.fault(/./, { kind: 'latency', ms: latencyMs });
      const player = await stage.player(recording);
      await untilItPlays(player, 0.3);
      const { speed, dropped, waits } = await play(player);
      const where = `${recording} picture${recording === 'one' ? '' : 's'} a second${latencyMs ? `, ${latencyMs} ms away` : ''}`;
      tell({ bench: `16x: effective speed, ${where}`, value: speed, goal: `>= ${goal}`, met: speed >= goal });
      if (latencyMs === 0) {
        tell({ bench: `16x: pictures dropped, ${where}`, value: dropped, goal: '<= 0.01', met: dropped <= 0.01 });
        tell({ bench: `16x: waits, ${where}`, value: waits, goal: '0', met: waits === 0 });
      }
      await closePlayer(player);
    }
  } finally {
    await stage.stop();
  }
}

/** Plays at 16x from 10 s on, and measures once it runs. */
async function play(player: Page): Promise<{ speed: number; dropped: number; waits: number }> {
  await player.getByRole('combobox', { name: 'Speed' }).selectOption('16');
  await player.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 30, undefined, { timeout: 60_000 });
  return player.evaluate(async (ms) => {
    const video = document.querySelector('video') as HTMLVideoElement;
    let waits = 0;
    video.addEventListener('waiting', () => {
      waits += 1;
    });
    const now = () => ({ at: video.currentTime, ms: performance.now(), ...counts() });
    const counts = () => {
      const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
      return { totalVideoFrames, droppedVideoFrames };
    };
    const from = now();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const to = now();
    const frames = to.totalVideoFrames - from.totalVideoFrames;
    return {
      speed: Number((((to.at - from.at) * 1000) / (to.ms - from.ms)).toFixed(3)),
      dropped: Number(((to.droppedVideoFrames - from.droppedVideoFrames) / Math.max(1, frames)).toFixed(4)),
      waits,
    };
  }, measuredMs);
}

async function closePlayer(player: Page): Promise<void> {
  await leaveBy(player, 'Back to Remote Sessions');
}
