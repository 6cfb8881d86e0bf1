import { describe, expect, it } from 'vitest';
import type { HistoryFigures, HistoryFilter, ViewingRecord } from '../../../contract/history.ts';
import { toInstant } from '../../../contract/time.ts';
import { columns, columnsFor, looks, tracks } from '../../../renderer/features/history/columns.ts';
import { chosenBy, isChosen, numberOf, scaleOf, tiles, withoutGaps } from '../../../renderer/features/history/figures.ts';
import {
  type FilterWords,
  filterLines,
  isEmpty,
  isSet,
  pillText,
  tidy,
  weekOf,
  weekRange,
  withAsked,
  without,
} from '../../../renderer/features/history/filter.ts';
import { timelineOf } from '../../../renderer/features/history/timeline.ts';
import { hourMs, noonMs, sampleRequest } from '../../support/samples.ts';

const monday = '2026-11-16T00:00:00.000Z';

describe('filters of History', () => {
  const words: FilterWords = {
    name: (name) => name,
    phase: (phase) => `is ${phase}`,
    kind: (kind) => kind,
    watched: (watched) => (watched ? 'yes' : 'no'),
    range: ({ from, until }) => `${from ?? ''}/${until ?? ''}`,
    week: (start) => `week ${start.slice(0, 10)}`,
  };

  it('say what they look for, the phases in one order', () => {
    const filter: HistoryFilter = { phases: ['revoked', 'pending'], watched: false, requester: 'Marta', text: ' firewall ' };
    expect(pillText(filter, 'phases', words).value).toBe('is pending, is revoked');
    expect(pillText(filter, 'watched', words).value).toBe('no');
    expect(pillText(filter, 'device', words).value).toBeNull();
    expect(filterLines(filter, words)).toEqual([
      { name: 'text', value: '“firewall”' },
      { name: 'phases', value: 'is pending, is revoked' },
      { name: 'requester', value: 'Marta' },
      { name: 'watched', value: 'no' },
    ]);
  });

  it('know a week as a week, and any other range as what it is', () => {
    const week = withAsked({}, weekRange(monday));
    expect(weekOf(week)).toEqual({ start: monday, end: '2026-11-23T00:00:00.000Z' });
    expect(pillText(week, 'asked', words).value).toBe('week 2026-11-16');
    expect(weekOf({ askedFrom: monday })).toBeNull();
    expect(weekOf({ askedFrom: '2026-11-17T00:00:00.000Z', askedUntil: '2026-11-24T00:00:00.000Z' })).toBeNull();
    expect(pillText({ askedFrom: monday }, 'asked', words).value).toBe(`${monday}/`);
  });

  it('are taken away one by one, and what says nothing is no filter', () => {
    const filter = { askedFrom: monday, askedUntil: monday, watched: false, text: 'x' };
    expect(isSet(filter, 'asked')).toBe(true);
    expect(isSet(filter, 'watched')).toBe(true);
    expect(without(filter, 'asked', 'watched')).toEqual({ text: 'x' });
    expect(tidy({ text: '  ', phases: [], device: '', watched: false })).toEqual({ watched: false });
    expect(isEmpty({ phases: [], text: '' })).toBe(true);
  });
});

describe('figures', () => {
  const figures: HistoryFigures = {
    asked: 20,
    approved: 9,
    rejected: 3,
    expired: 4,
    canceled: 2,
    revoked: 1,
    watched: 5,
    medianDecideMs: null,
    watchedMs: 60_000,
    weeks: [],
  };

  it('are the numbers of what the filter finds', () => {
    expect(tiles.map((tile) => numberOf(tile, figures))).toEqual([20, 9, 3, 4, 5, 4, null, 60_000]);
  });

  it('lead to their rows within what else is looked for, and back', () => {
    for (const tile of tiles.filter((one) => one !== 'asked')) {
      const chosen = chosenBy(tile, { device: 'web', phases: ['pending'] });
      expect(chosen.device).toBe('web');
      expect(tiles.filter((other) => isChosen(other, chosen))).toEqual([tile]);
      expect(chosenBy(tile, chosen)).toEqual({ device: 'web' });
    }
    expect(chosenBy('asked', { device: 'web', watched: true })).toEqual({ device: 'web' });
    expect(isChosen('asked', {})).toBe(false);
  });

  it('of weeks are drawn without gaps, on a scale that holds them', () => {
    const weeks = [
      { start: '2026-11-16T00:00:00.000Z', asked: 3, decided: 2, watchedMs: 500 },
      { start: '2026-10-26T00:00:00.000Z', asked: 7, decided: 8, watchedMs: 0 },
    ];
    const all = withoutGaps(weeks);
    expect(all.map(({ start, asked }) => [start.slice(5, 10), asked])).toEqual([
      ['10-26', 7],
      ['11-02', 0],
      ['11-09', 0],
      ['11-16', 3],
    ]);
    expect(scaleOf(all)).toEqual({ requests: 8, watchedMs: 500 });
    expect(withoutGaps([])).toEqual([]);
    expect(scaleOf([])).toEqual({ requests: 1, watchedMs: 1 });
  });
});

describe('the columns', () => {
  it('are all there when there is room, and the most telling ones when there is not', () => {
    expect(columnsFor(5_000)).toEqual([...columns]);
    expect(columnsFor(100)).toEqual(['createdAt', 'requester', 'phase']);
  });

  it('never take more room than there is, once there is room for the fewest', () => {
    for (let width = 370; width < 1_400; width += 10) expect(tracks(columnsFor(width)).least).toBeLessThanOrEqual(width);
  });

  it('have each a place of their own in the order in which they give way', () => {
    expect(new Set(columns.map((column) => looks[column].keep)).size).toBe(columns.length);
  });
});

describe('the timeline of a request', () => {
  const at = (minutes: number) => toInstant(noonMs + minutes * 60_000);
  const by = { id: 'p-2', userName: 'paulo', displayName: 'Paulo Nunes' };
  const approval = { by, level: 1, verdict: 'approve', comment: 'Fine', at: at(-5) } as const;
  const viewing: ViewingRecord = {
    id: 'v',
    sessionId: 's',
    kind: 'recording',
    requestId: 'R-000001',
    viewer: by,
    startedAt: at(10),
    endedAt: at(20),
    why: 'closed',
    watchedMs: 600_000,
    shown: [],
    snapshots: 0,
    receipts: null,
  };
  const asked = { createdAt: at(-10) };
  const whats = (item: Parameters<typeof timelineOf>[0], nowMs: number) => timelineOf(item, nowMs).map(({ what }) => what);

  it('holds the deadline that is to come, and says when it has passed before the gateway does', () => {
    const request = sampleRequest(1, asked);
    expect(whats({ request, viewings: [] }, noonMs)).toEqual(['asked', 'deadline']);
    expect(whats({ request, viewings: [] }, noonMs + hourMs)).toEqual(['asked', 'expired']);
  });

  it('goes from asking over decision, opening and viewings to the end of the window', () => {
    const request = sampleRequest(1, { ...asked, decisions: [approval], state: { status: 'approved', at: at(-5) } });
    expect(whats({ request, viewings: [viewing] }, noonMs)).toEqual(['asked', 'decided', 'opened', 'viewing', 'over']);
  });

  it('opens when it was approved, if that was after the window’s start', () => {
    const late = { ...approval, at: at(3) };
    const request = sampleRequest(1, { ...asked, decisions: [late], state: { status: 'approved', at: at(3) } });
    expect(timelineOf({ request, viewings: [] }, noonMs).find(({ what }) => what === 'opened')?.at).toBe(at(3));
  });

  it('says that the window was narrowed, with the decision that did it', () => {
    const window = { start: at(0), end: at(30) };
    const request = sampleRequest(1, { ...asked, window, decisions: [approval], state: { status: 'approved', at: at(-5) } });
    const narrowed = timelineOf({ request, viewings: [] }, noonMs).find(({ what }) => what === 'narrowed');
    expect(narrowed).toMatchObject({ at: at(-5), window, asked: { end: toInstant(noonMs + 2 * hourMs) } });
  });

  it('ends with a revocation, and never opened what was revoked before its start', () => {
    const revoked = (minutes: number) =>
      sampleRequest(1, {
        ...asked,
        decisions: [approval],
        state: { status: 'revoked', at: at(minutes), by, comment: 'Enough' },
      });
    expect(whats({ request: revoked(15), viewings: [viewing] }, noonMs)).toEqual([
      'asked',
      'decided',
      'opened',
      'viewing',
      'revoked',
    ]);
    expect(whats({ request: revoked(-2), viewings: [] }, noonMs)).toEqual(['asked', 'decided', 'revoked']);
  });

  it('of one that was rejected ends with the decision', () => {
    const no = { ...approval, verdict: 'reject' } as const;
    const state = { status: 'rejected', at: at(-5), by, comment: 'No' } as const;
    expect(whats({ request: sampleRequest(1, { ...asked, decisions: [no], state }), viewings: [] }, noonMs)).toEqual([
      'asked',
      'decided',
    ]);
  });
});
