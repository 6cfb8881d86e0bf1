import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromNow, presets, presetsWithin, problemOf, spanFrom, spanOf } from '../../../renderer/features/justification/window.ts';
import { fixedZone } from '../../../renderer/store/zone.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-11-24T17:02:11.000Z');
const saoPaulo = fixedZone(-180);
const rules = { maxWindowMs: 24 * hourMs, maxStartAheadMs: 7 * 24 * hourMs };

describe('presets of the window', () => {
  it('begin now and end at a whole minute', () => {
    expect(spanOf('now-2h', now, saoPaulo, rules.maxWindowMs)).toEqual({
      startMs: now,
      endMs: Date.parse('2026-11-24T19:02:00Z'),
    });
    expect(spanOf('now-1h', now, saoPaulo, rules.maxWindowMs).endMs).toBe(Date.parse('2026-11-24T18:02:00Z'));
  });

  it('end today where the person reads the time, and earlier where the gateway allows less', () => {
    expect(spanOf('rest-of-today', now, saoPaulo, rules.maxWindowMs).endMs).toBe(Date.parse('2026-11-25T02:59:00Z'));
    expect(spanOf('rest-of-today', now, saoPaulo, 4 * hourMs).endMs).toBe(Date.parse('2026-11-24T21:02:00Z'));
  });

  it('know tomorrow in the zone, not in UTC', () => {
    const lateEvening = Date.parse('2026-11-25T01:30:00Z');
    expect(spanOf('tomorrow-morning', lateEvening, saoPaulo, rules.maxWindowMs)).toEqual({
      startMs: Date.parse('2026-11-25T12:00:00Z'),
      endMs: Date.parse('2026-11-25T15:00:00Z'),
    });
  });

  it('are left out where they are longer than the gateway allows', () => {
    expect(presetsWithin(2 * hourMs)).toEqual(['now-1h', 'now-2h', 'rest-of-today']);
  });

  it('are valid at any time of any day but its last minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 24 * 60 }), fc.integer({ min: -12 * 60, max: 14 * 60 }), (minutes, offset) => {
        const at = now + minutes * 60_000;
        const zone = fixedZone(offset);
        for (const preset of presets) {
          const span = spanOf(preset, at, zone, rules.maxWindowMs);
          if (preset === 'rest-of-today' && span.endMs <= at) continue;
          expect(problemOf(span, at, rules)).toBeNull();
        }
      }),
    );
  });
});

describe('a window', () => {
  it('never begins in the past', () => {
    expect(fromNow({ startMs: now - 5 * 60_000, endMs: now + hourMs }, now)).toEqual({ startMs: now, endMs: now + hourMs });
  });

  it('says what is wrong, at the field that has to change', () => {
    expect(problemOf({ startMs: now + 2, endMs: now + 1 }, now, rules)).toEqual({ field: 'end', problem: 'endBeforeStart' });
    expect(problemOf({ startMs: now - 2 * hourMs, endMs: now - hourMs }, now, rules)).toEqual({
      field: 'end',
      problem: 'endInPast',
    });
    expect(problemOf({ startMs: now, endMs: now + 25 * hourMs }, now, rules)).toMatchObject({ field: 'end', problem: 'tooLong' });
    expect(problemOf({ startMs: now + 8 * 24 * hourMs, endMs: now + 8 * 24 * hourMs + 1 }, now, rules)).toMatchObject({
      field: 'start',
      problem: 'tooFarAhead',
    });
  });

  it('of a draft counts only while it can still be asked for', () => {
    expect(spanFrom('2026-11-24T17:00:00Z', '2026-11-24T17:01:00Z', now)).toBeNull();
    expect(spanFrom(null, '2026-11-24T19:00:00Z', now)).toBeNull();
    expect(spanFrom('2026-11-24T17:00:00Z', '2026-11-24T19:00:00Z', now)).toEqual({
      startMs: Date.parse('2026-11-24T17:00:00Z'),
      endMs: Date.parse('2026-11-24T19:00:00Z'),
    });
  });
});
