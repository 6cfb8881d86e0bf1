import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright';

/** The moment at which a picture was taken is written along its upper edge: cells, white for 1, the lowest bit first, in units of 10 ms. */
const bits = 24;
const unitMs = 10;
const wrapMs = 2 ** bits * unitMs;
const width = bits * 16;
const height = 216;
const strip = 32;
export const framesPerSecond = 25;

export type LiveEncoder = {
  child: ChildProcess;
  /** Stops the process where it is, as an overloaded or broken machine would, and lets it go on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
};

/**
 * A live encode by ffmpeg of pictures that are taken now: each carries the moment it was taken, by this machine's clock. A keyframe a
 * second. `output` is the end of ffmpeg's command line; what it writes to its standard output is at `child.stdout`.
 */
export function startLiveEncoder(output: readonly string[]): LiveEncoder {
  const child = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32'],
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', `${width}x${height}`, '-framerate', String(framesPerSecond)],
      ...['-i', 'pipe:0', '-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
      ...['-g', String(framesPerSecond), '-keyint_min', String(framesPerSecond), '-sc_threshold', '0', '-threads', '1'],
      ...output,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const picture = Buffer.alloc(width * height, 96);
  const startedMs = Date.now();
  let taken = 0;
  let timer: NodeJS.Timeout;
  child.stdin.on('error', () => undefined);
  const take = () => {
    // While ffmpeg does not read, nothing is taken: a camera does not wait either. A moment is granted to it.
    if (child.stdin.writableLength < 10 * picture.length) {
      draw(picture, Date.now());
      child.stdin.write(Buffer.from(picture));
    }
    taken = Math.max(taken + 1, Math.floor(((Date.now() - startedMs) * framesPerSecond) / 1000));
    timer = setTimeout(take, Math.max(1, startedMs + (taken * 1000) / framesPerSecond - Date.now()));
  };
  take();
  return {
    child,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      child.kill('SIGCONT');
      await gone;
    },
  };
}

/** The number in cells along the upper edge; below it a bar that goes round once a second. */
function draw(picture: Buffer, nowMs: number): void {
  const number = Math.floor((nowMs % wrapMs) / unitMs);
  const cell = width / bits;
  const row = Buffer.alloc(width);
  for (let bit = 0; bit < bits; bit += 1) row.fill(Math.floor(number / 2 ** bit) % 2 ? 235 : 16, bit * cell, (bit + 1) * cell);
  for (let y = 0; y < strip; y += 1) row.copy(picture, y * width);
  const bar = Buffer.alloc(width, 96);
  const x = Math.floor(((nowMs % 1000) / 1000) * (width - 16));
  bar.fill(200, x, x + 16);
  for (let y = height / 2; y < height / 2 + 16; y += 1) bar.copy(picture, y * width);
}

export type Glass = {
  /** Epoch ms at which the picture that is shown was taken. */
  takenMs: number;
  /** From then until it was shown. */
  behindMs: number;
};

/** Waits for the next picture that the page's video shows; null when none comes within two seconds. Of a paused video, what it shows. */
export async function glassOf(page: Page): Promise<Glass | null> {
  const shown = await page.evaluate(
    (bits) =>
      new Promise<{ number: number; atMs: number } | null>((resolve) => {
        const video = document.querySelector('video');
        if (!video) return resolve(null);
        const timer = setTimeout(() => resolve(null), 2_000);
        const look = () => {
          const atMs = Date.now();
          clearTimeout(timer);
          const { videoWidth } = video;
          const canvas = new OffscreenCanvas(Math.max(1, videoWidth), 32);
          const drawing = canvas.getContext('2d', { willReadFrequently: true });
          if (!drawing || videoWidth === 0) return resolve(null);
          drawing.drawImage(video, 0, 0);
          const cell = videoWidth / bits;
          let number = 0;
          for (let bit = 0; bit < bits; bit += 1) {
            const [red = 0] = drawing.getImageData(Math.floor((bit + 0.5) * cell), 14, 1, 1).data;
            if (red > 127) number += 2 ** bit;
          }
          resolve({ number, atMs });
        };
        if (video.paused) look();
        else video.requestVideoFrameCallback(look);
      }),
    bits,
  );
  if (!shown) return null;
  const intoMs = shown.atMs % wrapMs;
  const behindMs = (intoMs - shown.number * unitMs + wrapMs) % wrapMs;
  return { takenMs: shown.atMs - behindMs, behindMs };
}
