import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { putAside, writeWhole } from '../settings/files.ts';

/** Accounts that were used here, the last one first. No secrets: those are in the keychain. */
const Stored = z.object({
  version: z.literal(1),
  accounts: z
    .array(
      z.object({
        id: z.string(),
        address: z.string(),
        gateway: z.string(),
        userName: z.string(),
        displayName: z.string(),
        stays: z.boolean(),
        /** The key under the gateway's checkpoints of receipts, as it was first said. */
        receiptKey: z.string().max(200).optional(),
      }),
    )
    .max(20),
});
export type StoredAccount = z.infer<typeof Stored>['accounts'][number];

export interface Remembered {
  list(): Promise<StoredAccount[]>;
  /** Puts an account first. The key under its gateway's checkpoints stays. */
  put(account: StoredAccount): Promise<void>;
  /** Keeps the key under the checkpoints of an account's gateway. */
  keepReceiptKey(id: string, key: string): Promise<void>;
  /** An account does not stay signed in any more. */
  leave(id: string): Promise<void>;
  drop(id: string): Promise<void>;
}

export function createRemembered(userData: string): Remembered {
  const file = path.join(userData, 'accounts.json');
  const read = async (): Promise<StoredAccount[]> => {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) return [];
    try {
      return Stored.parse(JSON.parse(text)).accounts;
    } catch {
      putAside(file);
      return [];
    }
  };
  const write = (accounts: StoredAccount[]) => writeWhole(file, JSON.stringify({ version: 1, accounts }, null, 2));
  let working: Promise<void> = Promise.resolve();
  /** One change after the other: of two at once, one would be lost. */
  function change(to: (accounts: StoredAccount[]) => StoredAccount[]): Promise<void> {
    const changed = working.then(async () => write(to(await read())));
    working = changed.catch(() => undefined);
    return changed;
  }
  return {
    list: read,
    put: (account) =>
      change((accounts) => {
        const before = accounts.find((one) => one.id === account.id);
        const kept = before?.receiptKey === undefined ? account : { receiptKey: before.receiptKey, ...account };
        return [kept, ...accounts.filter((one) => one.id !== account.id)].slice(0, 20);
      }),
    keepReceiptKey: (id, receiptKey) =>
      change((accounts) => accounts.map((one) => (one.id === id ? { ...one, receiptKey } : one))),
    leave: (id) => change((accounts) => accounts.map((one) => (one.id === id ? { ...one, stays: false } : one))),
    drop: (id) => change((accounts) => accounts.filter((one) => one.id !== id)),
  };
}
