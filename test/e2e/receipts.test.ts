import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { violations } from '../support/looks.ts';
import { untilItPlays } from '../support/main-job.ts';
import { numberedVideo } from '../support/numbered-video.ts';
import { addRecording, personAt } from '../support/people.ts';
import { root, until } from '../support/processes.ts';
import { watch } from '../support/viewings.ts';

let desktop: Desktop;
let gateway: TestGateway;
let proxy: FaultProxy;
let app: App;

beforeAll(async () => {
  [desktop, gateway] = await Promise.all([startDesktop(), startGateway()]);
  const folder = await numberedVideo({ seconds: 60, framesPerSecond: 10, segmentSeconds: 2, width: 640, height: 360 });
  await addRecording(gateway, 'kept', folder, 60_000);
  proxy = await startFaultProxy(gateway.url);
  app = await launchApp(desktop, { userData: 'receipts', gateway: proxy.url });
  await signIn(app, 'clara.nogueira');
});
afterAll(async () => {
  await app?.close();
  await proxy?.stop();
  await gateway?.remove();
  await desktop?.stop();
});

const archiveOf = (of: App) => readdirSync(path.join(of.userData, 'archive')).map((file) => file.replace(/^[0-9a-f]+/, ''));
/** What the gateway has on record of the viewings of the session: ms, in all. */
async function seen(): Promise<number> {
  const clara = await personAt(gateway, 'clara.nogueira');
  const { coverage } = await clara.calls.sessions.get({ id: 'kept' });
  return (coverage?.mine ?? []).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

async function signOut(): Promise<void> {
  await app.window.getByRole('button', { name: /Clara Nogueira/ }).click();
  await app.window.getByRole('menuitem', { name: 'Sign out' }).click();
  await app.window.getByRole('button', { name: 'Sign in' }).waitFor();
}

describe('the record of a viewing', () => {
  it('outlives a sign-out without a line, encrypted and alone, and is sent when the account is back', async () => {
    const player = await watch(app, 'kept');
    await untilItPlays(player, 1);
    await until('a first acknowledgement', async () => (await seen()) > 0);
    proxy.fault(/\/receipts$/, { kind: 'refuse' });
    await player.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '4×' });
    await untilItPlays(player, 16);
    proxy.fault(/./, { kind: 'refuse' });
    proxy.cut(/./);
    await signOut();
    const before = await seen();
    await app.window.getByText(/^The record of .+ of what you watched could not be sent\./).waitFor();
    expect(await violations(app.window)).toEqual([]);
    await app.window.screenshot({ path: path.join(root, 'out/screens/sign-in-unsent.png') });
    await until('everything else to be gone', () => archiveOf(app).every((file) => file.startsWith('.kept')));
    expect(archiveOf(app)).toContain('.kept');

    // Also over a restart.
    await app.close();
    proxy.heal();
    app = await launchApp(desktop, { userData: 'receipts', gateway: proxy.url });
    await signIn(app, 'clara.nogueira');
    await until('the rest of the record', async () => (await seen()) > before + 10_000);
    await until('nothing to be kept any more', () => !archiveOf(app).includes('.kept'));
    expect(await gateway.command('receipts', 'verify')).toContain('"findings":0');
  });

  it('a sign-out that could send everything leaves nothing behind', async () => {
    const player = await watch(app, 'kept');
    await untilItPlays(player, 1);
    await signOut();
    await until('everything to be gone', () => archiveOf(app).length === 0);
    expect(await app.window.getByText('could not be sent').count()).toBe(0);
    await signIn(app, 'clara.nogueira');
  });

  it('is checked against the gateway’s key: another key is said, and stays said until it is dismissed', async () => {
    await gateway.stop();
    rmSync(path.join(gateway.dataDir, 'receipt-key.pem'));
    await gateway.restart();
    await app.window.getByRole('button', { name: 'Try now' }).click();
    const said = app.window.getByText('signs its records of viewings with another key');
    await said.waitFor();
    // The new key is the one that counts now: what it signs is believed.
    const player = await watch(app, 'kept');
    await untilItPlays(player, 1);
    const before = await seen();
    await until('an acknowledgement', async () => (await seen()) > before);
    expect(await app.window.getByText('is not the one of this computer').count()).toBe(0);
    await said.locator('xpath=..').getByRole('button').click();
    await said.waitFor({ state: 'detached' });
  });

  it('says so when a word of the gateway is not signed by it', async () => {
    const word = { viewingId: '', sequence: 0, hash: 'a'.repeat(64), at: new Date().toISOString(), signature: 'AAAA' };
    // The rest of the answer fits: only the signature is wrong.
    const player = await app.player();
    const viewingId = await until(
      'the viewing',
      () => proxy.passed.findLast(({ path: asked }) => /\/v1\/viewings\/[^/]+\/receipts$/.test(asked))?.path.split('/')[3],
    );
    proxy.fault(/\/receipts$/, {
      kind: 'replace',
      body: JSON.stringify({ checkpoint: { ...word, viewingId, sequence: 100_000 } }),
    });
    await untilItPlays(player, 1);
    await app.window.getByText('The gateway’s record of a viewing of kept is not the one of this computer.').waitFor();
    proxy.heal();
  });
});
