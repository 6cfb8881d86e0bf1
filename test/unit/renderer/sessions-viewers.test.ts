import { expect, it } from 'vitest';
import { unseenOf } from '../../../contract/coverage.ts';
import type { PastViewing } from '../../../contract/session.ts';
import { viewersOf } from '../../../renderer/features/sessions/viewers.ts';

const viewing = (viewingId: string, personId: string, more: Partial<PastViewing> = {}): PastViewing => ({
  viewingId,
  viewer: { id: personId, userName: personId, displayName: 'Ana Prado' },
  mine: personId === 'me',
  kind: 'recording',
  startedAt: '2026-11-24T12:00:00.000Z',
  endedAt: '2026-11-24T12:30:00.000Z',
  watchedMs: 60_000,
  shown: [],
  snapshots: 0,
  ...more,
});

it('who watched: person by person, not name by name, who is watching now first', () => {
  const viewers = viewersOf([
    viewing('v3', 'me', { shown: [{ fromMs: 10_000, toMs: 20_000 }] }),
    viewing('v2', 'other', { endedAt: null }),
    viewing('v1', 'me', { shown: [{ fromMs: 15_000, toMs: 30_000 }], watchedMs: 5_000 }),
  ]);
  expect(viewers.map(({ person }) => person.id)).toEqual(['other', 'me']);
  expect(viewers[1]).toMatchObject({
    mine: true,
    watchedMs: 65_000,
    shown: [{ fromMs: 10_000, toMs: 30_000 }],
    isWatching: false,
  });
  expect(viewers[1]?.viewings.map(({ viewingId }) => viewingId)).toEqual(['v3', 'v1']);
  expect(viewersOf([])).toEqual([]);
});

it('what nobody has seen is what is in nobody’s ranges', () => {
  const whole = { durationMs: 60_000, mine: [{ fromMs: 0, toMs: 10_000 }], others: [{ fromMs: 8_000, toMs: 20_000 }] };
  expect(unseenOf(whole)).toEqual([{ fromMs: 20_000, toMs: 60_000 }]);
  expect(unseenOf({ ...whole, others: [{ fromMs: 30_000, toMs: 70_000 }] })).toEqual([{ fromMs: 10_000, toMs: 30_000 }]);
  expect(unseenOf({ durationMs: 60_000, mine: [], others: [] })).toEqual([{ fromMs: 0, toMs: 60_000 }]);
  expect(unseenOf({ durationMs: 0, mine: [], others: [] })).toEqual([]);
});
