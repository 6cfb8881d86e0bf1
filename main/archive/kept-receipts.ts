import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ArchiveCalls } from './calls.ts';
import { openEncrypted } from './database.ts';
import { exportQueries } from './exports.ts';
import { draftsMigrations } from './migrations.ts';
import { receiptQueries } from './receipts.ts';

type Queries = { receipts: ReturnType<typeof receiptQueries>; exports: ReturnType<typeof exportQueries> };

/** What the file of the record that outlives a sign-out is called: receipts, and exports, that the gateway does not know of. */
export const keptName = (name: string) => `${name}.kept`;

/** Runs something over the record of a file, and closes it. */
function withRecord<T>(file: string, key: string, use: (record: Queries) => T): T {
  const { db } = openEncrypted(file, key, draftsMigrations);
  try {
    return use({ receipts: receiptQueries(db), exports: exportQueries(db) });
  } finally {
    db.close();
  }
}

/** Answers with how many entries and exports wait, and how much the entries say was shown (ms). */
export function setAside({
  folder,
  name,
  key,
  keptKey,
}: ArchiveCalls['receipts.setAside']['input']): ArchiveCalls['receipts.setAside']['output'] {
  const drafts = path.join(folder, `${name}.drafts`);
  if (!existsSync(drafts)) return { entries: 0, exports: 0, shownMs: 0 };
  const [waiting, exports] = withRecord(drafts, key, (record) => [record.receipts.left(), record.exports.left()] as const);
  const entries = waiting.flatMap((one) => one.entries);
  const shownMs = entries.reduce((sum, { entry }) => sum + (entry.type === 'shown' ? entry.toMs - entry.fromMs : 0), 0);
  if (keptKey !== null && entries.length + exports.length > 0)
    withRecord(path.join(folder, keptName(name)), keptKey, (record) => {
      for (const one of waiting) record.receipts.restore(one);
      for (const one of exports) record.exports.restore(one);
    });
  return { entries: entries.length, exports: exports.length, shownMs };
}

export function takeBack({ folder, name, keptKey }: ArchiveCalls['receipts.takeBack']['input'], into: Queries): void {
  const file = path.join(folder, keptName(name));
  if (!existsSync(file)) return;
  withRecord(file, keptKey, (record) => {
    for (const one of record.receipts.left()) into.receipts.restore(one);
    for (const one of record.exports.left()) into.exports.restore(one);
  });
  for (const companion of ['', '-wal', '-shm']) rmSync(`${file}${companion}`, { force: true });
}
