import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFile } from '../../gateway/store/database.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled, violations } from '../support/looks.ts';
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

/** Puts viewings of many people on record, as years of audits would. */
function manyViewers(people: number, each: number): void {
  const db = new Sqlite(databaseFile(gateway.dataDir));
  const { account_id, family_id } = db
    .prepare<[], { account_id: string; family_id: string }>('select account_id, id as family_id from sign_in_families limit 1')
    .get() ?? { account_id: '', family_id: '' };
  const person = db.prepare('insert into people (id, display_name) values (?, ?)');
  const viewing = db.prepare(
    `insert into viewings (id, account_id, person_id, family_id, session_id, kind, request_id, lease_id, lease_expires_at, started_at,
       ended_at, end_json, covered_json, watched_ms) values (?, ?, ?, ?, 'kept', 'recording', null, ?, 0, ?, ?, '{}', ?, ?)`,
  );
  db.transaction(() => {
    for (let who = 0; who < people; who += 1) {
      const id = `many-${who}`;
      person.run(id, `Auditor Number ${who} of the Night Shift`);
      for (let time = 0; time < each; time += 1) {
        const from = (who * 1_310 + time * 7_000) % 40_000;
        const startedAt = Date.now() - (who * each + time + 1) * 3_600_000;
        const covered = JSON.stringify([{ fromMs: from, toMs: from + 2_500 }]);
        viewing.run(`${id}-${time}`, account_id, id, family_id, `${id}${time}`, startedAt, startedAt + 600_000, covered, 2_500);
      }
    }
  })();
  db.close();
}

let observer: Awaited<ReturnType<typeof personAt>> | null = null;

const archiveOf = (of: App) => readdirSync(path.join(of.userData, 'archive')).map((file) => file.replace(/^[0-9a-f]+/, ''));
/** What the gateway has on record of the viewings of the session: ms, in all. */
async function seen(): Promise<number> {
  // Signed in once: whoever asks again and again does not sign in each time.
  observer ??= await personAt(gateway, 'clara.nogueira');
  const { coverage } = await observer.calls.sessions.get({ id: 'kept' });
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

  it('stands in the session’s details: who has watched what, also when they are many', async () => {
    manyViewers(40, 6);
    const { window } = app;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('kept');
    await window.getByRole('button', { name: 'Actions for session kept' }).click();
    await window.getByRole('menuitem', { name: 'Session details' }).click();
    const seenCard = window.getByRole('region', { name: 'Seen of the recording' });
    await seenCard.getByText(/% by me/).waitFor();
    await seenCard.getByText(/nobody has seen|Nobody has seen/).waitFor();
    const card = window.getByRole('region', { name: 'Previous viewings' });
    expect(await card.getByRole('button', { expanded: false }).count()).toBe(8);
    await card.getByText(/viewings before these are on record/).waitFor();
    const own = card.getByRole('button', { name: /^Clara Nogueira \(me\)/ });
    await own.click();
    expect(await card.getByRole('list', { name: 'Viewings of Clara Nogueira' }).getByRole('listitem').count()).toBeGreaterThan(1);
    for (const [width, height] of [
      [900, 600],
      [1280, 800],
    ] as const) {
      await app.electron.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
        width,
        height,
      ] as const);
      for (const colorScheme of ['dark', 'light'] as const) {
        await window.emulateMedia({ colorScheme });
        await card.scrollIntoViewIfNeeded();
        await settled(window);
        await window.screenshot({ path: path.join(root, `out/screens/session-details-viewers-${width}-${colorScheme}.png`) });
        expect(await violations(window)).toEqual([]);
        expect(await overflow(window)).toBeLessThanOrEqual(0);
      }
    }
    await card.getByRole('button', { name: /^Show all \d+$/ }).click();
    await until('all of them', async () => (await card.getByRole('button', { expanded: false }).count()) > 30);
  });

  it('is checked against the gateway’s key: another key is said, and stays said until it is dismissed', async () => {
    await gateway.stop();
    rmSync(path.join(gateway.dataDir, 'receipt-key.pem'));
    await gateway.restart();
    // It may find the line by itself before it is pressed.
    await app.window
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
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
