import { describe, expect, it } from 'vitest';
import { isLost, patienceMs, rateFor } from '../../../renderer/features/player/live/pace.ts';
import { addedMs, lastSnOf } from '../../../renderer/features/player/live/playlist-length.ts';
import {
  behindMs,
  looked,
  nextLook,
  type Published,
  sincePublishedMs,
} from '../../../renderer/features/player/live/published.ts';

/** A stream of segments that appear `delayMs` after their end was taken, on a timeline that began at `wallMs`. */
function stream({ wallMs = 1_000_000, segmentMs = 1000, delayMs = 100 }) {
  const edgeAt = (nowMs: number) => Math.floor((nowMs - delayMs - wallMs) / segmentMs) * segmentMs;
  return { wallMs, segmentMs, look: (atMs: number) => ({ askedMs: atMs, answeredMs: atMs + 10, edgeMs: edgeAt(atMs + 5) }) };
}

/** Looks like hls.js does, every segment at the same phase, and besides where `nextLook` says. */
function watch(of: ReturnType<typeof stream>, fromMs: number, forMs: number): { known: Published; looks: number } {
  let known: Published | null = null;
  let looks = 0;
  for (let now = fromMs; now < fromMs + forMs; now += of.segmentMs) {
    known = looked(known, of.look(now));
    const extra = nextLook(known, of.segmentMs, now);
    if (extra !== null && extra < now + of.segmentMs) {
      looks += 1;
      known = looked(known, of.look(extra));
    }
  }
  return { known: known as Published, looks };
}

describe('how far a picture is behind its scene', () => {
  it.each([0, 130, 333, 500, 780, 990])(
    'is known within 0.3 s of plain HLS, whatever the phase of the looks (%s ms)',
    (phase) => {
      for (const segmentMs of [1000, 2000, 6000]) {
        const of = stream({ segmentMs });
        const fromMs = of.wallMs + 60_000 + (phase * segmentMs) / 1000;
        const { known, looks } = watch(of, fromMs, 20 * segmentMs);
        const nowMs = fromMs + 20 * segmentMs;
        const positionMs = nowMs - of.wallMs - 3_456;
        const said = behindMs(known, { nowMs, positionMs, segmentMs, wallMs: null, blocking: false });
        expect(Math.abs(said - 3_456)).toBeLessThan(300);
        expect(looks).toBeLessThanOrEqual(20);
      }
    },
  );

  it('is kept by when the media was published, once that is known', () => {
    const of = stream({});
    const { known } = watch(of, of.wallMs + 60_990, 10_000);
    const nowMs = of.wallMs + 70_990;
    expect(Math.abs((sincePublishedMs(known, nowMs, 68_000) ?? 0) - 2_890)).toBeLessThan(110);
    expect(sincePublishedMs(looked(null, of.look(nowMs)), nowMs, 68_000)).toBeNull();
  });

  it('is what the stream says of its wall clock, unless that cannot be', () => {
    const of = stream({});
    const { known } = watch(of, of.wallMs + 60_000, 5_000);
    const seen = { nowMs: of.wallMs + 65_000, positionMs: 62_000, segmentMs: 1000, blocking: false };
    expect(behindMs(known, { ...seen, wallMs: of.wallMs })).toBe(3_000);
    const own = behindMs(known, { ...seen, wallMs: null });
    for (const wrong of [3_600_000, -3_600_000, 2_000]) expect(behindMs(known, { ...seen, wallMs: of.wallMs + wrong })).toBe(own);
  });

  it('is not led astray by segments that come late now and then', () => {
    const of = stream({});
    const late = stream({ delayMs: 550 });
    let known: Published | null = null;
    for (let second = 0; second < 60; second += 1) {
      const now = of.wallMs + 60_170 + second * 1000;
      const from = second % 3 === 0 ? late : of;
      known = looked(known, from.look(now));
      const extra = nextLook(known, 1000, now);
      if (extra !== null && extra < now + 1000) known = looked(known, from.look(extra));
      if (second < 10) continue;
      const seen = { nowMs: now, positionMs: now - of.wallMs - 3_456, segmentMs: 1000, wallMs: null, blocking: false };
      expect(Math.abs(behindMs(known, seen) - 3_456)).toBeLessThan(300);
    }
  });

  it('follows a stream that slips slowly against the clock', () => {
    let known: Published | null = null;
    // An encoder that drops a picture of 40 ms every two seconds.
    const slippedMs = (now: number) => Math.floor((now - 1_060_000) / 2000) * 40;
    for (let now = 1_060_000; now < 1_180_000; now += 1000) {
      const of = stream({ wallMs: 1_000_000 + slippedMs(now) });
      known = looked(known, of.look(now));
      const extra = nextLook(known, 1000, now);
      if (extra !== null && extra < now + 1000) known = looked(known, of.look(extra));
      if (now < 1_070_000) continue;
      const seen = { nowMs: now, positionMs: now - of.wallMs - 3_000, segmentMs: 1000, wallMs: null, blocking: false };
      expect(Math.abs(behindMs(known, seen) - 3_000), String(now)).toBeLessThan(450);
    }
  });

  it('is measured anew when the encoder has stood still for a while', () => {
    const before = stream({});
    const first = watch(before, before.wallMs + 60_000, 10_000).known;
    const after = stream({ wallMs: before.wallMs + 5_000 });
    let known: Published = first;
    for (let now = before.wallMs + 76_000; now < before.wallMs + 90_000; now += 1000) {
      known = looked(known, after.look(now));
      const extra = nextLook(known, 1000, now);
      if (extra !== null) known = looked(known, after.look(extra));
    }
    const nowMs = before.wallMs + 90_000;
    const said = behindMs(known, {
      nowMs,
      positionMs: nowMs - after.wallMs - 3_000,
      segmentMs: 1000,
      wallMs: null,
      blocking: false,
    });
    expect(Math.abs(said - 3_000)).toBeLessThan(300);
  });
});

describe('rateFor', () => {
  it('catches up although low latency keeps less than a second ahead', () => {
    expect(rateFor({ behindMs: 1_000, targetMs: 600, aheadMs: 500, rate: 1 })).toBe(1.05);
    expect(rateFor({ behindMs: 5_000, targetMs: 3_000, aheadMs: 3_000, rate: 1 })).toBe(1.1);
  });
  it('goes on until the target is reached, and then stays at 1', () => {
    expect(rateFor({ behindMs: 700, targetMs: 600, aheadMs: 500, rate: 1.05 })).toBe(1.05);
    expect(rateFor({ behindMs: 620, targetMs: 600, aheadMs: 500, rate: 1.05 })).toBe(1);
    expect(rateFor({ behindMs: 700, targetMs: 600, aheadMs: 500, rate: 1 })).toBe(1);
  });
  it('never runs dry for it', () => {
    expect(rateFor({ behindMs: 5_000, targetMs: 600, aheadMs: 100, rate: 1.1 })).toBe(1);
  });
});

describe('isLost and patienceMs', () => {
  it('leaves small delays to speed', () => {
    expect(isLost({ behindMs: 3_000, targetMs: 600 }, 1000)).toBe(false);
    expect(isLost({ behindMs: 8_000, targetMs: 3_000 }, 1000)).toBe(true);
    expect(isLost({ behindMs: 25_000, targetMs: 18_000 }, 6000)).toBe(false);
  });
  it('says within a few seconds that nothing comes', () => {
    expect(patienceMs(1000)).toBe(3_000);
    expect(patienceMs(6000)).toBe(10_000);
  });
});

describe('what a playlist says of its length', () => {
  const playlist = (first: number, ...lengths: number[]) =>
    [
      '#EXTM3U',
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      ...lengths.flatMap((length, index) => [`#EXTINF:${length},`, `s-${index}.ts`]),
    ].join('\n');

  it('counts what is new since a segment', () => {
    expect(addedMs(playlist(10, 1, 1, 2, 1.5), 11)).toBe(3_500);
    expect(addedMs(playlist(10, 1, 1), 11)).toBe(0);
    expect(addedMs(playlist(20, 1, 1), 11)).toBe(2_000);
  });
  it('knows its last segment', () => {
    expect(lastSnOf(playlist(10, 1, 1, 1))).toBe(12);
    expect(lastSnOf('#EXTM3U\n#EXTINF:1,\na.ts\n')).toBe(0);
  });
});
