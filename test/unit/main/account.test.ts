import { mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Failure, FailureError } from '../../../contract/failure.ts';
import { toInstant } from '../../../contract/time.ts';
import type { Credentials, Gateway } from '../../../main/gateway/client.ts';
import { createAccount } from '../../../main/identity/account.ts';
import { createKeychain } from '../../../main/identity/keychain.ts';
import { createRemembered } from '../../../main/identity/remembered.ts';
import { createWipes } from '../../../main/identity/wipes.ts';
import { eventually } from '../../support/eventually.ts';
import { me, noonMs } from '../../support/samples.ts';

// On Linux a desktop without a bus has no keychain at all: the fakes stand for ones that have.
process.env['DBUS_SESSION_BUS_ADDRESS'] ??= 'unix:path=/nowhere';

const typed = { gateway: 'https://pam.example.com', userName: 'me', password: 'x', remember: true };

let userData: string;
let kept: Map<string, string>;
/** What the keychain does before it does what it is asked to. */
let before: (what: 'get' | 'set' | 'delete', name: string) => Promise<void>;
let opened: { account: string; key: Buffer | null }[];
let wiped: string[];
let refused: Failure | null;

function start() {
  const keychain = createKeychain(async () => ({
    async getPassword(_service, name) {
      await before('get', name);
      return kept.get(name) ?? null;
    },
    async setPassword(_service, name, value) {
      await before('set', name);
      kept.set(name, value);
    },
    async deletePassword(_service, name) {
      await before('delete', name);
      return kept.delete(name);
    },
  }));
  const remembered = createRemembered(userData);
  const tokens = { accessToken: 'a', expiresInMs: 0, refreshToken: 'r', user: me };
  const connect = (_address: string, credentials: Credentials) =>
    ({
      about: async () => ({ name: 'PAM', time: toInstant(noonMs) }),
      calls: {
        identity: {
          signIn: async () => tokens,
          async refresh() {
            if (refused) throw new FailureError(refused);
            return tokens;
          },
          async me() {
            await credentials.renew(null);
            return me;
          },
          signOut: async () => ({}),
        },
      },
    }) as unknown as Gateway;
  return createAccount({
    keychain,
    remembered,
    wipes: createWipes({
      userData,
      keychain,
      remembered,
      setAside: async () => undefined,
      removeFiles: async (account) => void wiped.push(account),
      report: () => '',
    }),
    suggestedGateway: '',
    unsentMs: () => 0,
    report: () => '',
    effects: {
      connect,
      expected: () => undefined,
      async opened(account, key) {
        opened.push({ account, key });
        return null;
      },
      signedIn: async () => undefined,
      closed: async () => undefined,
      publish: () => undefined,
    },
  });
}

beforeEach(() => {
  userData = mkdtempSync(path.join(tmpdir(), 'oversight-account-'));
  kept = new Map();
  before = async () => undefined;
  opened = [];
  wiped = [];
  refused = null;
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(userData, { recursive: true, force: true });
});

/** Waits for work while the clock runs a thousand times as fast; files are as slow as ever. Answers with how long it took by that clock. */
async function inFastTime(work: Promise<unknown>): Promise<number> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  const began = performance.now();
  let ms = 0;
  for (; !done && performance.now() - began < 20_000; ms += 100) {
    await vi.advanceTimersByTimeAsync(100);
    await stat(userData);
  }
  await work;
  return ms;
}

const full = async (what: string) => {
  if (what === 'set') throw new Error('No space left on device');
};

describe('a keychain that is', () => {
  it('ok keeps the sign-in and one key, over the next start', async () => {
    const account = start();
    await account.start();
    expect(await account.signIn(typed)).toMatchObject({ state: 'signed-in', keychain: 'ok' });
    expect([...kept.keys()].map((name) => name.split(' ')[1])).toEqual(['sign-in', 'archive']);
    const next = start();
    await next.start();
    expect(next.get()).toMatchObject({ state: 'signed-in' });
    expect(opened[1]?.key?.equals(opened[0]?.key ?? Buffer.alloc(0))).toBe(true);
  });

  it('full says so; one can work, with everything in memory', async () => {
    before = full;
    const account = start();
    await account.start();
    await eventually(() => expect(account.get()).toMatchObject({ state: 'signed-out', keychain: 'full' }));
    expect(await account.signIn(typed)).toMatchObject({ state: 'signed-in', keychain: 'full' });
    expect(opened.map(({ key }) => key)).toEqual([null]);
    expect(kept.size).toBe(0);
  });

  it('full from one moment to the next keeps what is in it: a new account is in memory, nobody’s key is taken away', async () => {
    const account = start();
    await account.start();
    await account.signIn(typed);
    const before_ = new Map(kept);
    before = full;
    const next = start();
    await next.start();
    // The new refresh token found no room. What is signed in stays so, and its archive opens.
    expect(next.get()).toMatchObject({ state: 'signed-in' });
    expect(opened[1]?.key).not.toBeNull();
    expect(kept).toEqual(before_);
    expect(wiped).toEqual([]);
  });

  it('slow is waited for; one that keeps silent is given up after a while, and holds nobody up for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    before = () => pause(1_500);
    const slow = start();
    await slow.start();
    await inFastTime(slow.signIn(typed));
    expect(slow.get()).toMatchObject({ state: 'signed-in', keychain: 'ok' });
    expect(opened[0]?.key).not.toBeNull();

    before = () => pause(1e9);
    const silent = start();
    expect(await inFastTime(silent.start()), 'ms that the keychain was waited for').toBeLessThan(30_000);
    expect(silent.get()).toMatchObject({ state: 'signed-out', keychain: 'failing' });
    expect(wiped, 'nothing is wiped').toEqual([]);
    expect([...kept.keys()].length).toBe(2);
  });
});

it('an answer of the keychain that comes late takes nothing back', async () => {
  const account = start();
  await account.start();
  await account.signIn(typed);
  before = async () => {
    throw new Error('Cannot create an item in a locked collection');
  };
  const next = start();
  await next.start();
  expect(next.get()).toMatchObject({ state: 'signed-out', why: 'keychain-locked' });
  const { promise: late, reject } = Promise.withResolvers<void>();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  before = () => {
    resolve();
    return late;
  };
  const first = next.retryKeychain();
  await asked;
  before = async () => undefined;
  expect(await next.retryKeychain()).toMatchObject({ state: 'signed-in' });
  reject(new Error('Cannot create an item in a locked collection'));
  expect(await first).toMatchObject({ state: 'signed-in' });
  expect(next.get()).toMatchObject({ state: 'signed-in' });
});

it('a keychain that was restarted meanwhile is said when somebody signs out, and nothing new is kept in it', async () => {
  const account = start();
  await account.start();
  await account.signIn(typed);
  before = async () => {
    throw new Error('The session wrapping the secret does not exist');
  };
  expect(await account.signOut()).toMatchObject({ state: 'signed-out', why: 'signed-out' });
  expect(wiped, 'the files wait for no keychain').toEqual([opened[0]?.account]);
  await eventually(() => expect(account.get()).toMatchObject({ state: 'signed-out', keychain: 'restarted' }));
  await account.signIn(typed);
  expect(opened.at(-1)?.key, 'nothing on the disk without its key').toBeNull();
  // Another start finds it again, and finishes.
  before = async () => undefined;
  const next = start();
  await next.start();
  expect(next.get()).toMatchObject({ state: 'signed-out', keychain: 'ok' });
  await eventually(() => expect(kept.size).toBe(0));
});

describe('the order to wipe', () => {
  it('that answers a renewal removes keys, files and name, and is said', async () => {
    const account = start();
    await account.start();
    await account.signIn(typed);
    refused = { code: 'WIPE_ORDERED', data: {} };
    const next = start();
    await next.start();
    expect(next.get()).toMatchObject({ state: 'signed-out', why: 'wiped', remembered: [] });
    expect(kept.size).toBe(0);
    expect(wiped).toEqual([opened[0]?.account]);
  });

  it('that comes as an event does the same', async () => {
    const account = start();
    await account.start();
    await account.signIn(typed);
    await account.wipeOrdered();
    expect(account.get()).toMatchObject({ state: 'signed-out', why: 'wiped', remembered: [] });
    expect(kept.size).toBe(0);
    expect(wiped).toHaveLength(1);
  });
});
