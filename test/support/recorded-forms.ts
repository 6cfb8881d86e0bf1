import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type NumberedVideo, numberedVideo } from './numbered-video.ts';
import { root } from './processes.ts';

const run = promisify(execFile);

/** A numbered recording in another form, kept below out/ like the recording it is made of. `make` gets its folder and an empty one. */
async function form(
  name: string,
  wanted: NumberedVideo,
  make: (source: string, folder: string) => Promise<void>,
): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([name, wanted]))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(root, 'out/test-media', `${name}-${key}`);
  if (existsSync(folder)) return folder;
  const source = await numberedVideo(wanted);
  await mkdir(path.dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  await make(source, unfinished);
  await rename(unfinished, folder);
  return folder;
}

const hls = (source: string, folder: string, ...args: string[]) =>
  run(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-i', path.join(source, 'index.m3u8'), '-c', 'copy'],
      ...['-f', 'hls', '-hls_time', '4', '-hls_playlist_type', 'vod', '-hls_list_size', '0', ...args, 'index.m3u8'],
    ],
    { cwd: folder },
  );

/** Every part of it a byte range of one file. */
export const singleFile = (wanted: NumberedVideo) =>
  form('single', wanted, async (source, folder) => {
    await hls(source, folder, '-hls_segment_type', 'fmp4', '-hls_flags', 'single_file');
  });

/** Its parts encrypted with AES-128. */
export const encrypted = (wanted: NumberedVideo) =>
  form('aes', { ...wanted, segments: 'mpegts' }, async (source, folder) => {
    await writeFile(path.join(folder, 'watch.key'), createHash('sha256').update('a key for tests').digest().subarray(0, 16));
    await writeFile(path.join(folder, 'key.txt'), 'watch.key\nwatch.key\n');
    await hls(source, folder, '-hls_key_info_file', 'key.txt');
  });

/** Two qualities to choose from. */
export const qualities = (wanted: NumberedVideo) =>
  form('qualities', wanted, async (_source, folder) => {
    const [low, high] = [await numberedVideo({ ...wanted, width: 320, height: 180 }), await numberedVideo(wanted)];
    await cp(low, path.join(folder, 'low'), { recursive: true });
    await cp(high, path.join(folder, 'high'), { recursive: true });
    await writeFile(
      path.join(folder, 'index.m3u8'),
      [
        '#EXTM3U',
        '#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=320x180',
        'low/index.m3u8',
        `#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=${wanted.width}x${wanted.height}`,
        'high/index.m3u8',
        '',
      ].join('\n'),
    );
  });

/** Its second half has pictures of another size, as after a change of the screen's resolution. */
export const changedSizes = (wanted: NumberedVideo) =>
  form('sizes', wanted, async (_source, folder) => {
    const [first, second] = [await numberedVideo(wanted), await numberedVideo({ ...wanted, width: 960, height: 540 })];
    await cp(first, path.join(folder, 'first'), { recursive: true });
    await cp(second, path.join(folder, 'second'), { recursive: true });
    const [one, two] = await Promise.all([first, second].map((part) => readFile(path.join(part, 'index.m3u8'), 'utf8')));
    const parts = (text: string, name: string) =>
      text
        .replaceAll(/URI="([^"]+)"/g, `URI="${name}/$1"`)
        .replaceAll(/^(segment-.*)$/gm, `${name}/$1`)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#EXT-X-ENDLIST'));
    const head = parts(one ?? '', 'first');
    const tail = parts(two ?? '', 'second');
    const segments = (lines: string[]) => lines.filter((line) => line.startsWith('#EXTINF') || !line.startsWith('#'));
    const half = segments(head).length / 2;
    const map = tail.find((line) => line.startsWith('#EXT-X-MAP')) ?? '';
    const before = head.filter((line) => line.startsWith('#') && !line.startsWith('#EXTINF'));
    await writeFile(
      path.join(folder, 'index.m3u8'),
      [
        ...before,
        ...segments(head).slice(0, half - (half % 2)),
        '#EXT-X-DISCONTINUITY',
        map,
        ...segments(tail).slice(half - (half % 2)),
        '#EXT-X-ENDLIST',
        '',
      ].join('\n'),
    );
  });

/** With a storyboard beside it: one sheet, `a.jpg`, of 2 by 2 tiles of 160 by 90, a tile every 10 s. */
export const withStoryboard = (wanted: NumberedVideo) =>
  form('storyboard', wanted, async (source, folder) => {
    await cp(source, folder, { recursive: true });
    await mkdir(path.join(folder, 'storyboard'));
    await run(
      'ffmpeg',
      [
        ...['-hide_banner', '-loglevel', 'error', '-y', '-i', path.join(source, 'index.m3u8')],
        ...['-vf', 'fps=1/10,scale=160:90,tile=2x2', '-frames:v', '1', 'storyboard/a.jpg'],
      ],
      { cwd: folder },
    );
  });
