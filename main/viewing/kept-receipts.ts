import { randomBytes } from 'node:crypto';
import type { Archive } from '../archive/archive.ts';
import type { Keychain } from '../identity/keychain.ts';

export interface KeptReceipts {
  /**
   * Before everything of an account goes: puts what the gateway has not acknowledged of its viewings and exports into a file of its own,
   * encrypted with a key of its own. Done twice is done once. Waits for nothing longer than a moment.
   */
  setAside(account: string): Promise<void>;
  /** The account is signed in again and its archive open: what was set aside waits to be sent like anything else. */
  takeBack(account: string): Promise<void>;
  /** How much was shown (ms into the recording) of what this run of the app has set aside for the last account. */
  unsentMs(): number;
}

/** A keychain that keeps silent is not waited for: with what comes before and after it, a sign-out takes two seconds at the most. */
const silentAfterMs = 800;

/** Receipts, and exports, that outlive a sign-out: who has watched cannot choose to lose the record of it. Without a keychain there is nothing to keep them with. */
export function createKeptReceipts(
  archive: Pick<Archive, 'setAsideReceipts' | 'takeBackReceipts'>,
  keychain: Keychain,
): KeptReceipts {
  const nameOf = (account: string) => `${account} receipts`;
  let unsentMs = 0;

  async function keep(account: string): Promise<void> {
    // One limit for all that the keychain is asked. What the disk takes is waited for: the record must not be lost to a busy computer.
    const silent = new Promise<null>((resolve) => setTimeout(resolve, silentAfterMs, null).unref());
    const key = await Promise.race([keychain.read(`${account} archive`), silent]);
    if (key === null) return;
    const left = await archive.setAsideReceipts(account, key, null);
    unsentMs = left.shownMs;
    if (left.entries + left.exports === 0) return;
    const keptKey = await Promise.race([keyFor(account), silent]);
    if (keptKey === null) return;
    await archive.setAsideReceipts(account, key, keptKey);
  }

  /** The key of what is kept: read, or made and kept. */
  async function keyFor(account: string): Promise<string> {
    const before = await keychain.read(nameOf(account));
    if (before !== null) return before;
    const made = randomBytes(32).toString('base64');
    await keychain.write(nameOf(account), made);
    return made;
  }

  return {
    async setAside(account) {
      unsentMs = 0;
      await keep(account);
    },
    async takeBack(account) {
      const key = await keychain.read(nameOf(account));
      if (key === null) return;
      await archive.takeBackReceipts(account, key);
      await keychain.remove(nameOf(account));
    },
    unsentMs: () => unsentMs,
  };
}
