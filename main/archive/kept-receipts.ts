import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ArchiveCalls } from './calls.ts';
import { openEncrypted } from './database.ts';
import { draftsMigrations } from './migrations.ts';
import { receiptQueries } from './receipts.ts';

type Queries = ReturnType<typeof receiptQueries>;

/** What the file of receipts that outlive a sign-out is called. */
export const keptName = (name: string) => `${name}.kept`;

/** Runs something over the receipts of a file, and closes it. */
function withReceipts<T>(file: string, key: string, use: (receipts: Queries) => T): T {
  const { db } = openEncrypted(file, key, draftsMigrations);
  try {
    return use(receiptQueries(db));
  } finally {
    db.close();
  }
}

/** Answers with how many entries wait, and how much they say was shown (ms). */
export function setAside({
  folder,
  name,
  key,
  keptKey,
}: ArchiveCalls['receipts.setAside']['input']): ArchiveCalls['receipts.setAside']['output'] {
  const drafts = path.join(folder, `${name}.drafts`);
  if (!existsSync(drafts)) return { entries: 0, shownMs: 0 };
  const waiting = withReceipts(drafts, key, (receipts) => receipts.left());
  const entries = waiting.flatMap((one) => one.entries);
  const shownMs = entries.reduce((sum, { entry }) => sum + (entry.type === 'shown' ? entry.toMs - entry.fromMs : 0), 0);
  if (keptKey !== null && entries.length > 0)
    withReceipts(path.join(folder, keptName(name)), keptKey, (receipts) => {
      for (const one of waiting) receipts.restore(one);
    });
  return { entries: entries.length, shownMs };
}

export function takeBack({ folder, name, keptKey }: ArchiveCalls['receipts.takeBack']['input'], into: Queries): void {
  const file = path.join(folder, keptName(name));
  if (!existsSync(file)) return;
  for (const one of withReceipts(file, keptKey, (receipts) => receipts.left())) into.restore(one);
  for (const companion of ['', '-wal', '-shm']) rmSync(`${file}${companion}`, { force: true });
}
