import type { Page } from 'playwright';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import { untilItPlays } from '../../support/main-job.ts';
import { leaveBy } from '../../support/viewings.ts';
import { tell } from '../results.ts';
import { firstFrame } from './page.ts';
import { fourHours, startStage } from './stage.ts';

const seeks = 1_000;

/** Answers of the gateway that are open at the same moment, over 1,000 seeks of which most are given up for the next, and after closing. */
export async function measureConnections(): Promise<void> {
  const stage = await startStage({ long: fourHours }, { proxied: true });
  const { proxy } = stage;
  if (!proxy) throw new Error('there is no proxy to count');
  const open = () => proxy.passed.filter((one) => one.path.startsWith('/v1/media/') && one.open).length;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, open());
  }, 1);
  try {
    const player = await stage.player('long');
    await untilItPlays(player, 0.3);
    const serial = await serialFiles(proxy, player);
    tell({ bench: 'first frame, media files one after the other', value: serial, goal: '<= 2', met: serial <= 2 });
    proxy.heal();
    // Answers that take a moment are still on their way when the next seek gives them up.
    proxy.fault(/\.m4s/, { kind: 'latency', ms: 40 });
    for (let times = 0; times < seeks; times += 1) {
      await player.evaluate(
        (at) => {
          const video = document.querySelector('video');
          if (video) video.currentTime = at;
        },
        Math.random() * (fourHours.seconds - 60),
      );
      if (times % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    tell({ bench: 'connections: open at once, 1,000 seeks', value: most, goal: '<= 6', met: most <= 6 });
    proxy.heal();
    const before = await player.evaluate(() => document.querySelector('video')?.currentTime ?? 0);
    await untilItPlays(player, 1);
    await leaveBy(player, 'Back to Remote Sessions');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    tell({ bench: 'connections: open 1 s after closing', value: open(), goal: '0', met: open() === 0, playedOnFrom: before });
  } finally {
    clearInterval(watch);
    await stage.stop();
  }
}

/** How many of the files that the first frame needs were asked for only after another of them had come, with that one. */
async function serialFiles(proxy: FaultProxy, player: Page): Promise<number> {
  proxy.fault(/^\/v1\/media\//, { kind: 'latency', ms: 100 });
  const before = proxy.passed.length;
  await firstFrame(player);
  const files = proxy.passed.slice(before).filter((one) => /\/(index\.m3u8|init\.mp4|segment-00000\.m4s)$/.test(one.path));
  const chain = (fromMs: number): number =>
    Math.max(0, ...files.filter(({ startedMs }) => startedMs >= fromMs).map(({ lastByteMs }) => 1 + chain(lastByteMs)));
  return chain(0);
}
