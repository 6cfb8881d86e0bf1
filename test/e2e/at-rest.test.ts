import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chooseReason } from '../support/main-job.ts';
import { until } from '../support/processes.ts';
import { tracesOf } from '../support/traces.ts';

const folderOf = (app: App) => path.join(app.userData, 'archive');
const kept = (app: App) => (existsSync(folderOf(app)) ? readdirSync(folderOf(app)) : []);

/** How many things of the app are in the desktop's keyring. */
async function keysIn(desktop: Desktop): Promise<number> {
  const to = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets'];
  const found = await desktop.run(
    'dbus-send',
    ...to,
    'org.freedesktop.Secret.Service.SearchItems',
    'dict:string:string:service,Oversight',
  );
  return found.match(/object path/g)?.length ?? 0;
}

async function typeDraft({ window }: App, sessionId: string, words: string): Promise<void> {
  await window.getByRole('link', { name: 'Remote Sessions' }).click();
  await window.getByRole('searchbox').fill(sessionId);
  await window.getByRole('button', { name: `Actions for session ${sessionId}` }).click();
  await window.getByRole('menuitem', { name: /^Session video/ }).click();
  const dialog = window.getByRole('dialog', { name: 'Justification' });
  await dialog.getByRole('textbox', { name: 'Justification' }).fill(words);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await window.getByRole('searchbox').fill('');
}

async function signOut({ window }: App, name: string): Promise<void> {
  await window.getByRole('button', { name: new RegExp(name) }).click();
  await window.getByRole('menuitem', { name: 'Sign out' }).click();
  await window.getByRole('button', { name: 'Sign in' }).waitFor();
}

describe('what signing out leaves behind', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let app: App;

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    app = await launchApp(desktop, { userData: 'rest', gateway: gateway.url });
    await signIn(app, 'marta.reis');
  });
  afterAll(async () => {
    await app?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  it('is nothing that was read or written, in no file of the profile; forgetting the account takes the name too', async () => {
    const said = 'kingfisher over the millpond';
    const draft = 'a heron behind the weir';
    const searched = 'wagtail';
    await ask(app, '4f1aa', `Looking into the ${said}`);
    await typeDraft(app, '4f1e9', `Unsent: ${draft}`);
    await app.window.getByRole('searchbox').fill(searched);
    await app.window.getByRole('link', { name: 'My requests' }).click();
    await app.window.getByText(said).first().waitFor();
    // biome-ignore lint/performance/useDomNodeTextContent: a name ends where its cell does
    const device = await app.window.evaluate(() => document.body.innerText.match(/[a-z]+-?\d*\.[a-z.]+[a-z]/)?.[0] ?? '');
    const canaries = [said, draft, searched, ...(device === '' ? [] : [device])];
    // A second start, so that whatever is written when the app ends has been written.
    await app.close();
    app = await launchApp(desktop, { userData: 'rest', gateway: gateway.url });
    await app.window.getByRole('link', { name: 'My requests' }).click();
    await app.window.getByText(said).first().waitFor();
    expect(kept(app).length).toBeGreaterThan(0);
    expect(tracesOf(canaries, app.userData), 'while signed in nothing can be read either').toEqual([]);

    expect(await keysIn(desktop), 'the key and the sign-in').toBe(2);
    const began = Date.now();
    await signOut(app, 'Marta Reis');
    await until('the files to be gone', () => kept(app).length === 0, 2_000, 10);
    expect(Date.now() - began, 'ms from the click to the last file').toBeLessThan(2_000 + 1_000);
    expect(await app.window.getByRole('button', { name: 'Forget Marta Reis' }).isVisible()).toBe(true);
    // The search finds what is there: the name is still offered.
    expect(tracesOf(['marta.reis'], app.userData).length).toBeGreaterThan(0);
    await app.window.getByRole('button', { name: 'Forget Marta Reis' }).click();
    await app.window.getByRole('button', { name: 'Forget Marta Reis' }).waitFor({ state: 'detached' });
    await app.close();
    expect(tracesOf([...canaries, 'marta.reis', 'Marta Reis'], app.userData)).toEqual([]);
    expect(await keysIn(desktop)).toBe(0);
  });

  it('the gateway’s order removes everything within two seconds, and says so', async () => {
    app = await launchApp(desktop, { userData: 'ordered', gateway: gateway.url });
    await signIn(app, 'marta.reis');
    await typeDraft(app, '4f1e9', 'A draft that the gateway wants gone');
    await until('the archive', () => kept(app).length > 0);
    await gateway.command('user', 'wipe', 'marta.reis');
    const ordered = Date.now();
    await until('the files to be gone', () => kept(app).length === 0, 10_000, 10);
    expect(Date.now() - ordered, 'ms from the order to the last file').toBeLessThan(2_000);
    await app.window.getByText(/removed from this computer/).waitFor();
    expect(await keysIn(desktop)).toBe(0);
    await app.close();
    expect(tracesOf(['marta.reis', 'A draft that the gateway wants gone'], app.userData)).toEqual([]);
  });

  it('what was noted before a kill is removed at the next start, before anything is opened', async () => {
    app = await launchApp(desktop, { userData: 'rest', gateway: gateway.url });
    await signIn(app, 'marta.reis');
    await typeDraft(app, '4f1e9', 'A draft that has to go');
    await until('the archive', () => kept(app).length > 0);
    const { accounts } = JSON.parse(await desktop.run('cat', path.join(app.userData, 'accounts.json'))) as {
      accounts: { id: string }[];
    };
    const main = app.electron.process();
    main.kill('SIGKILL');
    await until('the end of the app', () => main.signalCode !== null || main.exitCode !== null);
    // As after a kill behind the note and before anything else.
    const note = { version: 1, wipes: [{ account: accounts[0]?.id, why: 'ordered' }] };
    writeFileSync(path.join(app.userData, 'wipes.json'), JSON.stringify(note), { mode: 0o644 });
    app = await launchApp(desktop, { userData: 'rest', gateway: gateway.url });
    await app.window.getByText(/removed from this computer/).waitFor();
    expect(kept(app)).toEqual([]);
    await signIn(app, 'marta.reis');
    await app.window.getByRole('button', { name: 'Actions for session 4f1e9' }).click();
    await app.window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = app.window.getByRole('dialog', { name: 'Justification' });
    expect(await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()).toBe('');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('what is written while the gateway is away', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let app: App;
  const words = 'Written on a train, to be sent later';

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    app = await launchApp(desktop, { userData: 'offline', gateway: gateway.url });
    await signIn(app, 'marta.reis');
    await app.window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
    await ask(app, '4f133', 'Asked while the gateway was there');
    await gateway.stop();
    await app.window
      .getByText(/you see what this computer’s archive holds/)
      .first()
      .waitFor();
  });
  afterAll(async () => {
    await app?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  it('is kept, and waits in My requests, also over a restart', async () => {
    const { window } = app;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('4f1aa');
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog.getByText(/nothing can be sent now/).waitFor();
    await dialog.getByRole('textbox', { name: 'Justification' }).fill(words);
    await chooseReason(window);
    await dialog.getByRole('button', { name: 'Keep to send later' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await app.close();

    app = await launchApp(desktop, { userData: 'offline', gateway: gateway.url });
    await app.window
      .getByText(/you see what this computer’s archive holds/)
      .first()
      .waitFor();
    await app.window.getByRole('link', { name: 'My requests' }).click();
    const unsent = app.window.getByRole('region', { name: 'Not sent yet' });
    await unsent.getByText(words).waitFor();
    await unsent.getByText(/send it once you are connected again/).waitFor();
    expect(await unsent.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    // What was asked before is there as well.
    await app.window.getByText('Asked while the gateway was there').first().waitFor();
  });

  it('is kept, and sent once, when the person says so', async () => {
    const { window } = app;
    await gateway.restart();
    await window.getByRole('button', { name: 'Try now' }).click();
    await window.getByText('Connected').waitFor();
    const unsent = window.getByRole('region', { name: 'Not sent yet' });
    expect(await unsent.isVisible(), 'nothing is sent by itself').toBe(true);
    await unsent.getByRole('button', { name: 'Send' }).click();
    // A minute has gone by, or not: what is left of the window is said where it matters.
    await until('it to be sent or asked about', async () => {
      const asIs = unsent.getByRole('button', { name: 'Send as it is' });
      if (await asIs.isVisible()) await asIs.click();
      return !(await unsent.isVisible());
    });
    await window.getByText('Request for session 4f1aa sent.').waitFor();
    await window.getByText(words).first().waitFor();
  });

  it('is changed in the dialog where the policy wants more than before', async () => {
    const { window } = app;
    await gateway.stop();
    await window
      .getByText(/you see what this computer’s archive holds/)
      .first()
      .waitFor();
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('4f1e9');
    await window.getByRole('button', { name: 'Actions for session 4f1e9' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog.getByRole('textbox', { name: 'Justification' }).fill('Without a code, as it was allowed');
    await chooseReason(window);
    await dialog.getByRole('button', { name: 'Keep to send later' }).click();
    await gateway.command('policy', 'set', 'governanceCode={"label":"Ticket","required":true,"pattern":null}');
    await gateway.restart();
    await window.getByRole('button', { name: 'Try now' }).click();
    await window.getByText('Connected').waitFor();
    await window.getByRole('link', { name: 'My requests' }).click();
    const unsent = window.getByRole('region', { name: 'Not sent yet' });
    await unsent.getByRole('button', { name: 'Send' }).click();
    await unsent.getByText('It cannot be sent as it is').waitFor();
    await unsent.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByRole('textbox', { name: 'Ticket' }).fill('CHG-1234');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await unsent.waitFor({ state: 'detached' });
  });
});
