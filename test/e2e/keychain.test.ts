import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Keyring, openKeyring } from '../support/keyring.ts';
import { until } from '../support/processes.ts';

/** A real keyring in each of its states. Without one: bad-days.test.ts; slow and full ones: test/unit/main/account.test.ts. */
describe('the system keychain', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let keyring: Keyring;
  let app: App;
  const words = 'A draft that no keyring may take away';

  const start = async () => {
    app = await launchApp(desktop, { userData: 'keychain', gateway: gateway.url });
  };
  const files = () => readdirSync(path.join(app.userData, 'archive')).filter((name) => !/-(wal|shm)$/.test(name));
  const signedIn = () => app.window.getByRole('link', { name: 'Remote Sessions' }).waitFor();
  async function signOut(): Promise<void> {
    await app.window.getByRole('button', { name: /Marta Reis/ }).click();
    await app.window.getByRole('menuitem', { name: 'Sign out' }).click();
  }
  /** Opens the dialog for a session; answers with what is typed there. */
  async function draft(change?: string): Promise<string> {
    const { window } = app;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    const box = dialog.getByRole('textbox', { name: 'Justification' });
    await box.waitFor();
    if (change !== undefined) await box.fill(change);
    const text = await box.inputValue();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    return text;
  }

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    keyring = await openKeyring(desktop);
    await start();
    await signIn(app, 'marta.reis');
    await draft(words);
    await app.close();
  });
  afterAll(async () => {
    await app?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  it('that works keeps the sign-in and the key, and nothing else', async () => {
    expect((await keyring.names()).map((name) => name.split(' ')[1]).sort()).toEqual(['archive', 'sign-in']);
    await start();
    await signedIn();
    expect(await draft()).toBe(words);
    await app.close();
  });

  it('that is locked is asked to be unlocked; nothing is wiped; once unlocked, everything is there', async () => {
    const before = files();
    await keyring.lock();
    await start();
    await app.window.getByText(/keychain is locked, so the account/).waitFor();
    await app.window.getByRole('button', { name: 'Try again' }).waitFor();
    expect(files()).toEqual(before);
    await app.close();
    expect(files()).toEqual(before);
    // Unlocked as by a sign-in to the desktop: another daemon, which the running app would not have found.
    await desktop.killKeyring();
    await desktop.startKeyring();
    await start();
    await signedIn();
    expect(await draft()).toBe(words);
  });

  it('that dies in the middle takes nothing along: the work goes on, and the next start with one finds everything', async () => {
    const before = files();
    await desktop.killKeyring();
    expect(await draft(`${words}, also this`)).toBe(`${words}, also this`);
    await app.close();
    // The desktop starts another one, which nobody has unlocked.
    await start();
    await app.window.getByText(/keychain is locked, so the account/).waitFor();
    expect(files(), 'nothing is wiped').toEqual(before);
    await app.close();
    await desktop.killKeyring();
    await desktop.startKeyring();
    await start();
    await signedIn();
    expect(await draft()).toBe(`${words}, also this`);
  });

  it('that is locked at sign-out holds no file up; the key goes when it is unlocked', async () => {
    await keyring.lock();
    await signOut();
    const clicked = Date.now();
    await until('the files to be gone', () => files().length === 0, 5_000, 10);
    expect(Date.now() - clicked, 'ms until the last file is gone').toBeLessThan(2_000);
    await app.window.getByRole('button', { name: 'Sign in' }).waitFor();
    await app.window.getByText('The system keychain is locked. Unlock it to stay signed in.').waitFor();
    await app.close();
    expect(JSON.parse(readFileSync(path.join(app.userData, 'wipes.json'), 'utf8')).wipes).toHaveLength(1);
    await desktop.killKeyring();
    await desktop.startKeyring();
    expect(
      (await keyring.names()).some((name) => name.endsWith('archive')),
      'the key, as yet',
    ).toBe(true);
    await start();
    await app.window.getByRole('button', { name: 'Sign in' }).waitFor();
    await until('the keys to be gone', async () => (await keyring.names()).length === 0, 10_000);
    await signIn(app, 'marta.reis');
    expect(await draft('Typed for another key')).toBe('Typed for another key');
    await app.close();
  });

  it('that is restarted while the app runs is not found again before the next start, and the form says so', async () => {
    await start();
    await signedIn();
    await desktop.killKeyring();
    await desktop.startKeyring();
    await signOut();
    await app.window.getByText(/Quit Oversight and start it again to stay signed in/).waitFor();
    expect(await app.window.getByRole('checkbox', { name: 'Stay signed in on this computer' }).isDisabled()).toBe(true);
    expect(files()).toEqual([]);
    await app.close();
    await start();
    await app.window.getByRole('checkbox', { name: 'Stay signed in on this computer', disabled: false }).waitFor();
    await until('the keys to be gone', async () => (await keyring.names()).length === 0, 10_000);
    await signIn(app, 'marta.reis');
    await draft('Typed after the restart');
    await app.close();
  });

  it('whose key was changed: the files are put aside, that is said, and nothing is wiped', async () => {
    const name = (await keyring.names()).find((one) => one.endsWith(' archive')) ?? '';
    await keyring.write(name, Buffer.alloc(32, 3).toString('base64'));
    await start();
    await app.window.getByText(/put aside and is being fetched anew/).waitFor();
    await app.window.getByText(/Unsent drafts on this computer could not be read/).waitFor();
    const aside = files().filter((one) => one.includes('.unreadable-'));
    expect(aside.some((one) => one.includes('.archive.')) && aside.some((one) => one.includes('.drafts.'))).toBe(true);
    await signedIn();
    expect(await draft('And on it goes')).toBe('And on it goes');
    expect(JSON.parse(readFileSync(path.join(app.userData, 'wipes.json'), 'utf8')).wipes).toEqual([]);
    expect(await keyring.names()).toHaveLength(2);
  });
});
