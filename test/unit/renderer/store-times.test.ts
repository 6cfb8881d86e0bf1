import { describe, expect, it } from 'vitest';
import { createTimes } from '../../../renderer/store/times.ts';

const now = Date.parse('2026-11-24T17:02:11.000Z');
const times = (zone?: string, language = 'en', nowMs = now) => createTimes(language, zone, nowMs);

describe('a moment', () => {
  it('is said by the day of the zone that is shown', () => {
    const at = '2026-11-24T01:30:00.000Z';
    expect(times('UTC').moment(at)).toBe('Today 01:30');
    expect(times('America/Sao_Paulo').moment(at)).toBe('Yesterday 22:30');
    expect(times('-03:00').moment(at)).toBe('Yesterday 22:30');
    expect(times('Asia/Tokyo').moment('2026-11-24T16:00:00.000Z')).toBe('Today 01:00');
    expect(times('UTC').moment('2026-11-25T00:00:00.000Z')).toBe('Tomorrow 00:00');
  });

  it('has its date further away, and its year in another one', () => {
    expect(times('UTC').moment('2026-11-22T19:40:00.000Z')).toMatch(/^(22 Nov|Nov 22) 19:40$/);
    expect(times('UTC').moment('2025-12-31T23:59:00.000Z')).toMatch(/2025 23:59$/);
    expect(times('UTC', 'pt-BR').moment('2026-11-22T19:40:00.000Z')).toMatch(/^22 de nov.* 19:40$/);
  });

  it('is said in words in the language of the person', () => {
    expect(times('UTC', 'pt-BR').moment('2026-11-23T22:10:00.000Z')).toBe('Ontem 22:10');
    expect(times('UTC', 'pt-BR').said('2026-11-25T22:10:00.000Z')).toBe('amanhã 22:10');
  });

  it('inside a sentence begins as a word does there, and a month as it always does', () => {
    expect(times('UTC').inSentence('2026-11-24T17:30:00.000Z')).toBe('today 17:30');
    expect(times('UTC').inSentence('2026-11-22T19:40:00.000Z')).toBe('Nov 22 19:40');
  });

  it('is the clock alone where today goes without saying', () => {
    expect(times('UTC').said('2026-11-24T17:30:00.000Z')).toBe('17:30');
    expect(times('UTC').said('2026-11-23T17:30:00.000Z')).toBe('yesterday 17:30');
  });

  it('keeps its hour over the change to winter time, and midnight is 00', () => {
    const berlin = times('Europe/Berlin', 'en', Date.parse('2026-10-25T12:00:00.000Z'));
    expect(berlin.moment('2026-10-25T00:30:00.000Z')).toBe('Today 02:30');
    expect(berlin.moment('2026-10-25T01:30:00.000Z')).toBe('Today 02:30');
    expect(berlin.moment('2026-10-24T22:00:00.000Z')).toBe('Today 00:00');
    expect(berlin.moment('2026-10-24T21:59:00.000Z')).toBe('Yesterday 23:59');
  });

  it('is yesterday over the day that has 23 hours', () => {
    const newYork = times('America/New_York', 'en', Date.parse('2026-03-09T04:30:00.000Z'));
    expect(newYork.moment('2026-03-08T05:00:00.000Z')).toBe('Yesterday 00:00');
    expect(newYork.moment('2026-03-08T07:00:00.000Z')).toBe('Yesterday 03:00');
  });
});

describe('a span', () => {
  it('names the day once if both ends lie in it', () => {
    expect(times('UTC').span('2026-11-24T14:05:00.000Z', '2026-11-24T16:05:00.000Z')).toBe('Today 14:05 – 16:05');
    expect(times('UTC').span('2026-11-24T23:05:00.000Z', '2026-11-25T01:05:00.000Z')).toBe('Today 23:05 – Tomorrow 01:05');
  });
});

describe('lengths of time', () => {
  const { duration, length, roughly } = times('UTC');

  it('are clocks for durations', () => {
    expect([0, 252_000, 359_999_999, -5].map(duration)).toEqual(['00:00:00', '00:04:12', '99:59:59', '00:00:00']);
  });

  it('are words with one or two parts elsewhere', () => {
    expect([531_000, 7_200_000, 0].map(length)).toEqual(['8 min 51 sec', '2 hr', '0 sec']);
    expect([4_000, 41 * 60_000, 125 * 60_000, 3 * 86_400_000].map(roughly)).toEqual(['4 sec', '41 min', '2 hr 5 min', '3 days']);
    expect(roughly(-90_000)).toBe('2 min');
  });
});

it('names the zone for people', () => {
  expect([times('UTC').zone, times('-03:00').zone, times('+05:30').zone]).toEqual(['UTC', 'UTC−3', 'UTC+5:30']);
  expect(times('Europe/Berlin', 'en', Date.parse('2026-07-01T00:00:00Z')).zone).toBe('UTC+2');
});
