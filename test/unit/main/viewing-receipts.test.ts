import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FailureError } from '../../../contract/failure.ts';
import type { NumberedEntry, ReceiptEntry } from '../../../contract/viewing.ts';
import { createReceipts } from '../../../main/viewing/receipts.ts';

const entry = (atMs: number): ReceiptEntry => ({ type: 'pause', at: '2026-11-24T12:00:00.000Z', atMs });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('sends what has come every five seconds, in batches, numbered without a gap', async () => {
  const sent: NumberedEntry[][] = [];
  const receipts = createReceipts(async (entries) => sent.push(entries));
  receipts.add(Array.from({ length: 700 }, (_, index) => entry(index)));
  await vi.advanceTimersByTimeAsync(4_900);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent.map((batch) => batch.length)).toEqual([500, 200]);
  receipts.add([entry(700)]);
  await receipts.flush();
  expect(sent.flat().map(({ sequence }) => sequence)).toEqual(Array.from({ length: 701 }, (_, index) => index));
});

it('tries again what did not arrive, with growing pauses, and loses nothing', async () => {
  let away = true;
  const sent: NumberedEntry[][] = [];
  const receipts = createReceipts(async (entries) => {
    if (away) throw new FailureError({ code: 'UNREACHABLE', data: { host: 'h', why: 'cut' } });
    sent.push(entries);
  });
  receipts.add([entry(1), entry(2)]);
  await vi.advanceTimersByTimeAsync(30_000);
  away = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent.flat().map(({ sequence }) => sequence)).toEqual([0, 1]);
});

it('gives up what the gateway will never take', async () => {
  const send = vi.fn(() => Promise.reject(new FailureError({ code: 'NOT_FOUND', data: { what: 'viewing' } })));
  const receipts = createReceipts(send);
  receipts.add([entry(1)]);
  await receipts.flush();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(send).toHaveBeenCalledTimes(1);
});

it('refuses a flood', () => {
  const receipts = createReceipts(async () => undefined);
  const many = Array.from({ length: 500 }, (_, index) => entry(index));
  expect(() => {
    for (let round = 0; round < 41; round += 1) receipts.add(many);
  }).toThrow('RATE_LIMITED');
});
