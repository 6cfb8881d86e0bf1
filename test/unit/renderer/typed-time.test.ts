import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spokenIn } from '../../../renderer/store/spoken.ts';
import { parseTyped, writeTyped } from '../../../renderer/store/typed-time.ts';
import { fixedZone, type Zone } from '../../../renderer/store/zone.ts';

const now = Date.parse('2026-11-24T17:02:11.000Z');
const saoPaulo = fixedZone(-180);
const words = { today: 'Today', tomorrow: 'Tomorrow', yesterday: 'Yesterday' };
const read = (text: string): string | null => {
  const parsed = parseTyped(text, now, saoPaulo);
  return parsed === null ? null : new Date(parsed).toISOString();
};

describe('a typed time', () => {
  it.each([
    ['14:05', '2026-11-24T17:05:00.000Z'],
    ['9:00', '2026-11-24T12:00:00.000Z'],
    ['today 14:05', '2026-11-24T17:05:00.000Z'],
    ['Today, 14:05', '2026-11-24T17:05:00.000Z'],
    ['tomorrow 09:00', '2026-11-25T12:00:00.000Z'],
    ['Amanhã, 09:00', '2026-11-25T12:00:00.000Z'],
    ['hoje 14h05', '2026-11-24T17:05:00.000Z'],
    ['hoje 14h', '2026-11-24T17:00:00.000Z'],
    ['ontem 8:00', '2026-11-23T11:00:00.000Z'],
    ['2026-11-24 14:05', '2026-11-24T17:05:00.000Z'],
    ['2026-11-24T14:05', '2026-11-24T17:05:00.000Z'],
    ['2026-11-24T14:05:30', '2026-11-24T17:05:00.000Z'],
    ['24/11/2026 14:05', '2026-11-24T17:05:00.000Z'],
    ['24/11 14:05', '2026-11-24T17:05:00.000Z'],
    ['2026-11-24T14:05:00Z', '2026-11-24T14:05:00.000Z'],
    ['now', '2026-11-24T17:02:11.000Z'],
    ['+2h', '2026-11-24T19:02:11.000Z'],
    ['+ 30 min', '2026-11-24T17:32:11.000Z'],
  ])('%s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each(['', '25:00', '14:60', '2026-02-31 10:00', 'soon', 'today', '2026-11-24', '14:05 14:06 14:07', 'someday 14:05', '9'])(
    '%s is none',
    (text) => {
      expect(read(text)).toBeNull();
    },
  );

  it('is read again as it was written, in any zone and language', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -800, max: 800 }),
        fc.integer({ min: -12 * 60, max: 14 * 60 }),
        fc.boolean(),
        (hours, offset, dayFirst) => {
          const zone = fixedZone(offset);
          const at = Math.floor(now / 60_000) * 60_000 + hours * 3_600_000;
          expect(parseTyped(writeTyped(at, now, zone, words, dayFirst), now, zone)).toBe(at);
        },
      ),
    );
  });

  it('follows summer time', () => {
    // Ahead by two hours until the last Sunday of October 2026, 01:00 UTC, by one after it.
    const turn = Date.parse('2026-10-25T01:00:00Z');
    const zone: Zone = { minutesAt: (at) => (at < turn ? 120 : 60) };
    expect(parseTyped('2026-10-24 12:00', now, zone)).toBe(Date.parse('2026-10-24T10:00:00Z'));
    expect(parseTyped('2026-10-25 12:00', now, zone)).toBe(Date.parse('2026-10-25T11:00:00Z'));
  });
});

describe('a time in a sentence', () => {
  it('is the clock alone today, and has its day else', () => {
    const spoken = spokenIn('en', saoPaulo, now);
    expect(spoken.at(Date.parse('2026-11-24T19:05:00Z'))).toBe('16:05');
    expect(spoken.at(Date.parse('2026-11-25T15:00:00Z'))).toBe('Wed, Nov 25, 12:00');
    expect(spokenIn('pt-BR', saoPaulo, now).at(Date.parse('2026-11-25T15:00:00Z'))).toContain('12:00');
  });

  it('is said in UTC too where the clock on the wall differs', () => {
    expect(spokenIn('en', saoPaulo, now).elsewhere(Date.parse('2026-11-24T19:05:00Z'))).toEqual({ at: '19:05', zone: 'UTC' });
  });
});
