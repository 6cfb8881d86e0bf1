import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../contract/session.ts';
import { lengthOf, rangeAt, skippable } from '../../../renderer/features/player/idle.ts';
import { commandOf } from '../../../renderer/features/player/keys.ts';
import { createRecorder } from '../../../renderer/features/player/recorder.ts';
import { find, nextHit, ofTypes } from '../../../renderer/features/player/search.ts';
import { tileAt } from '../../../renderer/features/player/storyboard.ts';
import { positionOf } from '../../../renderer/features/player/typed-position.ts';

const hour = 3_600_000;

describe('a typed time', () => {
  it.each([
    ['1:02:03', 3_723_000],
    ['2:05.5', 125_500],
    ['2:05,5', 125_500],
    ['90', 90_000],
    ['1h 2m 3s', 3_723_000],
    ['50%', hour / 2],
    ['+30', 90_000],
    ['-10', 50_000],
    ['−10', 50_000],
    ['-1:30', 0],
    [' 0 ', 0],
  ])('%s', (typed, ms) => expect(positionOf(typed, 60_000, hour)).toBe(ms));

  it.each(['', 'soon', '1:75', '1:61:00', '101%', '+', '1:2:3:4', '5 %%'])('refuses %j', (typed) => {
    expect(positionOf(typed, 60_000, hour)).toBeNull();
  });
});

describe('idle ranges', () => {
  const ranges = skippable([
    { fromMs: 10_000, toMs: 25_000 },
    { fromMs: 40_000, toMs: 42_000 },
    { fromMs: 50_000, toMs: 60_000 },
  ]);

  it('leaves short ones alone, and shows how each begins and ends', () => {
    expect(ranges).toHaveLength(2);
    expect(ranges[0]?.fromMs).toBeGreaterThan(10_000);
    expect(ranges[0]?.toMs).toBeLessThan(25_000);
    expect(lengthOf(ranges)).toBeLessThan(25_000);
  });

  it('knows which one holds a place, its end not included', () => {
    const [first, second] = ranges;
    expect(rangeAt(ranges, 15_000)).toBe(first);
    expect(rangeAt(ranges, 55_000)).toBe(second);
    expect(rangeAt(ranges, first?.toMs ?? 0)).toBeNull();
    for (const outside of [0, 10_000, 41_000, 61_000]) expect(rangeAt(ranges, outside)).toBeNull();
    expect(rangeAt([], 0)).toBeNull();
  });
});

describe('search in a session', () => {
  const events: SessionEvent[] = [
    { atMs: 0, type: 'command', text: 'ls /var' },
    { atMs: 1_000, type: 'window', text: 'Configuração' },
    { atMs: 2_000, type: 'command', text: 'rm -rf /var/backups' },
  ];

  it('takes every word, without case and accents', () => {
    expect(find(events, 'VAR rm')).toEqual([2]);
    expect(find(events, 'configuracao')).toEqual([1]);
    expect(find(events, 'var')).toEqual([0, 2]);
    expect(find(events, '  ')).toEqual([]);
    expect(find(events, 'rm ls')).toEqual([]);
  });

  it('goes around the ends', () => {
    expect([nextHit([0, 2], 0, 1), nextHit([0, 2], 2, 1), nextHit([0, 2], 0, -1), nextHit([0, 2], 1, -1)]).toEqual([2, 0, 2, 0]);
    expect(nextHit([], 0, 1)).toBeNull();
  });

  it('keeps to the types that were chosen', () => {
    expect(ofTypes(events, ['window'])).toEqual([1]);
    expect(ofTypes(events, [])).toEqual([0, 1, 2]);
  });
});

describe('the storyboard', () => {
  const board = { everyMs: 10_000, columns: 2, rows: 2, tileWidth: 160, tileHeight: 90, sheets: ['a.jpg', 'b.jpg'] };

  it('has a tile for each place, row by row, sheet by sheet', () => {
    expect(tileAt(board, 9_999)).toEqual({ sheet: 'a.jpg', x: 0, y: 0 });
    expect(tileAt(board, 10_000)).toEqual({ sheet: 'a.jpg', x: 160, y: 0 });
    expect(tileAt(board, 39_999)).toEqual({ sheet: 'a.jpg', x: 160, y: 90 });
    expect(tileAt(board, 40_000)).toEqual({ sheet: 'b.jpg', x: 0, y: 0 });
    expect(tileAt(board, 80_000)).toBeNull();
  });
});

describe('keys of recordings', () => {
  const none = { control: false, alt: false, meta: false };
  it('steps, finds, types times, and leaves what is typed to the field', () => {
    expect(commandOf(',', none, 'other')).toEqual({ do: 'frame', step: -1 });
    expect(commandOf('ArrowLeft', { ...none, shift: true }, 'other')).toEqual({ do: 'by', ms: -60_000 });
    expect(commandOf('F3', { ...none, shift: true }, 'text')).toEqual({ do: 'hit', step: -1 });
    expect(commandOf('7', none, 'other')).toEqual({ do: 'tenth', number: 7 });
    for (const key of ['7', 'g', '?', ' ', 'Home', '.']) expect(commandOf(key, none, 'text')).toBeNull();
  });
});

describe('the record of what was left out', () => {
  const at = '2026-11-24T12:00:00.000Z';

  it('writes an idle range as skipped, not as sought, and goes on behind it', () => {
    const recorder = createRecorder(() => at);
    recorder.played({ positionMs: 0, speed: 2 });
    recorder.skipped(10_600, 24_300);
    recorder.paused({ positionMs: 26_000, speed: 2 });
    expect(recorder.take()).toEqual([
      { type: 'play', at, atMs: 0, speed: 2 },
      { type: 'shown', at, fromMs: 0, toMs: 10_600, speed: 2 },
      { type: 'skip', at, fromMs: 10_600, toMs: 24_300 },
      { type: 'shown', at, fromMs: 24_300, toMs: 26_000, speed: 2 },
      { type: 'pause', at, atMs: 26_000 },
    ]);
  });

  it('says of what was faster than 16× that only some of it was shown', () => {
    const recorder = createRecorder(() => at);
    recorder.played({ positionMs: 0, speed: 16 });
    recorder.speedChanged({ positionMs: 8_000, speed: 32 });
    recorder.paused({ positionMs: 40_000, speed: 32 });
    const shown = recorder.take().filter((entry) => entry.type === 'shown');
    expect(shown).toEqual([
      { type: 'shown', at, fromMs: 0, toMs: 8_000, speed: 16 },
      { type: 'shown', at, fromMs: 8_000, toMs: 40_000, speed: 32, sampled: true },
    ]);
  });
});
