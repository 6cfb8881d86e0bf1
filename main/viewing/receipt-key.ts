import { createPublicKey, verify } from 'node:crypto';
import { type Checkpoint, signedText } from '../../contract/receipt.ts';

/** Whether a checkpoint is signed (Ed25519) with the key: SPKI, base64url. A key that is none signs nothing. */
export function isSignedWith(key: string, { signature, ...word }: Checkpoint): boolean {
  try {
    const spki = createPublicKey({ key: Buffer.from(key, 'base64url'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(signedText(word)), spki, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

export interface ReceiptKey {
  /** Compares the gateway's key with the one that is remembered, when it has said it (anew). */
  check(): Promise<void>;
  /** Whether a checkpoint is signed by this gateway. A gateway that never had a key signs nothing, and nothing is asked of it. */
  signs(checkpoint: Checkpoint): Promise<boolean>;
  /** The key (SPKI, base64url) that this account trusts; null for a gateway that never had one. `anew` asks the gateway first. */
  get(anew?: boolean): Promise<string | null>;
}

/**
 * The key under a gateway's checkpoints, as this account knows it: the first one is trusted and remembered. Another one is told to the
 * person, once, and remembered instead: whoever looks after the gateway can say whether it was replaced on purpose.
 */
export function createReceiptKey(options: {
  /** The key as the gateway last said it; null when it has none. */
  said(): string | null;
  /** Asks the gateway again. */
  ask(): Promise<unknown>;
  remembered: { get(): Promise<string | null>; keep(key: string): Promise<void> };
  /** Another key than the one that was remembered. */
  changed(): void;
  report(error: unknown, where: string): void;
}): ReceiptKey {
  const { said, ask, remembered, changed, report } = options;
  let known: string | null = null;
  let working: Promise<void> = Promise.resolve();

  async function compare(): Promise<void> {
    known ??= await remembered.get();
    const key = said();
    if (key === null || key === known) return;
    if (known !== null) changed();
    known = key;
    await remembered.keep(key);
  }

  function check(): Promise<void> {
    working = working.then(compare).catch((error) => report(error, 'receipt-key'));
    return working;
  }

  return {
    check,
    async get(anew = false) {
      if (anew) await ask().catch(() => undefined);
      await check();
      return known;
    },
    async signs(checkpoint) {
      await check();
      if (known === null || isSignedWith(known, checkpoint)) return true;
      // The gateway may have begun anew with another key since it was last asked.
      await ask().catch(() => undefined);
      await check();
      return isSignedWith(known, checkpoint);
    },
  };
}
