import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { toInstant } from '../../../contract/time.ts';
import { createRetention, type Retention } from '../../../main/history/retention.ts';
import { eventually } from '../../support/eventually.ts';
import { openMemoryArchive } from '../../support/memory-archive.ts';
import { hourMs, noonMs, sampleRequest } from '../../support/samples.ts';

const dayMs = 24 * hourMs;
let archive: Awaited<ReturnType<typeof openMemoryArchive>>;
let retention: Retention;
let days: number;
let nowMs: number;
let removed: string[][];
let failures: unknown[];

/** A request that was rejected so many days before noon. */
const rejected = (number: number, daysAgo: number) => {
  const at = toInstant(noonMs - daysAgo * dayMs);
  const window = { start: at, end: toInstant(noonMs - daysAgo * dayMs + hourMs) };
  const by = sampleRequest(1).requester;
  return sampleRequest(number, {
    createdAt: at,
    deadline: window.end,
    window,
    asked: window,
    state: { status: 'rejected', at, by, comment: 'No' },
  });
};
const there = async () =>
  (await archive.call('requests.list', { query: { scope: 'all', limit: 100 }, personId: '', nowMs })).items.map(({ id }) =>
    Number(id.slice(2)),
  );

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  days = 90;
  nowMs = noonMs;
  removed = [];
  failures = [];
  archive = await openMemoryArchive();
  await archive.call('requests.put', { items: [rejected(1, 1), rejected(40, 40), rejected(89, 89.5), rejected(100, 100)] });
  retention = createRetention({
    archive,
    keeping: { days: async () => days, sinceMs: async () => nowMs - days * dayMs },
    clock: { now: () => nowMs },
    publish: (name, payload) => {
      if (name === 'requests') removed.push((payload as { removed: string[] }).removed);
    },
    report: (error) => String(failures.push(error)),
  });
});
afterEach(() => {
  retention.stop();
  vi.useRealTimers();
});

it('removes what is too old when somebody signs in, and tells the lists', async () => {
  retention.begin();
  await eventually(async () => expect(await there()).toEqual([1, 40, 89]));
  expect(removed).toEqual([['R-000100']]);
});

it('removes at once when fewer days are to be kept, and not again for the same', async () => {
  retention.begin();
  await eventually(() => expect(removed).toHaveLength(1));
  days = 30;
  retention.recheck();
  await eventually(async () => expect(await there()).toEqual([1]));
  const call = vi.spyOn(archive, 'call');
  retention.recheck();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(call.mock.calls.map(([name]) => name)).not.toContain('history.expire');
});

it('removes once a day while the app runs', async () => {
  retention.begin();
  await eventually(() => expect(removed).toHaveLength(1));
  nowMs += dayMs;
  await vi.advanceTimersByTimeAsync(dayMs);
  await eventually(async () => expect(await there()).toEqual([1, 40]));
});

it('does nothing more for who has signed out', async () => {
  retention.begin();
  retention.stop();
  await vi.advanceTimersByTimeAsync(2 * dayMs);
  expect(removed).toEqual([]);
  expect(failures).toEqual([]);
});
