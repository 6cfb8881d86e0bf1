import type { Page } from 'playwright';
import { until } from '../../support/processes.ts';

/** Reloads a page that plays by itself; ms from the start of the navigation to its first frame. */
export async function firstFrame(page: Page): Promise<number> {
  await page.reload({ waitUntil: 'commit' });
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const video = document.querySelector('video');
          if (!video) return void setTimeout(look, 1);
          if (video.readyState >= 2) return resolve(performance.now());
          video.requestVideoFrameCallback(() => resolve(performance.now()));
        };
        look();
      }),
  );
}

/** Seeks; ms until the frame of that time is shown. Fails if another one is. */
export function seek(page: Page, seconds: number, framesPerSecond: number): Promise<number> {
  return page.evaluate(
    ({ seconds, framesPerSecond }) =>
      new Promise<number>((resolve, reject) => {
        const video = document.querySelector('video');
        if (!video) return reject(new Error('there is no video'));
        const started = performance.now();
        const limit = setTimeout(() => reject(new Error(`no frame of ${seconds} s came`)), 30_000);
        const look: VideoFrameRequestCallback = (_now, { mediaTime }) => {
          const late = seconds - mediaTime;
          if (late < -0.1 || late > 1 / framesPerSecond + 0.1) return void video.requestVideoFrameCallback(look);
          clearTimeout(limit);
          resolve(performance.now() - started);
        };
        video.requestVideoFrameCallback(look);
        video.currentTime = seconds;
      }),
    { seconds, framesPerSecond },
  );
}

export async function pause(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('video')?.pause());
  await until('the pause', () => page.evaluate(() => document.querySelector('video')?.paused));
}
