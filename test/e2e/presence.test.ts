import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../contract/request.ts';
import { type App, builtApp, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { hostileLinks } from '../support/hostile-links.ts';
import { type HttpPerson, httpSignIn, newRequest } from '../support/http.ts';
import { openWriter } from '../support/many-requests.ts';
import { noticesOn } from '../support/notices.ts';
import { type Running, until } from '../support/processes.ts';
import { startTrayHost } from '../support/tray.ts';

describe('the app outside its window, with a thousand requests waiting and no tray on the desktop', () => {
  let gateway: TestGateway;
  let desktop: Desktop;
  let app: App;
  let marta: HttpPerson;
  let asked: AccessRequest;

  beforeAll(async () => {
    gateway = await startGateway();
    desktop = await startDesktop();
    marta = await httpSignIn(gateway.url, 'marta.reis');
    const { body } = await marta.post<AccessRequest>('/v1/requests', newRequest('4f133'));
    asked = body;
    const writer = openWriter(gateway);
    writer.copy(asked.id, 999);
    writer.close();
    app = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    // A link that comes while nobody is signed in waits for that.
    await secondStart('oversight://settings');
    await signIn(app, 'ana.prado');
  });
  afterAll(async () => {
    await app?.close().catch(() => undefined);
    await desktop?.stop();
    await gateway?.remove();
  });

  /** Starts the app once more with the same data; answers when that has ended. */
  async function secondStart(...args: string[]): Promise<void> {
    const { executable, args: fixed } = builtApp();
    const second = desktop.launch(executable, ...fixed, `--user-data-dir=${app.userData}`, ...args);
    await until('the second start to end', () => second.child.exitCode !== null || second.child.signalCode !== null);
  }
  const pages = () => app.electron.windows().map((page) => page.url());
  const heading = (name: string) => app.window.getByRole('heading', { name, exact: true });

  it('shows, once somebody is signed in, what a link asked for before', async () => {
    await heading('Settings').waitFor();
  });

  it('says that a thousand wait in one notice', async () => {
    const titles = await until('the notice', async () => {
      const all = (await noticesOn(desktop)).map(({ title }) => title);
      return all.length > 0 && all;
    });
    expect(titles).toEqual(['1000 requests wait for you']);
  });

  it('tells of one more by list and notice', async () => {
    await app.window.getByRole('link', { name: 'Approvals' }).click();
    const { status } = await marta.post('/v1/requests', newRequest('4f1aa'));
    expect(status).toBe(200);
    const told = until('the notice', async () => (await noticesOn(desktop)).some(({ body }) => body.includes('4f1aa')));
    await Promise.all([told, app.window.getByText('1001 requests wait for you').waitFor({ state: 'attached' })]);
  });

  it('opens exactly the request of a link, in its window, and decides nothing', async () => {
    await secondStart(`oversight://requests/${asked.id}`);
    const decision = await until('the decision window', () =>
      app.electron.windows().find((page) => page.url().endsWith('/decision.html')),
    );
    await decision.getByText(asked.justification).waitFor();
    const { body } = await marta.get<AccessRequest>(`/v1/requests/${asked.id}`);
    expect(body.state.status).toBe('pending');
    await decision.close();
  });

  it('takes nothing but focus from hostile starts', async () => {
    await app.window.getByRole('link', { name: 'Remote Sessions' }).click();
    const before = pages();
    const file = `${app.userData}/settings.json`;
    const settings = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    const kept = settings();
    const someOfThem = [
      'oversight://requests/../..',
      'oversight://requests/%2e%2e%2fetc%2fpasswd',
      `oversight://requests/${asked.id}?decide=approve`,
      `oversight://requests/${asked.id}\n--gateway=https://evil.example`,
      `oversight://approve/${asked.id}`,
      `oversight://requests/${'a'.repeat(100_000)}`,
      'javascript:alert(1)',
      'file:///etc/passwd',
    ];
    for (const link of someOfThem) await secondStart(link);
    await secondStart('--gateway=https://evil.example', '--inspect=0', '--remote-debugging-port=0', '--hidden');
    await secondStart('oversight://settings', `oversight://requests/${asked.id}`);
    // The rest of the list, from where the system hands over what a second start was given.
    await app.electron.evaluate(({ app: electron }, links) => {
      for (const link of links) electron.emit('second-instance', {}, ['oversight', link], '/', null);
    }, hostileLinks as string[]);
    await app.window.getByRole('searchbox').waitFor();
    expect(pages()).toEqual(before);
    expect(settings()).toBe(kept);
    expect(kept).not.toContain('evil');
    const { body } = await marta.get<AccessRequest>(`/v1/requests/${asked.id}`);
    expect(body.state.status).toBe('pending');
  });

  it('three starts at the same moment are one app; with a folder of its own each is another', async () => {
    const { executable, args } = builtApp();
    const folder = await desktop.newFolder('together');
    const launch = (userData: string) =>
      desktop.launch(executable, ...args, `--user-data-dir=${userData}`, 'oversight://requests/R-1');
    const isRunning = ({ child }: Running) => child.exitCode === null && child.signalCode === null;
    const three = [launch(folder), launch(folder), launch(folder)];
    const running = () => three.filter(isRunning);
    await until('one of the three to be left', () => running().length === 1);
    const other = launch(await desktop.newFolder('apart'));
    // Who is left answers a start of the same folder, which is how it is known to be there.
    await until('a further start to end', async () => {
      const further = launch(folder);
      await until('it to end', () => !isRunning(further));
      return true;
    });
    expect(running()).toHaveLength(1);
    expect(isRunning(other)).toBe(true);
    for (const one of [...running(), other]) await one.stop();
  });

  it('says so where a closed window could not be found again', async () => {
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    const dialog = app.window.getByRole('dialog', { name: 'Go on in the background?' });
    await dialog.getByRole('button', { name: 'Go on in the background' }).click();
    await until('the notice', async () =>
      (await noticesOn(desktop)).some(({ title }) => title === 'Oversight goes on in the background'),
    );
    // The way back that the notice names.
    await secondStart();
    await until('the window', () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible())),
    );
  });

  it('catches up after a sleep, and tells each thing once', async () => {
    const pid = app.electron.process().pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      const { status } = await marta.post('/v1/requests', newRequest('4f1e9'));
      expect(status).toBe(200);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const about = async (id: string) => (await noticesOn(desktop)).filter(({ body }) => body.includes(id)).length;
    await until('the notice of what came meanwhile', async () => (await about('4f1e9')) > 0);
    expect([await about('4f1e9'), await about('4f1aa')]).toEqual([1, 1]);
  });

  it('goes on without a notification daemon, and tells when one is there again', async () => {
    await withoutDaemon(desktop);
    await marta.post('/v1/requests', newRequest('4f1d0'));
    await app.window.getByRole('link', { name: 'Approvals' }).click();
    await app.window.getByText('1003 requests wait for you').waitFor({ state: 'attached' });
    desktop.launch('dunst');
    await until('the daemon', () => noticesOn(desktop).catch(() => null));
    await until('the notice that nobody listened to', async () =>
      (await noticesOn(desktop).catch(() => [])).some(({ body }) => body.includes('4f1d0')),
    );
  });

  it('is in the tray as soon as the desktop has one, and again when that was started anew', async () => {
    const first = await startTrayHost(desktop);
    await until('what waits in the menu', async () =>
      (await first.menu()).some(({ label }) => label === '1003 requests wait for you'),
    );
    await first.stop();
    const second = await startTrayHost(desktop);
    await until('what waits in the menu again', async () =>
      (await second.menu()).some(({ label }) => label === '1003 requests wait for you'),
    );
  });
});

/** Ends the notification daemon; the bus, which would start another as soon as it is asked for, has none to start. */
async function withoutDaemon(desktop: Desktop): Promise<void> {
  const services = path.join(desktop.env['HOME'] ?? '', '.local/share/dbus-1/services');
  await mkdir(services, { recursive: true });
  const entry = '[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/bin/false\n';
  await writeFile(path.join(services, 'org.knopwob.dunst.service'), entry);
  const bus = 'org.freedesktop.DBus';
  await desktop.run('gdbus', 'call', '--session', '--dest', bus, '--object-path', '/', '--method', `${bus}.ReloadConfig`);
  await desktop.notices?.stop();
}
