import { copyFile, cp } from 'node:fs/promises';
import path from 'node:path';
import type { Desktop } from './desktop.ts';
import { root } from './processes.ts';

/** The keyring of a desktop, as another program of the same person uses it. */
export type Keyring = {
  names(): Promise<string[]>;
  /** Empty when there is nothing of that name. */
  read(name: string): Promise<string>;
  write(name: string, value: string): Promise<void>;
  /** Locks it, as a person or a screen lock may do at any moment. */
  lock(): Promise<void>;
};

/** Speaks with it by a Node of its own, as the user of the desktop, who may not be able to reach this folder. */
export async function openKeyring(desktop: Desktop): Promise<Keyring> {
  const node = path.join(desktop.folder, 'node');
  await copyFile(process.execPath, node);
  await cp(path.join(root, 'node_modules/keytar'), path.join(desktop.folder, 'keytar'), { recursive: true, dereference: true });
  const run = (code: string) =>
    desktop.run(node, '-e', `const keytar = require('${desktop.folder}/keytar'); (async () => { ${code} })()`);
  return {
    names: async () =>
      JSON.parse(
        await run("console.log(JSON.stringify((await keytar.findCredentials('Oversight')).map(({ account }) => account)))"),
      ),
    read: async (name) =>
      (await run(`console.log((await keytar.getPassword('Oversight', ${JSON.stringify(name)})) ?? '')`)).trim(),
    write: async (name, value) =>
      void (await run(`await keytar.setPassword('Oversight', ${JSON.stringify(name)}, ${JSON.stringify(value)})`)),
    async lock() {
      const service = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets'];
      await desktop.run(
        'dbus-send',
        ...service,
        'org.freedesktop.Secret.Service.Lock',
        'array:objpath:/org/freedesktop/secrets/collection/login',
      );
    },
  };
}
