import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { numberedVideo } from './numbered-video.ts';

const run = promisify(execFile);

/** When each picture of an uneven recording begins (s): some stand over the borders of parts, or over whole parts. */
export const unevenTimes = [0, 0.52, 2.6, 7.32, 8.92, 9, 11.8, 12.12, 12.4, 13, 13.2, 20.44, 29.96, 30.4, 36, 36.2];
/** How long such a recording is (s). */
export const unevenSeconds = 40;

/** Which of them stands at a time (s). */
export const standingAt = (second: number): number => unevenTimes.findLastIndex((from) => from <= second);

const videoFrames = 25;
/** The number that a picture of the video carries. */
export const videoNumber = (place: number): number => Math.round((unevenTimes[place] ?? 0) * videoFrames);

/** Bits of a picture's number, as `numberShown` reads them: each five columns of a terminal of 80. */
const bits = 16;

/** A recorded terminal (asciicast, version 2) whose pictures carry their place among the times as their number, in `folder`. Answers with its file. */
export async function unevenTerminal(folder: string): Promise<string> {
  const lineOf = (number: number) =>
    Array.from({ length: bits }, (_, bit) => `\x1b[48;2;${number & (2 ** bit) ? '255;255;255' : '0;0;0'}m     `).join('');
  const output = (number: number) =>
    `\x1b[?7l${[1, 2, 3].map((row) => `\x1b[${row};1H${lineOf(number)}`).join('')}\x1b[0m\x1b[20;1H`;
  const events = unevenTimes.map((at, number) => JSON.stringify([at, 'o', output(number)]));
  // The cursor, which is drawn, does not move: what it says last changes nothing, and only lasts until then.
  const end = JSON.stringify([unevenSeconds, 'o', '']);
  const file = path.join(folder, 'uneven.cast');
  await writeFile(file, [JSON.stringify({ version: 2, width: 80, height: 24 }), ...events, end, ''].join('\n'));
  return file;
}

/** The same as a video, of a kind that keeps no lengths (Matroska). Answers with its file. */
export async function unevenVideo(folder: string): Promise<string> {
  const numbered = await numberedVideo({
    ...{ seconds: unevenSeconds, framesPerSecond: videoFrames },
    ...{ segmentSeconds: 4, width: 640, height: 360 },
  });
  const last = unevenSeconds * videoFrames - 1;
  const kept = [...unevenTimes.keys()].map(videoNumber).concat(last);
  const file = path.join(folder, 'uneven.mkv');
  await run('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-i', path.join(numbered, 'index.m3u8')],
    ...['-vf', `select='${kept.map((number) => `eq(n\\,${number})`).join('+')}'`, '-fps_mode', 'vfr'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', file],
  ]);
  return file;
}
