import { fail } from '../../contract/failure.ts';
import type { Instant } from '../../contract/time.ts';
import type { Picture } from '../../contract/viewing.ts';
import { writeWhole } from '../settings/files.ts';
import { encodePng } from './png.ts';
import type { SnapshotFacts } from './roles.ts';

/** What is drawn over a picture: RGBA of its size. `across` is repeated over all of it, `below` stands along its lower edge. */
export type DrawWatermark = (size: { width: number; height: number }, across: string, below: string[]) => Promise<Uint8Array>;

/**
 * Writes a picture with its watermark as PNG, all of it or nothing. The page hands over bare pixels, so that main has nothing of the
 * page's to decode, and the watermark is put there where no page that plays anything can reach it. Rejects with CANNOT_SAVE_FILE.
 */
export async function savePicture(
  file: string,
  { width, height, rgba, atMs }: Picture,
  facts: SnapshotFacts,
  at: Instant,
  draw: DrawWatermark,
): Promise<void> {
  const words = watermarkOf(facts, atMs, at);
  const pixels = blend(rgba, await draw({ width, height }, words.across, words.below));
  const png = await encodePng(width, height, pixels);
  await writeWhole(file, png).catch(() => fail('CANNOT_SAVE_FILE'));
}

/** What the watermark says, in one language wherever the picture goes. `at` is the gateway's time. */
export function watermarkOf({ viewer, session, requestId, kind }: SnapshotFacts, atMs: number, at: Instant) {
  const time = `${at.slice(0, 19).replace('T', ' ')} UTC`;
  return {
    across: `${viewer} · ${time}`,
    below: [
      `Snapshot by ${viewer}`,
      time,
      `session ${session.id}`,
      `${kind === 'recording' ? 'recording' : 'live stream'} at ${positionText(atMs)}`,
      requestId === null ? 'watched directly, without a request' : `request ${requestId}`,
    ],
  };
}

function positionText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `over` laid on `under` by its opacity; both RGBA of one size. */
export function blend(under: Uint8Array, over: Uint8Array): Uint8Array {
  if (under.length !== over.length) throw new Error('the watermark does not have the size of its picture');
  const out = Uint8Array.from(under);
  for (let at = 0; at < out.length; at += 4) {
    const opacity = over[at + 3] ?? 0;
    if (opacity === 0) continue;
    for (let channel = at; channel < at + 3; channel += 1)
      out[channel] = Math.round(((under[channel] ?? 0) * (255 - opacity) + (over[channel] ?? 0) * opacity) / 255);
  }
  return out;
}
