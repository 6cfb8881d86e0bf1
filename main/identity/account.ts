import { createHash, randomBytes } from 'node:crypto';
import { FailureError } from '../../contract/failure.ts';
import { type Account, type KeychainState, User } from '../../contract/identity.ts';
import { parseAddress } from '../gateway/address.ts';
import type { Credentials, Gateway } from '../gateway/client.ts';
import type { Keychain } from './keychain.ts';
import type { Remembered, StoredAccount } from './remembered.ts';
import { TokenKeeper } from './tokens.ts';
import type { WipeReason, Wipes } from './wipes.ts';

export interface AccountService {
  get(): Account;
  /** Signs in the account that stayed signed in, if there is one. */
  start(): Promise<void>;
  /** Rejects with a FailureError; the account stays as it was then. */
  signIn(input: {
    gateway: string;
    userName: string;
    password: string;
    oneTimeCode?: string | undefined;
    remember: boolean;
  }): Promise<Account>;
  signOut(): Promise<Account>;
  /** The gateway says that the sign-in is over. What is kept stays: the person may sign in again. */
  ended(): Promise<void>;
  /** The gateway wants everything of this sign-in removed from the computer. */
  wipeOrdered(): Promise<void>;
  userChanged(user: User): Promise<void>;
  forget(id: string): Promise<Account>;
  retryKeychain(): Promise<Account>;
}

/** What the account needs done around it, in the order of start.ts. */
export interface SignInEffects {
  connect(address: string, credentials: Credentials): Gateway;
  /** Somebody stayed signed in: what they will need soon may begin to start. */
  expected(): void;
  /** Opens what is kept for the account and begins to listen. Answers with the last known user, if there is one. */
  opened(account: string, archiveKey: Buffer | null): Promise<User | null>;
  /** The user is known (again): services may begin. */
  signedIn(gateway: Gateway, user: User): Promise<void>;
  /** Everything of the account stops, and what is kept of it is closed. */
  closed(): Promise<void>;
  publish(account: Account): void;
}

type Session = { stored: StoredAccount; gateway: Gateway; tokens: TokenKeeper; user: User; gatewayName: string };

/** What is to be removed does not wait longer than this for what goes on with it. */
const closeWithinMs = 1_000;

/** Who is signed in. Passwords pass through, access tokens stay in memory, refresh tokens and the archive's key in the keychain. */
export function createAccount(options: {
  keychain: Keychain;
  remembered: Remembered;
  wipes: Wipes;
  effects: SignInEffects;
  suggestedGateway: string;
  /** How much of the record of viewings was set aside at a sign-out (ms shown). */
  unsentMs: () => number;
  report: (error: unknown, where: string) => string;
}): AccountService {
  const { keychain, remembered, wipes, effects, report } = options;
  let account: Account = { state: 'starting' };
  let session: Session | null = null;
  let keychainState: KeychainState = 'absent';
  let probing: Promise<void> = Promise.resolve();

  const set = (next: Account) => {
    account = next;
    effects.publish(next);
    return next;
  };

  async function signedOut(why: Extract<Account, { state: 'signed-out' }>['why']): Promise<Account> {
    const stored = await remembered.list();
    return set({
      state: 'signed-out',
      keychain: keychainState,
      remembered: stored.map(({ id, gateway, userName, displayName }) => ({ id, gateway, userName, displayName })),
      suggestedGateway: options.suggestedGateway || (stored[0]?.gateway ?? ''),
      why,
      unsentMs: why === 'signed-out' ? options.unsentMs() : 0,
    });
  }

  /** The form waits for nothing: what the keychain can do is found out while it is being filled in. */
  async function signedOutAndProbe(why: Parameters<typeof signedOut>[0]): Promise<Account> {
    const shown = await signedOut(why);
    probing = keychain.probe().then(async (state) => {
      // Who has tried again meanwhile, or signed in, knows better.
      if (account !== shown || state === keychainState) return;
      keychainState = state;
      await signedOut(why);
    });
    return shown;
  }

  const signedIn = ({ user, gatewayName }: Session) => set({ state: 'signed-in', user, gatewayName, keychain: keychainState });

  /** The archive's key of an account: read, or made and kept. Null when there is no keychain to keep it in, or something still has to go. */
  async function archiveKey(id: string): Promise<Buffer | null> {
    if (keychainState !== 'ok' || wipes.isPending(id)) return null;
    try {
      const kept = await keychain.read(`${id} archive`);
      if (kept) return Buffer.from(kept, 'base64');
      const key = randomBytes(32);
      await keychain.write(`${id} archive`, key.toString('base64'));
      return key;
    } catch (error) {
      report(error, 'keychain');
      return null;
    }
  }

  function connect(address: string, keep: (refreshToken: string) => Promise<void>): { gateway: Gateway; tokens: TokenKeeper } {
    const tokens = new TokenKeeper(
      keep,
      () => gateway,
      () => void service.wipeOrdered().catch((error) => report(error, 'wipe')),
    );
    const gateway: Gateway = effects.connect(address, tokens);
    return { gateway, tokens };
  }

  const keeper = (stored: StoredAccount) => async (refreshToken: string) => {
    if (!stored.stays || keychainState !== 'ok') return;
    await keychain.write(`${stored.id} sign-in`, refreshToken).catch((error) => report(error, 'keychain'));
  };

  async function close(): Promise<void> {
    const closing = session;
    session = null;
    if (!closing) return;
    await effects.closed();
    await closing.tokens.release();
    if (keychainState !== 'ok') return;
    await keychain.remove(`${closing.stored.id} sign-in`).catch((error) => report(error, 'keychain'));
  }

  /** Notes that everything of an account has to go, ends what goes on with it, and removes it. */
  async function wipe(id: string, why: WipeReason): Promise<void> {
    const leaving = session;
    session = null;
    await wipes.order(id, why);
    // Viewings end first: their last receipts still need the token. The gateway is told, but nobody waits for it.
    await Promise.race([effects.closed(), new Promise((resolve) => setTimeout(resolve, closeWithinMs).unref())]);
    await leaving?.tokens.release();
    if (why !== 'ordered') void leaving?.tokens.end().catch((error) => report(error, 'sign-out'));
    await wipes.finish();
  }

  /** Removes everything of who is signed in and shows the form, with what ails the keychain when it has not let go of the keys. */
  async function leave(id: string, reason: WipeReason, why: Parameters<typeof signedOut>[0]): Promise<Account> {
    await wipe(id, reason);
    return wipes.isPending(id) ? signedOutAndProbe(why) : signedOut(why);
  }

  const service: AccountService = {
    get: () => account,

    async start() {
      const gone = await wipes.finish();
      const [last] = await remembered.list();
      if (!last?.stays) {
        keychainState = 'ok';
        return void (await signedOutAndProbe(gone.includes('ordered') ? 'wiped' : last ? 'signed-out' : 'never-signed-in'));
      }
      effects.expected();
      // A token that is there says that the keychain works. Null says nothing: a locked one answers so too.
      const refreshToken = await keychain.read(`${last.id} sign-in`).catch(() => null);
      keychainState = refreshToken === null ? await keychain.probe() : 'ok';
      if (keychainState === 'locked') return void (await signedOut('keychain-locked'));
      if (refreshToken === null) return void (await signedOut('signed-out'));
      const { gateway, tokens } = connect(last.address, keeper(last));
      tokens.adopt(refreshToken);
      const known = await effects.opened(last.id, await archiveKey(last.id));
      if (known) {
        session = { stored: last, gateway, tokens, user: known, gatewayName: last.gateway };
        signedIn(session);
        await effects.signedIn(gateway, known);
        return;
      }
      try {
        const user = User.parse(await gateway.calls.identity.me());
        session = { stored: last, gateway, tokens, user, gatewayName: last.gateway };
        signedIn(session);
        await effects.signedIn(gateway, user);
      } catch (error) {
        const code = error instanceof FailureError ? error.failure.code : null;
        if (code === 'WIPE_ORDERED') await wipe(last.id, 'ordered');
        else await effects.closed();
        await signedOut(code === 'WIPE_ORDERED' ? 'wiped' : code === 'SIGNED_OUT' ? 'sign-in-ended' : 'signed-out');
      }
    },

    async signIn({ gateway: typed, userName, password, oneTimeCode, remember }) {
      const address = parseAddress(typed);
      await probing;
      if (session) await close();
      await wipes.finish();
      let stored: StoredAccount | null = null;
      const { gateway, tokens } = connect(address, async (refreshToken) => {
        if (stored) await keeper(stored)(refreshToken);
      });
      const about = await gateway.about();
      const given = await gateway.calls.identity.signIn({ userName, password, ...(oneTimeCode ? { oneTimeCode } : {}) });
      const user = User.parse(given.user);
      const id = createHash('sha256').update(`${address} ${user.accountId}`).digest('hex').slice(0, 16);
      const host = new URL(address).host;
      stored = {
        id,
        address,
        gateway: typed.trim(),
        userName: user.userName,
        displayName: user.displayName,
        stays: remember && keychainState === 'ok',
      };
      await tokens.take(given);
      await remembered.put(stored);
      await effects.opened(id, await archiveKey(id));
      session = { stored, gateway, tokens, user, gatewayName: about.name || host };
      const next = signedIn(session);
      await effects.signedIn(gateway, user);
      return next;
    },

    async signOut() {
      return session ? leave(session.stored.id, 'signed-out', 'signed-out') : signedOut('signed-out');
    },

    async ended() {
      if (!session) return;
      const { stored } = session;
      await close();
      await remembered.put({ ...stored, stays: false });
      await signedOutAndProbe('sign-in-ended');
    },

    async wipeOrdered() {
      if (session) await leave(session.stored.id, 'ordered', 'wiped');
    },

    async userChanged(user) {
      if (!session) return;
      session = { ...session, user };
      signedIn(session);
    },

    async forget(id) {
      if (account.state !== 'signed-out') return account;
      await wipe(id, 'forgotten');
      return signedOut(account.why);
    },

    async retryKeychain() {
      if (account.state !== 'signed-out') return account;
      const asked = account;
      const state = await keychain.probe();
      // Another try was quicker, or somebody has signed in meanwhile: an older answer takes nothing back.
      if (account !== asked) return account;
      keychainState = state;
      if (state === 'ok') await wipes.finish();
      const waited = asked.why === 'keychain-locked';
      if (waited && keychainState === 'ok') {
        await service.start();
        return account;
      }
      return signedOut(asked.why);
    },
  };
  return service;
}
