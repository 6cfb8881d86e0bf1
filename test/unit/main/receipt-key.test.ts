import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Checkpoint, signedText } from '../../../contract/receipt.ts';
import { createReceiptKey, isSignedWith } from '../../../main/viewing/receipt-key.ts';

const word = { viewingId: 'v1', sequence: 3, hash: 'a'.repeat(64), at: '2026-11-24T12:00:00.000Z' };

/** A gateway's key: its public half as `about` says it, and what it signs. */
function gatewayKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    said: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    sign: (more: Partial<Checkpoint> = {}): Checkpoint => {
      const signature = sign(null, Buffer.from(signedText({ ...word, ...more })), privateKey).toString('base64url');
      return { ...word, ...more, signature };
    },
  };
}
const first = gatewayKey();
const other = gatewayKey();

/** A computer that remembers a key, and a gateway that says one. */
function world(remembered: string | null = null) {
  const state = { said: first.said as string | null, next: null as string | null, remembered, changes: 0 };
  const key = createReceiptKey({
    said: () => state.said,
    ask: async () => {
      state.said = state.next ?? state.said;
    },
    remembered: {
      get: async () => state.remembered,
      keep: async (kept) => {
        state.remembered = kept;
      },
    },
    changed: () => {
      state.changes += 1;
    },
    report: (error) => {
      throw error;
    },
  });
  return { state, key };
}

it('knows what is signed from what was changed afterwards, and a key from what is none', () => {
  expect(isSignedWith(first.said, first.sign())).toBe(true);
  expect(isSignedWith(first.said, other.sign())).toBe(false);
  expect(isSignedWith(first.said, { ...first.sign(), sequence: 4 })).toBe(false);
  expect(isSignedWith(first.said, { ...first.sign(), signature: '' })).toBe(false);
  expect(isSignedWith('nothing', first.sign())).toBe(false);
});

it('trusts the first key and remembers it', async () => {
  const { state, key } = world();
  expect(await key.signs(first.sign())).toBe(true);
  expect(state).toMatchObject({ remembered: first.said, changes: 0 });
  expect(await key.signs(other.sign())).toBe(false);
  expect(state.changes).toBe(0);
});

it('says once that the key is another, and goes on with that', async () => {
  const { state, key } = world(other.said);
  await key.check();
  await key.check();
  expect(state).toMatchObject({ remembered: first.said, changes: 1 });
  expect(await key.signs(first.sign())).toBe(true);
});

it('asks the gateway once more before it calls a signature wrong: it may have begun anew', async () => {
  const { state, key } = world(first.said);
  state.next = other.said;
  expect(await key.signs(other.sign())).toBe(true);
  expect(state).toMatchObject({ remembered: other.said, changes: 1 });
});

it('goes by the key it knows when the gateway says none any more', async () => {
  const { state, key } = world(first.said);
  state.said = null;
  expect(await key.signs(first.sign())).toBe(true);
  expect(await key.signs(other.sign())).toBe(false);
});

it('asks nothing of a gateway that never had a key', async () => {
  const { state, key } = world();
  state.said = null;
  expect(await key.signs({ ...word, signature: '' })).toBe(true);
  expect(state.remembered).toBeNull();
});
