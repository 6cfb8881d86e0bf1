import { randomBytes } from 'node:crypto';
import type { KeychainState } from '../../contract/identity.ts';

export interface Keychain {
  /** Writes, reads and removes something of no worth, to see what the keychain can do now. */
  probe(): Promise<KeychainState>;
  /** The value under a name; null also when the keyring is locked (keytar cannot tell), so null never means "signed out". */
  read(name: string): Promise<string | null>;
  write(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Waits a moment for what was asked of it. Answers whether all of that has come back. */
  settled(): Promise<boolean>;
}

type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>;

const service = 'Oversight';
/** A keychain that asks the person something may take long; one that never answers must not hold the app. */
const limitMs = 8_000;
const settleMs = 1_000;

/** The system's keychain. Loaded on first use: it is native code that the first screen does not need. */
export function createKeychain(load: () => Promise<Keytar> = async () => (await import('keytar')).default): Keychain {
  let loaded: Promise<Keytar> | undefined;
  const keytar = () => {
    loaded ??= load();
    return limited(loaded);
  };
  const asked = new Set<Promise<unknown>>();
  /** A call that is given up goes on by itself, perhaps without end. */
  const ask = <T>(work: Promise<T>): Promise<T> => {
    const over: Promise<unknown> = work.then(
      () => asked.delete(over),
      () => asked.delete(over),
    );
    asked.add(over);
    return limited(work);
  };
  const keychain: Keychain = {
    async probe() {
      if (process.platform === 'linux' && !process.env['DBUS_SESSION_BUS_ADDRESS'] && !process.env['XDG_RUNTIME_DIR'])
        return 'absent';
      const value = randomBytes(8).toString('hex');
      try {
        await keychain.write('probe', value);
        if ((await keychain.read('probe')) !== value) return 'locked';
        await keychain.remove('probe');
        return 'ok';
      } catch (error) {
        return stateOf(error);
      }
    },
    read: async (name) => ask((await keytar()).getPassword(service, name)),
    write: async (name, value) => ask((await keytar()).setPassword(service, name, value)),
    async remove(name) {
      await ask((await keytar()).deletePassword(service, name));
    },
    async settled() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, settleMs);
      });
      await Promise.race([Promise.all(asked), late]).finally(() => clearTimeout(timer));
      return asked.size === 0;
    },
  };
  return keychain;
}

/** What an error of the keychain says about it, in the words of libsecret, macOS and Windows. */
export function stateOf(error: unknown): Exclude<KeychainState, 'ok'> {
  const text = error instanceof Error ? error.message : String(error);
  if (/locked|dismissed|prompt|canceled|user interaction is not allowed/i.test(text)) return 'locked';
  if (
    /serviceunknown|not provided by any|no such (file|interface|secret collection)|cannot autolaunch|could not connect|dbus|org\.freedesktop/i.test(
      text,
    )
  )
    return 'absent';
  // libsecret stays with the daemon that it spoke with first, even when another has taken its place.
  if (/session wrapping the secret/i.test(text)) return 'restarted';
  if (/quota|no space|too (large|long|big)|stub received bad data|1783/i.test(text)) return 'full';
  return 'failing';
}

function limited<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the keychain did not answer')), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
