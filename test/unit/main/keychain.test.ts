import { expect, it } from 'vitest';
import { createKeychain, stateOf } from '../../../main/identity/keychain.ts';

/** keytar, as far as the keychain uses it, over a map. */
function fake(read?: () => Promise<null>) {
  const kept = new Map<string, string>();
  const keytar = {
    getPassword: read ?? (async (_service: string, name: string) => kept.get(name) ?? null),
    setPassword: async (_service: string, name: string, value: string) => void kept.set(name, value),
    deletePassword: async (_service: string, name: string) => kept.delete(name),
  };
  return { kept, keychain: createKeychain(async () => keytar) };
}

// On Linux a desktop without a bus has no keychain at all: the fake stands for one that has.
process.env['DBUS_SESSION_BUS_ADDRESS'] ??= 'unix:path=/nowhere';

it('a keychain that keeps what it is given is ok, and nothing of the probe stays', async () => {
  const { kept, keychain } = fake();
  expect(await keychain.probe()).toBe('ok');
  expect(kept.size).toBe(0);
});

it('a locked keyring answers null to a read: that is locked, never "signed out"', async () => {
  expect(await fake(async () => null).keychain.probe()).toBe('locked');
});

it('what an error says of it', () => {
  expect(stateOf(new Error('Cannot create an item in a locked collection'))).toBe('locked');
  expect(stateOf(new Error('The name org.freedesktop.secrets was not provided by any .service files'))).toBe('absent');
  expect(stateOf(new Error('The session wrapping the secret does not exist'))).toBe('restarted');
  expect(stateOf(new Error('No space left on device'))).toBe('full');
  expect(stateOf(new Error('the keychain did not answer'))).toBe('failing');
});

it('knows of a call that never comes back, so that the end of the app does not wait for it', async () => {
  const { promise, resolve } = Promise.withResolvers<null>();
  const { keychain } = fake(() => promise);
  expect(await keychain.settled()).toBe(true);
  const reading = keychain.read('x');
  expect(await keychain.settled()).toBe(false);
  resolve(null);
  await reading;
  expect(await keychain.settled()).toBe(true);
});
