import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Failure, FailureError } from '../../../contract/failure.ts';
import { type ChainedEntry, faultOf, genesisOf } from '../../../contract/receipt.ts';
import type { ReceiptEntry } from '../../../contract/viewing.ts';
import { createReceipts, type SendReceipts, sendWaiting, sha256 } from '../../../main/viewing/receipts.ts';
import { memoryReceiptLog, wordFor } from '../../support/receipt-log.ts';

const entry = (atMs: number): ReceiptEntry => ({ type: 'pause', at: '2026-11-24T12:00:00.000Z', atMs });
const start = { sequence: -1, hash: genesisOf('v1', sha256) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A computer and its gateway: `answer` may refuse. */
function world(answer?: (entries: ChainedEntry[]) => Failure | null, signed = true) {
  const log = memoryReceiptLog();
  const sent: ChainedEntry[][] = [];
  const contradicted: string[] = [];
  const send = vi.fn<SendReceipts>(async (viewingId, entries) => {
    const failure = answer?.(entries);
    if (failure) throw new FailureError(failure);
    sent.push(entries);
    return wordFor(viewingId, entries);
  });
  const roles = { send, log, isSigned: async () => signed, contradicted: (id: string) => void contradicted.push(id) };
  const begin = () =>
    createReceipts({
      viewingId: 'v1',
      ...roles,
      report: (error) => {
        throw error;
      },
    });
  return { log, sent, send, contradicted, begin, later: () => sendWaiting({ ...roles, isRunning: () => false }) };
}

it('chains what comes, writes it down first, and sends it in batches every few seconds', async () => {
  const { begin, sent, log } = world();
  const receipts = begin();
  receipts.add(Array.from({ length: 700 }, (_, index) => entry(index)));
  await vi.advanceTimersByTimeAsync(3_900);
  expect(sent).toEqual([]);
  expect(log.rows.get('v1')).toHaveLength(700);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent.map((batch) => batch.length)).toEqual([500, 200]);
  receipts.add([entry(700)]);
  await receipts.flush();
  expect(faultOf(sent.flat(), start, sha256)).toBeNull();
  expect(sent.flat()).toHaveLength(701);
  expect(log.rows.get('v1')).toEqual([]);
});

it('tries again what did not arrive, with growing pauses, and loses nothing', async () => {
  let away = true;
  const { begin, sent } = world(() => (away ? { code: 'UNREACHABLE', data: { host: 'h', why: 'cut' } } : null));
  begin().add([entry(1), entry(2)]);
  await vi.advanceTimersByTimeAsync(30_000);
  away = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent.flat().map(({ sequence }) => sequence)).toEqual([0, 1]);
});

it('sends what an earlier run of the app left behind, and only that', async () => {
  let away = false;
  const { begin, sent, log, later } = world(() => (away ? { code: 'UNREACHABLE', data: { host: 'h', why: 'cut' } } : null));
  const receipts = begin();
  receipts.add([entry(1)]);
  await receipts.flush();
  away = true;
  receipts.add([entry(2), entry(3)]);
  await receipts.flush();
  // The app ends here; another begins.
  away = false;
  await later();
  expect(sent.flat().map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  expect(faultOf(sent.flat(), start, sha256)).toBeNull();
  await later();
  expect(sent).toHaveLength(2);
  expect(log.words.get('v1')?.sequence).toBe(2);
});

it.each([
  ['holds another entry', { code: 'RECEIPT_FORK', data: { sequence: 0 } }],
  ['has lost what it had acknowledged', { code: 'RECEIPT_GAP', data: { expected: 0 } }],
] as const)('says so when the gateway %s', async (_name, failure) => {
  const { begin, contradicted, send } = world(() => failure as Failure);
  const receipts = begin();
  receipts.add([entry(1)]);
  await receipts.flush();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(contradicted).toEqual(['v1']);
  expect(send).toHaveBeenCalledTimes(1);
});

it('says so when the gateway signs for another chain than it was sent', async () => {
  const { log, contradicted } = world();
  const receipts = createReceipts({
    viewingId: 'v1',
    log,
    isSigned: async () => true,
    contradicted: (id) => void contradicted.push(id),
    report: () => undefined,
    send: async (id, entries) => ({ checkpoint: { ...wordFor(id, entries).checkpoint, hash: 'f'.repeat(64) } }),
  });
  receipts.add([entry(1)]);
  await receipts.flush();
  expect(contradicted).toEqual(['v1']);
});

it('says so when the gateway’s word is not signed by it, and keeps what it did not sign for', async () => {
  const { begin, contradicted, send, log } = world(undefined, false);
  const receipts = begin();
  receipts.add([entry(1)]);
  await receipts.flush();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(contradicted).toEqual(['v1']);
  expect(send).toHaveBeenCalledTimes(1);
  expect(log.rows.get('v1')).toHaveLength(1);
  expect(log.words.size).toBe(0);
});

it('gives up what the gateway will never take', async () => {
  const { begin, send, log } = world(() => ({ code: 'NOT_FOUND', data: { what: 'viewing' } }));
  const receipts = begin();
  receipts.add([entry(1)]);
  await receipts.flush();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(send).toHaveBeenCalledTimes(1);
  expect(log.rows.get('v1')).toBeUndefined();
});

it('sends on when nothing can be written down here', async () => {
  const { log, sent, send } = world();
  const said: string[] = [];
  log.keep = () => Promise.reject(new Error('disk full'));
  const receipts = createReceipts({
    viewingId: 'v1',
    send,
    log,
    isSigned: async () => true,
    contradicted: () => undefined,
    report: (_error, where) => void said.push(where),
  });
  receipts.add([entry(1)]);
  await receipts.flush();
  expect(sent.flat()).toHaveLength(1);
  expect(said).toEqual(['receipts.keep']);
});

it('refuses a flood', () => {
  const receipts = world().begin();
  const many = Array.from({ length: 500 }, (_, index) => entry(index));
  expect(() => {
    for (let round = 0; round < 41; round += 1) receipts.add(many);
  }).toThrow('RATE_LIMITED');
});
