import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../../main/viewing/png.ts';
import { positionAfter } from '../../../main/viewing/positions.ts';
import type { SnapshotFacts } from '../../../main/viewing/roles.ts';
import { blend, savePicture, watermarkOf } from '../../../main/viewing/snapshot.ts';
import { startOf } from '../../../renderer/features/player/window/continue.ts';
import { session } from '../../support/viewing-world.ts';

const at = '2026-11-24T17:02:11.250Z';
const facts: SnapshotFacts = { viewer: 'marta.reis', session, requestId: 'r-17', kind: 'recording' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'oversight-snapshot-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every pixel another colour. */
function rainbow(width: number, height: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: width * height * 4 }, (_, index) => (index % 4 === 3 ? 255 : (index * 37) % 256));
}

describe('a picture as PNG', () => {
  it('holds every pixel as it was', async () => {
    const rgba = rainbow(33, 19);
    const image = await loadImage(await encodePng(33, 19, rgba));
    const drawing = createCanvas(33, 19).getContext('2d');
    drawing.drawImage(image, 0, 0);
    expect(Buffer.from(drawing.getImageData(0, 0, 33, 19).data)).toEqual(Buffer.from(rgba));
  });

  it('is written whole with its watermark, or not at all', async () => {
    const picture = { atMs: 61_500, width: 16, height: 16, rgba: rainbow(16, 16) };
    const words: string[] = [];
    const draw = async (_size: object, across: string, below: string[]) => {
      words.push(across, ...below);
      return new Uint8Array(1024).fill(255);
    };
    const file = path.join(folder, 'kept.png');
    await savePicture(file, picture, facts, at, draw);
    const image = await loadImage(await readFile(file));
    const drawing = createCanvas(16, 16).getContext('2d');
    drawing.drawImage(image, 0, 0);
    expect([...drawing.getImageData(3, 3, 1, 1).data]).toEqual([255, 255, 255, 255]);
    expect(words.join(' ')).toContain('request r-17');

    await expect(savePicture(path.join(file, 'below-a-file.png'), picture, facts, at, draw)).rejects.toThrow('CANNOT_SAVE_FILE');
    expect(await readdir(folder)).toEqual(['kept.png']);
  });

  it('is not written when the watermark does not fit it', async () => {
    const picture = { atMs: 0, width: 16, height: 16, rgba: rainbow(16, 16) };
    const file = path.join(folder, 'bare.png');
    await expect(savePicture(file, picture, facts, at, async () => new Uint8Array(4))).rejects.toThrow();
    expect(await readdir(folder)).not.toContain('bare.png');
  });
});

describe('the watermark', () => {
  it('says who, what, by which request, at which place, and when by the gateway’s clock', () => {
    expect(watermarkOf(facts, 3_725_999, at)).toEqual({
      across: 'marta.reis · 2026-11-24 17:02:11 UTC',
      below: [
        'Snapshot by marta.reis',
        '2026-11-24 17:02:11 UTC',
        `session ${session.id}`,
        'recording at 1:02:05',
        'request r-17',
      ],
    });
    expect(watermarkOf({ ...facts, requestId: null }, 0, at).below.at(-1)).toBe('watched directly, without a request');
  });

  it('lies over the picture by its opacity', () => {
    expect([...blend(Uint8Array.of(100, 100, 100, 255), Uint8Array.of(200, 0, 100, 128))]).toEqual([150, 50, 100, 255]);
    expect([...blend(Uint8Array.of(9, 8, 7, 255), Uint8Array.of(0, 0, 0, 0))]).toEqual([9, 8, 7, 255]);
  });
});

describe('where one was in a recording', () => {
  it('is what the record says last', () => {
    expect(positionAfter([])).toBeNull();
    expect(positionAfter([{ type: 'snapshot', at, atMs: 5 }])).toBeNull();
    expect(
      positionAfter([
        { type: 'shown', at, fromMs: 0, toMs: 700, speed: 1 },
        { type: 'seek', at, fromMs: 700, toMs: 90_000 },
        { type: 'preview', at, fromMs: 1, toMs: 2 },
      ]),
    ).toBe(90_000);
    expect(positionAfter([{ type: 'end', at, atMs: 12 }])).toBe(12);
  });

  it('is where playback begins, unless that is as good as its start or its end', () => {
    const of = (continueAtMs: number | null, durationMs: number | null = 60_000) =>
      startOf({ beginAtMs: null, continueAtMs, recording: null, session: { ...session, durationMs } });
    expect([of(null), of(4_999), of(5_000), of(55_000), of(55_001), of(30_000, null)]).toEqual([
      null,
      null,
      5_000,
      55_000,
      null,
      null,
    ]);
    // Who has chosen a place gets that, wherever it is.
    expect(startOf({ beginAtMs: 59_000, continueAtMs: 30_000, recording: null, session })).toBe(59_000);
  });
});
