import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { putAside, writeWhole } from '../settings/files.ts';
import type { Keychain } from './keychain.ts';
import type { Remembered } from './remembered.ts';

/** Why everything of an account has to go: the person signed out, took the account off this computer, or the gateway ordered it. */
const Why = z.enum(['signed-out', 'forgotten', 'ordered']);
export type WipeReason = z.infer<typeof Why>;

const Notes = z.object({ version: z.literal(1), wipes: z.array(z.object({ account: z.string(), why: Why })).max(100) });

export interface Wipes {
  /** Notes, for certain, that everything of an account has to go. From here on it goes, if not now then at the next start. */
  order(account: string, why: WipeReason): Promise<void>;
  /**
   * Removes what was ordered, now or before a crash: the key, then the files, then the note. A keychain that keeps silent holds the
   * files up for half a second. What could not be removed stays noted. Answers with why something went.
   */
  finish(): Promise<WipeReason[]>;
  /** Whether something of the account still has to go. It must not be opened before. */
  isPending(account: string): boolean;
}

const keyFirstMs = 500;

/** The removal of what is kept of accounts, begun by a note in a file, so that a kill in the middle only delays it. */
export function createWipes(options: {
  userData: string;
  keychain: Keychain;
  remembered: Remembered;
  /** Before anything goes of somebody who signed out: saves what has to outlive it. */
  setAside: (account: string) => Promise<void>;
  /** Removes the files of an account, or, of somebody who signed out, all but what was set aside. */
  removeFiles: (account: string, why: WipeReason) => Promise<void>;
  report: (error: unknown, where: string) => string;
}): Wipes {
  const { keychain, remembered, setAside, removeFiles, report } = options;
  const file = path.join(options.userData, 'wipes.json');
  let pending: Map<string, WipeReason> | null = null;
  let working: Promise<unknown> = Promise.resolve();

  async function noted(): Promise<Map<string, WipeReason>> {
    if (pending) return pending;
    const text = await readFile(file, 'utf8').catch(() => null);
    let wipes: z.infer<typeof Notes>['wipes'] = [];
    try {
      if (text !== null) wipes = Notes.parse(JSON.parse(text)).wipes;
    } catch {
      putAside(file);
    }
    pending ??= new Map(wipes.map(({ account, why }) => [account, why]));
    return pending;
  }

  const write = (wipes: Map<string, WipeReason>) =>
    writeWhole(file, JSON.stringify({ version: 1, wipes: [...wipes].map(([account, why]) => ({ account, why })) }));

  async function crossOff(account: string): Promise<void> {
    const wipes = await noted();
    wipes.delete(account);
    await write(wipes);
  }

  /** A removal of what is not there and one that a locked keyring ignores look alike: only a keychain that works is believed. */
  async function removeKeys(account: string, why: WipeReason): Promise<void> {
    for (const what of ['archive', 'sign-in', ...(why === 'signed-out' ? [] : ['receipts'])])
      await keychain.remove(`${account} ${what}`);
    const state = await keychain.probe();
    if (state !== 'ok') throw new Error(`the keychain is ${state}: the keys of an account are still to be removed`);
  }

  async function remove(account: string, why: WipeReason): Promise<void> {
    if (why === 'signed-out') await setAside(account).catch((error) => report(error, 'receipts.set-aside'));
    const keys = removeKeys(account, why).then(
      () => true,
      (error) => {
        report(error, 'keychain');
        return false;
      },
    );
    const inTime = await Promise.race([keys, new Promise<null>((resolve) => setTimeout(resolve, keyFirstMs, null).unref())]);
    await removeFiles(account, why);
    await (why === 'signed-out' ? remembered.leave(account) : remembered.drop(account));
    if (inTime) return crossOff(account);
    if (inTime === null) void keys.then((gone) => (gone ? crossOff(account) : undefined)).catch((error) => report(error, 'wipe'));
  }

  async function finish(): Promise<WipeReason[]> {
    const wipes = [...(await noted())];
    for (const [account, why] of wipes) await remove(account, why).catch((error) => report(error, 'wipe'));
    return wipes.map(([, why]) => why);
  }

  return {
    async order(account, why) {
      const wipes = await noted();
      wipes.set(account, why);
      // A disk on which nothing can be noted is no reason to keep what has to go.
      await write(wipes).catch((error) => report(error, 'wipe'));
    },
    finish() {
      const finished = working.then(finish);
      working = finished.catch(() => undefined);
      return finished;
    },
    isPending: (account) => pending?.has(account) ?? false,
  };
}
