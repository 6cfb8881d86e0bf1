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
      }),
    )
    .max(20),
});
export type StoredAccount = z.infer<typeof Stored>['accounts'][number];

export interface Remembered {
  list(): Promise<StoredAccount[]>;
  /** Puts an account first. */
  put(account: StoredAccount): Promise<void>;
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
  return {
    list: read,
    put: async (account) => write([account, ...(await read()).filter((one) => one.id !== account.id)].slice(0, 20)),
    leave: async (id) => write((await read()).map((one) => (one.id === id ? { ...one, stays: false } : one))),
    drop: async (id) => write((await read()).filter((one) => one.id !== id)),
  };
}
