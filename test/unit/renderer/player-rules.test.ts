import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../contract/session.ts';
import { eventAt, nextEventMs, previousEventMs } from '../../../renderer/features/player/event-steps.ts';
import { commandOf } from '../../../renderer/features/player/keys.ts';
import { countdownText, drawnMs, positionText, spokenLength } from '../../../renderer/features/player/position.ts';
import { createRecorder } from '../../../renderer/features/player/recorder.ts';
import { stepSpeed } from '../../../renderer/features/player/speeds.ts';

const events: SessionEvent[] = [0, 41_000, 72_000, 72_000, 175_000].map((atMs) => ({ atMs, type: 'command', text: 'ls' }));

describe('position', () => {
  it.each([
    [0, '00:00'],
    [182_900, '03:02'],
    [3_723_000, '1:02:03'],
    [-5, '00:00'],
  ])('%d ms is %s', (ms, text) => expect(positionText(ms)).toBe(text));
  it('a countdown is over only when it is over', () => {
    expect([countdownText(1), countdownText(0), countdownText(7_069_000)]).toEqual(['00:01', '00:00', '1:57:49']);
  });
  it('is drawn anew when the bar can show it or a second begins, not with each picture', () => {
    const twelveHours = 12 * 3_600_000;
    expect([drawnMs(5_000, twelveHours), drawnMs(5_999, twelveHours), drawnMs(6_000, twelveHours)]).toEqual([
      5_000, 5_000, 6_000,
    ]);
    expect([drawnMs(5_000, 100_000), drawnMs(5_099, 100_000), drawnMs(5_100, 100_000)]).toEqual([5_000, 5_000, 5_100]);
    expect([drawnMs(17, 0), drawnMs(100_000, 100_000)]).toEqual([17, 100_000]);
  });
  it('is said in words', () => {
    expect([spokenLength(3_723_000, 'en'), spokenLength(0, 'en'), spokenLength(61_000, 'pt-BR')]).toEqual([
      '1 hour, 2 minutes, 3 seconds',
      '0 seconds',
      '1 minuto, 1 segundo',
    ]);
  });
});

describe('events', () => {
  it.each([
    [-1, -1],
    [0, 0],
    [40_999, 0],
    [72_000, 3],
    [1e9, 4],
  ])('at %d ms it is number %d', (ms, index) => expect(eventAt(events, ms)).toBe(index));
  it('steps to the next and the one before', () => {
    expect([nextEventMs(events, 0), nextEventMs(events, 72_000), nextEventMs(events, 175_000)]).toEqual([41_000, 175_000, null]);
    expect([previousEventMs(events, 73_000), previousEventMs(events, 74_000), previousEventMs(events, 200)]).toEqual([
      41_000,
      72_000,
      null,
    ]);
  });
});

describe('keys', () => {
  const none = { control: false, alt: false, meta: false };
  it('leaves to a control what is the control’s', () => {
    expect(commandOf(' ', none, 'other')).toEqual({ do: 'toggle' });
    expect(commandOf(' ', none, 'button')).toBeNull();
    expect(commandOf('ArrowLeft', none, 'choice')).toBeNull();
    expect(commandOf('ArrowLeft', none, 'button')).toEqual({ do: 'by', ms: -5_000 });
    expect(commandOf('l', { ...none, control: true }, 'other')).toBeNull();
    expect(commandOf('L', none, 'other')).toEqual({ do: 'by', ms: 10_000 });
    expect(commandOf('x', none, 'other')).toBeNull();
  });
  it('steps through the speeds and stays at the ends', () => {
    expect([stepSpeed(1, 1), stepSpeed(32, 1), stepSpeed(0.25, -1), stepSpeed(3, -1)]).toEqual([1.5, 32, 0.25, 1.5]);
  });
});

describe('the record of what was shown', () => {
  const at = '2026-11-24T12:00:00.000Z';
  const make = () => createRecorder(() => at);
  const shown = (fromMs: number, toMs: number, speed = 1) => ({ type: 'shown', at, fromMs, toMs, speed });

  it('writes playing, jumping, changing speed and pausing as they were', () => {
    const recorder = make();
    recorder.played({ positionMs: 0, speed: 1 });
    recorder.went({ positionMs: 2_000.4, speed: 1 });
    recorder.speedChanged({ positionMs: 2_500, speed: 4 });
    recorder.went({ positionMs: 9_000, speed: 4 });
    recorder.sought(9_500, 60_000);
    recorder.went({ positionMs: 61_000, speed: 4 });
    recorder.paused({ positionMs: 61_200, speed: 4 });
    expect(recorder.take()).toEqual([
      { type: 'play', at, atMs: 0, speed: 1 },
      shown(0, 2_500),
      shown(2_500, 9_500, 4),
      { type: 'seek', at, fromMs: 9_500, toMs: 60_000 },
      shown(60_000, 61_200, 4),
      { type: 'pause', at, atMs: 61_200 },
    ]);
    expect(recorder.take()).toEqual([]);
  });

  it('cuts a long stretch into reports without a gap', () => {
    const recorder = make();
    recorder.played({ positionMs: 0, speed: 1 });
    recorder.went({ positionMs: 5_000, speed: 1 });
    recorder.take();
    recorder.went({ positionMs: 10_000, speed: 1 });
    expect(recorder.take()).toEqual([shown(5_000, 10_000)]);
  });

  it('writes nothing after the end', () => {
    const recorder = make();
    recorder.played({ positionMs: 0, speed: 1 });
    recorder.ended({ positionMs: 800, speed: 1 });
    recorder.paused({ positionMs: 800, speed: 1 });
    expect(recorder.take().map((entry) => entry.type)).toEqual(['play', 'shown', 'end']);
  });
});
