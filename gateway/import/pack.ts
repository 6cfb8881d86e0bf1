import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onlyFiles, type VideoFacts } from './probe.ts';
import { runTool } from './tools.ts';

/** Parts of 2 to 4 s: short enough to seek well, long enough for few requests. */
const aims = [3, 2, 2.5, 3.5, 4];
const tolerance = 0.05;
/** How long a part is where key pictures can be wherever they are wanted (s). */
export const partSeconds = 3;

/**
 * The length to aim at (s) so that parts that begin at these key pictures are 2 to 4 s long, but for the last; null when there is none.
 * Follows ffmpeg's muxer: part n ends at the first key picture at or after n times the aim.
 */
export function segmentAim(keysAt: readonly number[], durationMs: number): number | null {
  const lengths = (aim: number) => {
    const cuts = [0];
    for (const at of keysAt) if (at > 0 && at >= cuts.length * aim - 0.001) cuts.push(at);
    return cuts.map((at, index) => ({
      seconds: (cuts[index + 1] ?? durationMs / 1_000) - at,
      isLast: index === cuts.length - 1,
    }));
  };
  const fits = (aim: number) =>
    lengths(aim).every(({ seconds, isLast }) => seconds <= 4 + tolerance && (isLast || seconds >= 2 - tolerance));
  return aims.find(fits) ?? null;
}

/** What packs pictures into HLS parts in the folder that ffmpeg runs in. */
export const hlsOutput = (aim: number) => [
  ...[
    '-f',
    'hls',
    '-hls_time',
    String(aim),
    '-hls_playlist_type',
    'vod',
    '-hls_list_size',
    '0',
    '-hls_flags',
    'independent_segments',
  ],
  ...[
    '-hls_segment_type',
    'fmp4',
    '-hls_fmp4_init_filename',
    'init.mp4',
    '-hls_segment_filename',
    'segment-%05d.m4s',
    'index.m3u8',
  ],
];

/** H.264 with a key picture where each part begins; without B pictures, which would begin a recording later than at 0. */
export const encoded = [
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '21',
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '0',
    '-g',
    '9999',
    '-sc_threshold',
    '0',
  ],
  ...['-force_key_frames', `expr:gte(t,n_forced*${partSeconds})`],
];

/**
 * The steady rate (pictures a second) at which an uneven video is packed; null for one that is steady already. ffmpeg takes the last picture
 * of a part for as long as one of a steady rate and lets the next part begin where that ends: with pictures that stand for different times,
 * the first of the next part would be shown too early, by seconds.
 */
export function steadyRate({ longestGap, shortestGap }: Pick<VideoFacts, 'longestGap' | 'shortestGap'>): number | null {
  const isSteady = longestGap <= 1 && longestGap <= shortestGap * 1.5;
  return isSteady ? null : Math.min(30, Math.max(5, Math.round(1 / shortestGap)));
}

/**
 * Packs a video into HLS in `folder`. H.264 that can be cut as it is goes through untouched; anything else is encoded anew, all
 * resolutions fitted into one picture, and pictures that stand for different times are repeated, so that a part can begin in one.
 */
export async function packVideo(
  file: string,
  facts: VideoFacts,
  folder: string,
  onProgress: (atMs: number) => void,
): Promise<void> {
  const rate = steadyRate(facts);
  const canBeCut = facts.plainH264 && !facts.severalSizes && (rate === null || facts.keysJoin);
  const aim = canBeCut ? segmentAim(facts.keysAt, facts.durationMs) : null;
  const fill = rate === null ? [] : [`fps=${rate}`];
  const { width, height } = facts;
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1,setsar=1`;
  const video = aim === null ? ['-vf', [...fill, fit].join(','), '-fps_mode', 'vfr', ...encoded] : ['-c:v', 'copy'];
  const audio =
    facts.audio === 'none' ? [] : ['-map', '0:a:0', ...(facts.audio === 'aac' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-ac', '2'])];
  const args = [
    '-y',
    ...onlyFiles,
    '-i',
    path.resolve(file),
    '-map',
    '0:v:0',
    ...audio,
    '-sn',
    '-dn',
    '-map_metadata',
    '-1',
    ...video,
  ];
  await runTool('ffmpeg', [...args, ...hlsOutput(aim ?? partSeconds)], { cwd: folder, onProgress });
  const playlist = path.join(folder, 'index.m3u8');
  await writeFile(playlist, endAt(await readFile(playlist, 'utf8'), facts.durationMs));
}

/** ffmpeg measures the last part by its last packet, which with B pictures is not the last picture: it lasts until the recording's end. */
export function endAt(playlist: string, durationMs: number): string {
  const lengths = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  const last = lengths.pop() ?? 0;
  const wanted = durationMs / 1_000 - lengths.reduce((sum, length) => sum + length, 0);
  if (wanted <= last) return playlist;
  const at = playlist.lastIndexOf('#EXTINF:');
  return playlist.slice(0, at) + playlist.slice(at).replace(/#EXTINF:[\d.]+/, `#EXTINF:${wanted.toFixed(6)}`);
}
