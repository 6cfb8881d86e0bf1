import { stopImport } from './failure.ts';
import { runTool, ToolError } from './tools.ts';

export type VideoFacts = {
  durationMs: number;
  framesPerSecond: number | null;
  /** The largest width and height that any key picture has; several sizes are several resolutions in one recording. */
  width: number;
  height: number;
  severalSizes: boolean;
  /** H.264 as every player takes it. */
  plainH264: boolean;
  audio: 'none' | 'aac' | 'other';
  /** When each key picture is shown, s. */
  keysAt: number[];
  /** The longest and the shortest time for which one picture stands, s. */
  longestGap: number;
  shortestGap: number;
  /** Whether the pictures are kept in their order, and each key picture begins where the file says that the one before ends: some keep no lengths. */
  keysJoin: boolean;
};

type Packet = { stream_index: number; pts_time?: string; duration_time?: string; flags?: string };

const containers = /^(mov,|matroska,|hls)/;
const notFinished = /moov atom not found|partial file|ended prematurely|truncat|Invalid NAL|EBML header parsing failed/i;
const damaged = 'The video is damaged or cut off: its end is missing. Copy it again from where it was recorded.';
/** Less between two pictures is rounding, s. */
const leastGap = 0.005;
/** What a playlist's video may be read by: files of this machine, decrypted ones too, and nothing of a network. */
export const onlyFiles = ['-protocol_whitelist', 'file,crypto,data'];

/** Looks at a video without decoding more than its key pictures. Fails with ImportError for what cannot be imported. */
export async function probeVideo(file: string): Promise<VideoFacts> {
  const about = await readJson(file, ['-show_format', '-show_streams']);
  const format = (about.format ?? {}) as { format_name?: string; duration?: string; start_time?: string };
  if (!containers.test(format.format_name ?? ''))
    return stopImport('This is not a video that can be imported: mp4, mkv, webm, HLS, asciicast or tlog.');
  const streams = (about.streams ?? []) as Record<string, string>[];
  const video =
    streams.find((one) => one.codec_type === 'video') ?? stopImport('There is no picture in this file: it holds no video.');
  const audio = streams.find((one) => one.codec_type === 'audio');
  if (!video.codec_name || video.codec_name === 'unknown' || !Number(video.width))
    return stopImport(`The video has a format that ffmpeg cannot decode (${video.codec_tag_string ?? 'unknown'}).`);
  const { packets = [], warnings } = (await readJson(file, [
    '-show_entries',
    'packet=stream_index,pts_time,duration_time,flags',
  ])) as {
    packets?: Packet[];
    warnings: string;
  };
  const endOf = (one: Packet) => Number(one.pts_time ?? 0) + Number(one.duration_time ?? 0);
  const wholeEnd = packets.reduce((most, one) => Math.max(most, endOf(one)), 0);
  const pictures = packets.filter((one) => one.stream_index === Number(video.index));
  const times = pictures
    .map(({ pts_time }) => Number(pts_time))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const first = times[0] ?? stopImport('There is no picture in this file: it is empty.');
  const last = times.at(-1) ?? first;
  const rate = rateOf(video.avg_frame_rate);
  const lastLasts = Number(pictures.at(-1)?.duration_time) || (rate ? 1 / rate : 0);
  const seconds = last - first + lastLasts;
  // What the file says of itself, from its beginning on: less than that has been cut off.
  const said = Number(format.duration ?? 0) + Math.min(0, Number(format.start_time ?? 0));
  if (notFinished.test(warnings) || wholeEnd < said - Math.max(1, lastLasts * 2)) return stopImport(damaged);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const { frames = [] } = (await readJson(file, [
    '-select_streams',
    'v:0',
    '-skip_frame',
    'nokey',
    '-show_entries',
    'frame=best_effort_timestamp_time,width,height',
  ])) as {
    frames?: { best_effort_timestamp_time?: string; width?: number; height?: number }[];
  };
  const [picture] = frames;
  if (!picture)
    return stopImport('No picture of this video can be decoded: it is damaged, or of a format that ffmpeg does not know.');
  const even = (value: number) => value + (value % 2);
  return {
    durationMs: Math.round(seconds * 1_000),
    framesPerSecond: rate,
    width: even(Math.max(...frames.map(({ width }) => width ?? 0))),
    height: even(Math.max(...frames.map(({ height }) => height ?? 0))),
    severalSizes: frames.some(({ width, height }) => width !== picture.width || height !== picture.height),
    plainH264: video.codec_name === 'h264' && ['yuv420p', 'yuvj420p'].includes(video.pix_fmt ?? ''),
    audio: audio === undefined ? 'none' : audio.codec_name === 'aac' ? 'aac' : 'other',
    keysAt: frames.map((one) => Number(one.best_effort_timestamp_time) - first),
    longestGap: gaps.reduce((most, gap) => Math.max(most, gap), lastLasts),
    shortestGap: gaps.reduce((least, gap) => (gap > leastGap ? Math.min(least, gap) : least), lastLasts || 1),
    keysJoin: pictures.every((one, index) => {
      const before = pictures[index - 1];
      if (!before) return true;
      const gap = Number(one.pts_time) - Number(before.pts_time);
      const isKey = one.flags?.startsWith('K') ?? false;
      return gap > 0 && (!isKey || Math.abs(gap - Number(before.duration_time ?? 0)) <= leastGap);
    }),
  };
}

async function readJson(file: string, what: string[]): Promise<Record<string, unknown> & { warnings: string }> {
  const hls = file.endsWith('.m3u8') ? ['-allowed_extensions', 'ALL'] : [];
  try {
    const { output, warnings } = await runTool('ffprobe', [...onlyFiles, ...hls, '-of', 'json', ...what, file]);
    return { ...JSON.parse(output), warnings };
  } catch (error) {
    if (error instanceof ToolError && notFinished.test(error.warnings)) return stopImport(damaged);
    if (error instanceof ToolError)
      return stopImport('This is not a video that can be imported: mp4, mkv, webm, HLS, asciicast or tlog.');
    throw error;
  }
}

function rateOf(text: string | undefined): number | null {
  const [, over = '0', under = '0'] = /^(\d+)\/(\d+)$/.exec(text ?? '') ?? [];
  const rate = Number(over) / Number(under);
  return Number.isFinite(rate) && rate > 0 ? Math.round(rate * 1_000) / 1_000 : null;
}
