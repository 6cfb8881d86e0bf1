import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { openKeyring } from '../support/keyring.ts';
import { overflow, settled, violations } from '../support/looks.ts';
import { writePastRequests } from '../support/past-requests.ts';
import { root, until } from '../support/processes.ts';

const out = path.join(root, 'out/history-states');
const past = 3_000;
const notKept = 'The gateway wants this kept nowhere but with itself.';
const justification = 'Two invoices were changed outside of business hours; comparing with what was typed.';

/** What History says while something goes on, and when something is not as it should be. */
describe('History says', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let proxy: FaultProxy;
  let app: App;

  beforeAll(async () => {
    mkdirSync(out, { recursive: true });
    desktop = await startDesktop();
    gateway = await startGateway();
    writePastRequests(gateway, past);
    proxy = await startFaultProxy(gateway.url);
    app = await start();
  });
  afterAll(async () => {
    await app?.close();
    await proxy?.stop();
    await gateway?.remove();
    await desktop?.stop();
  });

  async function start(): Promise<App> {
    const started = await launchApp(desktop, { userData: 'app', gateway: proxy.url });
    started.window.setDefaultTimeout(20_000);
    return started;
  }
  const page = () => app.window;
  const details = () => page().getByRole('region', { name: 'Details of the request' });
  const search = () => page().getByRole('searchbox', { name: 'Search history' });
  const open = () => page().getByRole('link', { name: 'History' }).click();
  const count = () =>
    page()
      .getByRole('status')
      .getByText(/^[\d,]+ requests?$/);
  const counted = async () => Number(((await count().textContent()) ?? '').replace(/\D/g, ''));
  const look = async (name: string) => {
    await settled(page());
    await page().screenshot({ path: path.join(out, `${name}.png`) });
    expect(await violations(page()), name).toEqual([]);
    expect(await overflow(page()), name).toBeLessThanOrEqual(0);
  };
  /** With the details beside it the table has no room to say who decided. */
  async function closeDetails(): Promise<void> {
    if (!(await details().isVisible())) return;
    await details().getByRole('button', { name: 'Close the details' }).click();
    await details().waitFor({ state: 'detached' });
  }
  /** Opens the details of the newest request that was decided and has these words for its justification. */
  async function openOne(): Promise<void> {
    await open();
    await closeDetails();
    await search().fill('invoices were changed');
    await until('what was searched for', async () => {
      const found = await counted();
      return found > 0 && found < past / 2;
    });
    await page()
      .getByRole('row', { name: /Paulo Nunes|Ana Prado/ })
      .first()
      .click();
    await details().waitFor();
  }
  const offline = async () => {
    await gateway.stop();
    await page()
      .getByText(/from this computer, as of/)
      .waitFor();
  };
  const online = async () => {
    await gateway.restart();
    await page().getByRole('button', { name: 'Try now' }).click();
    await page().getByText('Connected').waitFor();
  };

  it('how far the first reading is, while what is there can be used, and no longer when all is there', async () => {
    proxy.fault(/\/v1\/changes/, { kind: 'latency', ms: 400 });
    await signIn(app, 'paulo.nunes');
    await open();
    const bar = page().getByRole('progressbar', { name: 'Reading what is on record' });
    const value = async () => Number(await bar.getAttribute('aria-valuenow', { timeout: 1_000 }).catch(() => null));
    await page()
      .getByRole('status')
      .getByText(/^[\d,]+ of [\d,]+$/)
      .waitFor();
    const first = await until('the bar to be under way', value);
    await until('the bar to move on', async () => (await value()) > first);
    const status = page().getByRole('contentinfo');
    await status.getByText('Reading what is on record…').waitFor();
    // What has come is in the table already.
    await page()
      .getByRole('row', { name: /#|Asked/ })
      .first()
      .waitFor();
    await until('the first rows', async () => (await counted()) > 0);
    expect(await counted()).toBeLessThan(past);
    await look('reading');
    proxy.heal();
    await bar.waitFor({ state: 'detached', timeout: 60_000 });
    await until('all of it', async () => (await counted()) === past);
    await status.getByText('Synchronised just now').waitFor();
  });

  it('how far an export is, and that nothing is left of one that is canceled', async () => {
    const folder = await desktop.newFolder('exports');
    const file = path.join(folder, 'canceled.pdf');
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file);
    const before = await gateway.command('exports', 'list');
    await page().getByRole('button', { name: 'Export…' }).click();
    const dialog = page().getByRole('dialog', { name: 'Export from History' });
    await dialog.getByRole('radio', { name: 'PDF report' }).check();
    // It is held while one looks, however fast this computer writes.
    const exporting = until(
      'the exporting process',
      () => app.electron.evaluate(({ app: main }) => main.getAppMetrics().find(({ name }) => name === 'export')?.pid ?? null),
      20_000,
      10,
    );
    await dialog.getByRole('button', { name: 'Choose a file…' }).click();
    const pid = await exporting;
    await dialog.getByText(/^[1-9][\d,]* of 3,000 requests$/).waitFor();
    process.kill(pid, 'SIGSTOP');
    expect(Number(await dialog.getByRole('progressbar', { name: 'Writing…' }).getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    expect((await readdir(folder)).map((name) => path.extname(name))).toEqual(['.part']);
    await look('exporting');
    await dialog.getByRole('button', { name: 'Cancel the export' }).click();
    process.kill(pid, 'SIGCONT');
    await dialog.getByText('The export was canceled. Nothing was written, and no file is left behind.').waitFor();
    await look('export-canceled');
    expect(await readdir(folder)).toEqual([]);
    expect(await gateway.command('exports', 'list')).toBe(before);
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('that something is not what the gateway signed, and that it is read anew', async () => {
    // Another hand on the file, which has the key.
    const keyring = await openKeyring(desktop);
    const named = (await keyring.names()).find((one) => one.endsWith(' archive')) ?? '';
    const key = await keyring.read(named);
    await app.close();
    const folder = path.join(app.userData, 'archive');
    const name = (await readdir(folder)).find((one) => one.endsWith('.archive')) ?? '';
    const db = new Sqlite(path.join(folder, name));
    db.pragma("cipher='sqlcipher'");
    db.pragma(`key="x'${Buffer.from(key, 'base64').toString('hex')}'"`);
    const changed = db.prepare(`update requests set json = replace(json, ?, 'Invoices? Nobody has said so.')`).run(justification);
    db.close();
    expect(changed.changes).toBeGreaterThan(0);
    await gateway.stop();
    app = await start();
    await openOne();
    await details()
      .getByRole('alert')
      .getByText(/^What is kept here is not what the gateway signed/)
      .waitFor();
    await details().getByText('Invoices? Nobody has said so.').waitFor();
    await page()
      .getByText(/^Something that is kept on this computer is not what the gateway signed/)
      .waitFor();
    await look('contradicted');
    await online();
    await details().getByText(justification).waitFor();
    await details().getByText('As the gateway signed it').waitFor();
    expect(await details().getByRole('alert').count()).toBe(0);
  });

  it('what the gateway lets no computer keep: there while it can be asked, missing and named when it cannot', async () => {
    await gateway.command('policy', 'set', 'notKept=["justification","comments","governanceCode"]');
    await openOne();
    await details().getByText(justification).waitFor();
    await page().getByText('Synchronised').waitFor({ state: 'attached' });
    await until('the archive to have none of it', async () => {
      await search().fill('invoices were changed');
      return page().getByText('No request matches').isVisible();
    });
    await search().fill('');
    await until('all of it', async () => (await counted()) === past);
    await closeDetails();
    await offline();
    await page()
      .getByRole('row', { name: /Over.*(Paulo Nunes|Ana Prado)/ })
      .first()
      .click();
    await details().getByText(notKept).first().waitFor();
    expect(await details().getByText(notKept).count(), 'justification, code and comment').toBeGreaterThan(1);
    await look('not-kept');
    await online();
    await gateway.command('policy', 'set', 'notKept=[]');
    await details().getByText(notKept).first().waitFor({ state: 'detached' });
  });

  it('that the gateway shortens for how long it is kept, and what is older is gone', async () => {
    await open();
    await search().fill('');
    await until('all of it', async () => (await counted()) === past);
    await gateway.command('policy', 'set', 'retentionDays=20');
    await until('what is older to be gone', async () => (await counted()) < past / 3);
    const left = await counted();
    expect(left).toBeGreaterThan(past / 6);
    await page().getByRole('link', { name: 'Settings' }).click();
    await page().getByText('The gateway shortens this to 20 days.').waitFor();
    await look('retention');
    await gateway.command('policy', 'set', 'retentionDays=90');
    await page().getByText('The gateway shortens this to 20 days.').waitFor({ state: 'detached' });
    await open();
    await until('all of it to be back', async () => (await counted()) === past);
  });
});
