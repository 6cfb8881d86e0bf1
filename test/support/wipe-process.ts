import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createArchiveHandlers } from '../../main/archive/handlers.ts';
import type { Keychain } from '../../main/identity/keychain.ts';
import { createRemembered } from '../../main/identity/remembered.ts';
import { createWipes } from '../../main/identity/wipes.ts';

/** A keychain in a folder: what is in it survives a kill, as the system's does. */
export function folderKeychain(folder: string): Keychain {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => path.join(folder, encodeURIComponent(name));
  return {
    probe: async () => 'ok',
    settled: async () => true,
    read: async (name) => (readdirSync(folder).includes(encodeURIComponent(name)) ? readFileSync(file(name), 'utf8') : null),
    write: async (name, value) => writeFileSync(file(name), value),
    remove: async (name) => rmSync(file(name), { force: true }),
  };
}

/** What wipes accounts kept below `root`, as main makes it. */
export function wipesIn(root: string) {
  const handlers = createArchiveHandlers();
  return createWipes({
    userData: root,
    keychain: folderKeychain(path.join(root, 'keychain')),
    remembered: createRemembered(root),
    removeFiles: async (account) => void (await handlers.wipe({ folder: path.join(root, 'archive'), name: account })),
    setAside: async () => undefined,
    report: (error) => {
      throw error;
    },
  });
}

// Run as a child it wipes `one` below the folder it is given, says when that was ordered, and ends when it is done.
const [, script, root] = process.argv;
if (script === import.meta.filename && root !== undefined) {
  const wipes = wipesIn(root);
  await wipes.finish();
  process.stdout.write('begun\n');
  await wipes.order('one', 'ordered');
  process.stdout.write('ordered\n');
  await wipes.finish();
}
