import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeychainState } from '../../../contract/identity.ts';
import type { Keychain } from '../../../main/identity/keychain.ts';
import { createRemembered } from '../../../main/identity/remembered.ts';
import { createWipes } from '../../../main/identity/wipes.ts';
import { until } from '../../support/processes.ts';

const account = 'a1';
let userData: string;
let keys: Set<string>;
let state: KeychainState;
let files: Set<string>;
/** What was done, in order. The process is killed before the step of this number. */
let steps: string[];
let killedBefore: number;
let answers: Promise<void>;
/** Whose receipts were set aside. */
let setAside: string[];

const step = (name: string) => {
  if (steps.length >= killedBefore) throw new Error('killed');
  steps.push(name);
};

function keychain(): Keychain {
  return {
    probe: async () => state,
    settled: async () => true,
    read: async (name) => (keys.has(name) ? 'x' : null),
    write: async (name) => void keys.add(name),
    async remove(name) {
      step(name);
      await answers;
      if (state === 'ok') keys.delete(name);
    },
  };
}

const remembered = () => createRemembered(userData);
const wipes = () =>
  createWipes({
    userData,
    keychain: keychain(),
    remembered: remembered(),
    setAside: async (name) => void setAside.push(name),
    removeFiles: async (name) => {
      step('files');
      files.delete(name);
    },
    report: () => '',
  });
const stays = async () => (await remembered().list()).map(({ id, stays: staying }) => [id, staying]);

beforeEach(async () => {
  userData = mkdtempSync(path.join(tmpdir(), 'oversight-wipes-'));
  keys = new Set([`${account} archive`, `${account} sign-in`, 'b2 archive']);
  files = new Set([account, 'b2']);
  state = 'ok';
  steps = [];
  setAside = [];
  killedBefore = Number.POSITIVE_INFINITY;
  answers = Promise.resolve();
  for (const id of ['b2', account])
    await remembered().put({ id, address: 'x', gateway: 'x', userName: id, displayName: id, stays: true });
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

const nothingLeft = () => {
  expect([...keys]).toEqual(['b2 archive']);
  expect([...files]).toEqual(['b2']);
};

describe('what has to go', () => {
  it('goes: the key first, then the files, and the account does not stay signed in', async () => {
    const ones = wipes();
    await ones.order(account, 'signed-out');
    expect(ones.isPending(account)).toBe(true);
    expect(await ones.finish()).toEqual(['signed-out']);
    nothingLeft();
    expect(setAside).toEqual([account]);
    expect(steps).toEqual([`${account} archive`, `${account} sign-in`, 'files']);
    expect(await stays()).toEqual([
      [account, false],
      ['b2', true],
    ]);
    expect(ones.isPending(account)).toBe(false);
    expect(await wipes().finish()).toEqual([]);
  });

  it('takes the name along when the account was forgotten or the gateway ordered it', async () => {
    for (const why of ['forgotten', 'ordered'] as const) {
      const ones = wipes();
      await ones.order(account, why);
      await ones.finish();
      expect(setAside).toEqual([]);
      expect(await stays()).toEqual([['b2', true]]);
    }
  });

  it('goes at the next start when the process was killed before any of the steps, for the reason there was', async () => {
    for (killedBefore = 0; killedBefore < 3; killedBefore += 1) {
      keys = new Set([`${account} archive`, `${account} sign-in`, 'b2 archive']);
      files = new Set([account, 'b2']);
      steps = [];
      const before = killedBefore;
      const ones = wipes();
      await ones.order(account, 'ordered');
      await ones.finish();
      expect(steps.length, 'steps before the kill').toBeLessThanOrEqual(before + 1);
      killedBefore = Number.POSITIVE_INFINITY;
      expect(await wipes().finish()).toEqual(['ordered']);
      nothingLeft();
      expect(await wipes().finish(), 'nothing is noted any more').toEqual([]);
      killedBefore = before;
    }
  });

  it('waits half a second for a keychain that keeps silent, not longer; the key goes when it answers', async () => {
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    answers = promise;
    const ones = wipes();
    await ones.order(account, 'signed-out');
    await ones.finish();
    expect([...files]).toEqual(['b2']);
    expect(ones.isPending(account)).toBe(true);
    answer();
    await until('the key to be gone', () => !ones.isPending(account), 5_000, 5);
    nothingLeft();
  });

  it('stays noted while the keychain is locked, and its files are gone all the same', async () => {
    state = 'locked';
    const ones = wipes();
    await ones.order(account, 'signed-out');
    await ones.finish();
    expect([...files]).toEqual(['b2']);
    expect(ones.isPending(account), 'not to be opened').toBe(true);
    const later = wipes();
    expect(await later.finish()).toEqual(['signed-out']);
    expect(later.isPending(account)).toBe(true);
    state = 'ok';
    await later.finish();
    expect(later.isPending(account)).toBe(false);
    nothingLeft();
  });

  it('is not held up by a note that cannot be read: that is put aside', async () => {
    writeFileSync(path.join(userData, 'wipes.json'), 'half a no');
    const ones = wipes();
    expect(await ones.finish()).toEqual([]);
    expect(existsSync(path.join(userData, 'wipes.json'))).toBe(false);
    await ones.order(account, 'forgotten');
    await ones.finish();
    nothingLeft();
  });
});
