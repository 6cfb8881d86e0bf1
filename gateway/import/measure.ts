import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RecordingFacts } from '../../contract/viewing.ts';
import { findActivity, findIdle, type Samples } from './idle.ts';
import { onlyFiles, type VideoFacts } from './probe.ts';
import { runTool } from './tools.ts';

const lookEveryMs = 500;
/** Small enough to be quick, large enough that one typed character is still seen. */
const look = { width: 480, height: 270 };
/** Less is the noise of encoding. */
const leastDifference = 16;
const leastPixels = 3;
const sheet = { columns: 5, rows: 5 };
const tile = { width: 160, height: 90 };

/** A storyboard has about 400 pictures at most, and none nearer than 2 s to the one before. */
export const storyboardEveryMs = (durationMs: number): number => Math.max(2_000, Math.ceil(durationMs / 400_000) * 1_000);

/**
 * Looks at a packed recording once, from its playlist in `folder`: what changes twice a second, and the storyboard's sheets, which are
 * written to `folder/storyboard`.
 */
export async function measureRecording(
  folder: string,
  video: VideoFacts,
  eventsMs: readonly number[],
  onProgress: (atMs: number) => void,
): Promise<RecordingFacts> {
  const everyMs = storyboardEveryMs(video.durationMs);
  await mkdir(path.join(folder, 'storyboard'), { recursive: true });
  const fit = `scale=${tile.width}:${tile.height}:force_original_aspect_ratio=decrease,pad=${tile.width}:${tile.height}:-1:-1,setsar=1`;
  const graph = [
    '[0:v:0]split[a][b]',
    `[a]fps=${1_000 / lookEveryMs}:round=up,scale=${look.width}:${look.height},format=gray[look]`,
    `[b]fps=1000/${everyMs}:round=up,${fit},tile=${sheet.columns}x${sheet.rows}[sheets]`,
  ].join(';');
  const looks = createLooks();
  await runTool(
    'ffmpeg',
    [
      ...['-y', ...onlyFiles, '-allowed_extensions', 'ALL', '-i', 'index.m3u8', '-filter_complex', graph],
      ...[
        '-map',
        '[look]',
        '-f',
        'rawvideo',
        'pipe:1',
        '-map',
        '[sheets]',
        '-q:v',
        '6',
        '-fps_mode',
        'vfr',
        'storyboard/sheet-%04d.jpg',
      ],
    ],
    { cwd: folder, onProgress, onOutput: looks.take },
  );
  const samples: Samples = { everyMs: lookEveryMs, changed: looks.changed };
  const sheets = (await readdir(path.join(folder, 'storyboard'))).sort().map((name) => `storyboard/${name}`);
  return {
    durationMs: video.durationMs,
    framesPerSecond: video.framesPerSecond,
    idle: findIdle(samples, eventsMs, video.durationMs),
    activity: findActivity(samples, eventsMs, video.durationMs),
    storyboard: sheets.length === 0 ? null : { everyMs, ...sheet, tileWidth: tile.width, tileHeight: tile.height, sheets },
  };
}

/** Takes grey pictures as bytes and keeps the share of each that differs from the last one that moved, so that slow change counts too. */
function createLooks() {
  const size = look.width * look.height;
  const picture = new Uint8Array(size);
  let last: Uint8Array | null = null;
  let filled = 0;
  const changed: number[] = [];
  return {
    changed,
    take(chunk: Buffer): void {
      for (let from = 0; from < chunk.length; ) {
        const part = chunk.subarray(from, from + size - filled);
        picture.set(part, filled);
        from += part.length;
        filled += part.length;
        if (filled < size) return;
        filled = 0;
        const share = last === null ? 0 : difference(picture, last);
        changed.push(share);
        if (last === null || share > 0) last = picture.slice();
      }
    },
  };
}

function difference(one: Uint8Array, other: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < one.length; at++) if (Math.abs((one[at] ?? 0) - (other[at] ?? 0)) > leastDifference) count++;
  return count < leastPixels ? 0 : count / one.length;
}
