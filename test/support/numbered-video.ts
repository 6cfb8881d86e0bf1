import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { root } from './processes.ts';

const run = promisify(execFile);

/** A picture's number is written along its upper edge: so many cells, white for 1, the lowest bit first. */
const bits = 16;

export type NumberedVideo = {
  seconds: number;
  framesPerSecond: number;
  segmentSeconds: number;
  width: number;
  height: number;
  segments?: 'fmp4' | 'mpegts';
  /** What lies below the number: a moving test picture, or a still one, whose segments are as small as those of a terminal. */
  picture?: 'moving' | 'still';
  /** Sound besides: a tone. */
  sound?: boolean;
};

/**
 * The folder of an HLS recording in which each picture carries its number, counted from 0: what is shown at `t` seconds is number
 * `t * framesPerSecond`. Made by ffmpeg and kept below out/ under a hash of what was asked for. Segments are `segment-00000.m4s` (or `.ts`), their
 * playlist is `index.m3u8`.
 */
export async function numberedVideo(wanted: NumberedVideo): Promise<string> {
  const {
    seconds,
    framesPerSecond,
    segmentSeconds,
    width,
    height,
    segments = 'fmp4',
    picture = 'moving',
    sound = false,
  } = wanted;
  const source = picture === 'moving' ? 'testsrc2' : 'smptehdbars';
  const cell = Math.floor(width / bits);
  const strip = Math.floor(height / 8);
  const boxes = Array.from(
    { length: bits },
    (_, bit) => `drawbox=x=${bit * cell}:y=0:w=${cell}:h=${strip}:color=white:t=fill:enable='gt(bitand(n,${2 ** bit}),0)'`,
  );
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', `${source}=size=${width}x${height}:rate=${framesPerSecond}:duration=${seconds}`],
    ...(sound
      ? ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`, '-c:a', 'aac', '-b:a', '64k']
      : []),
    ...['-vf', [`drawbox=x=0:y=0:w=${width}:h=${strip}:color=black:t=fill`, ...boxes].join(',')],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '30', '-pix_fmt', 'yuv420p', '-bf', '0'],
    ...[
      '-g',
      String(framesPerSecond * segmentSeconds),
      '-keyint_min',
      String(framesPerSecond * segmentSeconds),
      '-sc_threshold',
      '0',
    ],
    ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_playlist_type', 'vod', '-hls_list_size', '0'],
    ...['-hls_segment_type', segments, '-hls_fmp4_init_filename', 'init.mp4'],
  ];
  const folder = path.join(root, 'out/test-media', createHash('sha256').update(JSON.stringify(args)).digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  const extension = segments === 'fmp4' ? 'm4s' : 'ts';
  await run('ffmpeg', [...args, '-hls_segment_filename', `segment-%05d.${extension}`, 'index.m3u8'], { cwd: unfinished });
  await rename(unfinished, folder).catch(async (error) => {
    // Somebody else has made it meanwhile.
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The number of the picture that the page's video shows, or null if it shows none. */
export function numberShown(page: Page): Promise<number | null> {
  return page.evaluate((bits) => {
    const video = document.querySelector('video');
    if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
    const { videoWidth, videoHeight } = video;
    const canvas = new OffscreenCanvas(videoWidth, Math.floor(videoHeight / 8));
    const drawing = canvas.getContext('2d', { willReadFrequently: true });
    if (!drawing) return null;
    drawing.drawImage(video, 0, 0);
    const cell = Math.floor(videoWidth / bits);
    const y = Math.floor(canvas.height / 2);
    let number = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      const [red = 0] = drawing.getImageData(bit * cell + Math.floor(cell / 2), y, 1, 1).data;
      if (red > 127) number += 2 ** bit;
    }
    return number;
  }, bits);
}
