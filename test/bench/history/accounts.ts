import { chownSync, copyFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { openEncrypted } from '../../../main/archive/database.ts';
import { archiveMigrations } from '../../../main/archive/migrations.ts';
import { launchApp, signIn } from '../../support/app.ts';
import { callFromPage } from '../../support/bridge-in-page.ts';
import type { Desktop } from '../../support/desktop.ts';
import { startGateway } from '../../support/gateway.ts';
import { openKeyring } from '../../support/keyring.ts';
import { key, many, seeded } from './seed.ts';

/** Of how many requests and sessions an archive is, and the user data folder of somebody who stayed signed in with it. */
export type Kept = { userData: string; archive: string };

const few = { requests: 100, sessions: 60 };

/** Two folders in which the same person stayed signed in, offline: one with a seeded archive of a million requests, one of a hundred. */
export async function keptAccounts(desktop: Desktop): Promise<{ few: Kept; many: Kept }> {
  const gateway = await startGateway();
  const keyring = await openKeyring(desktop);
  try {
    const kept = async (name: string, size: typeof many): Promise<Kept> => {
      const app = await launchApp(desktop, { userData: name, gateway: gateway.url });
      await signIn(app, 'marta.reis');
      await app.window.getByText('Synchronised').waitFor();
      const account = await callFromPage(app.window, 'account.get', {});
      await app.close();
      const archiveKey = (await keyring.names()).find((one) => one.endsWith(' archive'));
      if (!archiveKey) throw new Error('no key of an archive');
      await keyring.write(archiveKey, Buffer.from(key, 'hex').toString('base64'));
      const folder = path.join(app.userData, 'archive');
      const own = readdirSync(folder).find((file) => file.endsWith('.archive'));
      if (!own) throw new Error('no archive');
      const { uid, gid } = statSync(path.join(folder, own));
      for (const file of readdirSync(folder)) rmSync(path.join(folder, file));
      const archive = path.join(folder, own);
      const made = seeded(size);
      copyFileSync(path.join(made.folder, `${made.name}.archive`), archive);
      const { db } = openEncrypted(archive, key, archiveMigrations);
      const { user } = account.value as { user: unknown };
      const put = db.prepare('insert or replace into meta values (?, ?)');
      put.run('user', JSON.stringify(user));
      put.run('looked', new Date().toISOString());
      put.run('synchronised', new Date().toISOString());
      db.close();
      chownSync(archive, uid, gid);
      return { userData: name, archive };
    };
    return { few: await kept('few', few), many: await kept('many', many) };
  } finally {
    await gateway.remove();
  }
}
