import { afterEach, describe, expect, it } from 'vitest';
import { pauseEndMs } from '../../../contract/settings.ts';

const hourMs = 3_600_000;
const zone = process.env['TZ'];
/** The zone of "this computer"; Node looks at it anew when it is set. */
const inZone = (name: string) => {
  process.env['TZ'] = name;
};
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});
const until = (when: 'hour' | 'tomorrow', now: string) => new Date(pauseEndMs(when, Date.parse(now))).toISOString();

describe('until when notices are paused', () => {
  it('is an hour, also where the clocks change within it', () => {
    inZone('America/New_York');
    const before = Date.parse('2026-11-01T05:30:00Z');
    expect(pauseEndMs('hour', before)).toBe(before + hourMs);
  });

  it('is 08:00 of the next day on this computer, wherever it is', () => {
    inZone('America/Sao_Paulo');
    expect(until('tomorrow', '2026-11-24T12:00:00Z')).toBe('2026-11-25T11:00:00.000Z');
    // 23:30 there is already the next day in UTC.
    expect(until('tomorrow', '2026-11-25T02:30:00Z')).toBe('2026-11-25T11:00:00.000Z');
    inZone('Pacific/Kiritimati');
    expect(until('tomorrow', '2026-12-31T05:00:00Z')).toBe('2026-12-31T18:00:00.000Z');
    inZone('Asia/Kathmandu');
    expect(until('tomorrow', '2026-02-28T10:00:00Z')).toBe('2026-03-01T02:15:00.000Z');
  });

  it('is 08:00 by the clock on the wall when the clocks change in the night', () => {
    inZone('Europe/Berlin');
    expect(until('tomorrow', '2026-03-28T20:00:00Z'), 'one hour shorter').toBe('2026-03-29T06:00:00.000Z');
    expect(until('tomorrow', '2026-10-24T20:00:00Z'), 'one hour longer').toBe('2026-10-25T07:00:00.000Z');
  });

  it('is this morning for whoever is still up, so that no working day is missed', () => {
    inZone('Europe/Berlin');
    expect(until('tomorrow', '2026-11-24T00:30:00Z')).toBe('2026-11-24T07:00:00.000Z');
    expect(until('tomorrow', '2026-11-24T03:00:00Z')).toBe('2026-11-25T07:00:00.000Z');
  });
});
