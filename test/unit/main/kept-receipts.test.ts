import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ExportRecord } from '../../../contract/history.ts';
import { type ChainedEntry, genesisOf, hashOf } from '../../../contract/receipt.ts';
import type { ReceiptEntry } from '../../../contract/viewing.ts';
import type { ArchiveCallName, ArchiveCalls } from '../../../main/archive/calls.ts';
import { createArchiveHandlers } from '../../../main/archive/handlers.ts';
import type { Keychain } from '../../../main/identity/keychain.ts';
import { createKeptReceipts } from '../../../main/viewing/kept-receipts.ts';
import { sha256 } from '../../../main/viewing/receipts.ts';
import { wordFor } from '../../support/receipt-log.ts';
import { sampleDraft } from '../../support/samples.ts';

const account = 'a1';
const archiveKey = Buffer.alloc(32, 7);
let folder: string;
let handlers: ReturnType<typeof createArchiveHandlers>;
let keys: Map<string, string>;

function call<N extends ArchiveCallName>(name: N, input: ArchiveCalls[N]['input']): ArchiveCalls[N]['output'] {
  return JSON.parse(handlers[name](input as never) as string);
}
const keychain: Keychain = {
  probe: async () => 'ok',
  settled: async () => true,
  read: async (name) => keys.get(name) ?? null,
  write: async (name, secret) => void keys.set(name, secret),
  remove: async (name) => void keys.delete(name),
};
const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
const kept = () =>
  createKeptReceipts(
    {
      setAsideReceipts: async (name, key, keptKey) =>
        call('receipts.setAside', { folder, name, key: hex(key), keptKey: keptKey && hex(keptKey) }),
      takeBackReceipts: async (name, keptKey) => void call('receipts.takeBack', { folder, name, keptKey: hex(keptKey) }),
    },
    keychain,
  );
const open = () => call('open', { folder, name: account, key: archiveKey.toString('hex') });
/** What a sign-out does to the account's files and keys. */
const wipe = () => {
  keys.delete(`${account} archive`);
  call('wipe', { folder, name: account, keepReceipts: true });
};
const waiting = () => call('receipts.waiting', {}).waiting;

function chain(...entries: ReceiptEntry[]): ChainedEntry[] {
  let hash = genesisOf('v1', sha256);
  return entries.map((entry, sequence) => {
    hash = hashOf(hash, sequence, entry, sha256);
    return { sequence, hash, entry };
  });
}
const at = '2026-11-24T12:00:00.000Z';
const entries = chain(
  { type: 'shown', at, fromMs: 0, toMs: 4_000, speed: 1 },
  { type: 'shown', at, fromMs: 4_000, toMs: 9_500, speed: 2 },
  { type: 'end', at, atMs: 9_500 },
);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'oversight-kept-'));
  handlers = createArchiveHandlers();
  keys = new Map([[`${account} archive`, archiveKey.toString('base64')]]);
  open();
  call('drafts.put', sampleDraft({ sessionId: 'S-1' }));
});
afterEach(() => {
  handlers.close({});
  rmSync(folder, { recursive: true, force: true });
});

it('what was not acknowledged outlives the wipe of a sign-out, in one encrypted file, and is there when the account is back', async () => {
  call('receipts.put', { viewingId: 'v1', entries });
  const { checkpoint } = wordFor('v1', entries.slice(0, 1));
  call('receipts.acknowledged', checkpoint);
  handlers.close({});
  const receipts = kept();
  await receipts.setAside(account);
  // Only what nobody has acknowledged: the first four seconds are at the gateway.
  expect(receipts.unsentMs()).toBe(5_500);
  await receipts.setAside(account);
  wipe();
  expect(readdirSync(folder)).toEqual([`${account}.kept`]);
  expect([...keys.keys()]).toEqual([`${account} receipts`]);
  expect(readFileSync(path.join(folder, `${account}.kept`)).includes('fromMs')).toBe(false);

  keys.set(`${account} archive`, archiveKey.toString('base64'));
  open();
  expect(call('drafts.get', { sessionId: 'S-1', kind: 'recording' }).draft).toBeNull();
  await kept().takeBack(account);
  expect(waiting()).toEqual([{ viewingId: 'v1', entries: entries.slice(1), checkpoint }]);
  expect([...keys.keys()]).toEqual([`${account} archive`]);
  expect(readdirSync(folder).some((name) => name.includes('.kept'))).toBe(false);
  await kept().takeBack(account);
  expect(waiting()).toHaveLength(1);
});

it('an export that the gateway does not know of outlives it as well, with its unfinished file', async () => {
  const key = '0193a0f0-0000-7000-8000-000000000001';
  const record: ExportRecord = {
    key,
    at,
    format: 'csv',
    subject: { of: 'history', query: { filter: { text: 'payroll' }, sort: { by: 'createdAt', direction: 'desc' } } },
    rows: 3,
    sha256: 'a'.repeat(64),
    dataSha256: null,
  };
  call('exports.begin', { key, unfinished: '/somewhere/a.csv.1.part' });
  call('exports.put', record);
  handlers.close({});
  await kept().setAside(account);
  wipe();
  expect(readFileSync(path.join(folder, `${account}.kept`)).includes('payroll')).toBe(false);
  keys.set(`${account} archive`, archiveKey.toString('base64'));
  open();
  await kept().takeBack(account);
  expect(call('exports.waiting', {}).waiting).toEqual([{ key, unfinished: '/somewhere/a.csv.1.part', record }]);
});

it('leaves nothing behind when everything was acknowledged', async () => {
  handlers.close({});
  const receipts = kept();
  await receipts.setAside(account);
  wipe();
  expect(receipts.unsentMs()).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
  expect(keys.size).toBe(0);
});

it('adds to what an earlier sign-out has left', async () => {
  call('receipts.put', { viewingId: 'v1', entries: entries.slice(0, 1) });
  handlers.close({});
  await kept().setAside(account);
  wipe();
  keys.set(`${account} archive`, archiveKey.toString('base64'));
  open();
  call('receipts.put', { viewingId: 'v1', entries: entries.slice(1) });
  handlers.close({});
  await kept().setAside(account);
  wipe();
  keys.set(`${account} archive`, archiveKey.toString('base64'));
  open();
  await kept().takeBack(account);
  expect(waiting()[0]?.entries).toEqual(entries);
});

it('goes with the account when it is taken off the computer', async () => {
  call('receipts.put', { viewingId: 'v1', entries });
  handlers.close({});
  await kept().setAside(account);
  call('wipe', { folder, name: account });
  expect(readdirSync(folder)).toEqual([]);
});

it('holds nobody up when the keychain keeps silent', async () => {
  const silent = createKeptReceipts(
    { setAsideReceipts: async () => ({ entries: 1, exports: 0, shownMs: 1 }), takeBackReceipts: async () => undefined },
    { ...keychain, read: () => new Promise(() => undefined) },
  );
  const began = performance.now();
  await silent.setAside(account);
  expect(performance.now() - began).toBeLessThan(5_000);
});

it('waits for a disk that is slow: the record is not lost to a busy computer', async () => {
  open();
  call('receipts.put', { viewingId: 'v1', entries });
  const slow = createKeptReceipts(
    {
      async setAsideReceipts(name, key, keptKey) {
        if (keptKey !== null) await new Promise((resolve) => setTimeout(resolve, 1_000));
        return call('receipts.setAside', { folder, name, key: hex(key), keptKey: keptKey && hex(keptKey) });
      },
      takeBackReceipts: async () => undefined,
    },
    keychain,
  );
  await slow.setAside(account);
  wipe();
  expect(readdirSync(folder).some((file) => file.endsWith('.kept'))).toBe(true);
});
