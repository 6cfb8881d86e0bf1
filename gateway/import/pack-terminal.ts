import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionEvent } from '../../contract/session.ts';
import { drawTerminal, frameMs, type TerminalFrame } from './draw.ts';
import { encoded, endAt, hlsOutput, partSeconds } from './pack.ts';
import type { TerminalRecording } from './terminal-recording.ts';
import { runTool } from './tools.ts';

/** A picture is said again this often while it stands, so that a part can begin and a seek can land in it. */
const againMs = 1_000;

/**
 * When each picture is handed to ffmpeg and for how long (ms): every change, again each second between, and again just before a part ends.
 * ffmpeg writes the last picture of a part as long as one of a steady rate, and lets the next part begin where that ends: only so is it true.
 */
export function showings(changesMs: readonly number[], durationMs: number): { picture: number; lastsMs: number }[] {
  return changesMs.flatMap((fromMs, picture) => {
    const untilMs = Math.max(fromMs + frameMs, changesMs[picture + 1] ?? Math.ceil(durationMs / frameMs) * frameMs);
    const shown: { picture: number; lastsMs: number }[] = [];
    for (let atMs = fromMs; atMs < untilMs; ) {
      const next = Math.min(untilMs, (Math.floor(atMs / againMs) + 1) * againMs, lastOfPartMs(atMs));
      shown.push({ picture, lastsMs: next - atMs });
      atMs = next;
    }
    return shown;
  });
}

/** When the next last picture of a part begins. */
function lastOfPartMs(atMs: number): number {
  const partMs = partSeconds * 1_000;
  return Math.floor((atMs + frameMs) / partMs) * partMs + partMs - frameMs;
}

/** Draws a terminal's recording into `pictures` and packs it into HLS in `folder`. Answers with the events that were found in it. */
export async function packTerminal(
  recording: TerminalRecording,
  pictures: string,
  folder: string,
  onProgress: (atMs: number) => void,
): Promise<SessionEvent[]> {
  const changesMs: number[] = [];
  const events = await drawTerminal(recording, async ({ atMs, png }: TerminalFrame) => {
    await writeFile(path.join(pictures, `${changesMs.length}.png`), png);
    changesMs.push(atMs);
    onProgress(atMs / 2);
  });
  const shown = showings(changesMs, recording.durationMs);
  const last = shown.at(-1);
  // The last picture is named twice, the second time where it ends: the duration of a list's last file is not read.
  const list = shown.flatMap((one, index) =>
    index === shown.length - 1 && one.lastsMs > frameMs
      ? [`file ${one.picture}.png`, `duration ${(one.lastsMs - frameMs) / 1_000}`]
      : [`file ${one.picture}.png`, `duration ${one.lastsMs / 1_000}`],
  );
  if (last && last.lastsMs > frameMs) list.push(`file ${last.picture}.png`);
  const listFile = path.join(pictures, 'list.txt');
  await writeFile(listFile, `ffconcat version 1.0\n${list.join('\n')}\n`);
  const args = [
    '-y',
    '-f',
    'concat',
    '-i',
    listFile,
    '-fps_mode',
    'vfr',
    ...encoded,
    '-tune',
    'stillimage',
    ...hlsOutput(partSeconds),
  ];
  await runTool('ffmpeg', args, { cwd: folder, onProgress: (atMs) => onProgress((recording.durationMs + atMs) / 2) });
  const playlist = path.join(folder, 'index.m3u8');
  await writeFile(playlist, endAt(await readFile(playlist, 'utf8'), Math.max(frameMs, recording.durationMs)));
  return events;
}
