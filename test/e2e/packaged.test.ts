import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { _electron, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtApp } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { grant, personAt } from '../support/people.ts';
import { type Running, root, start, until } from '../support/processes.ts';

/** What people get: the packaged app with its fuses closed, which nothing can attach to but its own debugging port. */
let desktop: Desktop;
let gateway: TestGateway;
let executable: string;
let program: string;

beforeAll(async () => {
  const packaged = execFileSync(process.execPath, ['scripts/package.mjs', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  desktop = await startDesktop();
  gateway = await startGateway();
  ({ executable } = JSON.parse(packaged) as { executable: string });
  program = await desktop.launcher(executable);
});
afterAll(async () => {
  await gateway?.remove();
  await desktop?.stop();
});

/** Starts the package with its debugging port, and takes hold of its window's page. The line to it ends with the app: closing it takes 30 s. */
async function started(...args: string[]): Promise<{ app: Running; window: Page }> {
  const app = start(program, args, { env: desktop.env });
  const line = await until('the debugging port', () => app.lines.find((one) => one.startsWith('DevTools listening on ')));
  const browser = await chromium.connectOverCDP(line.replace('DevTools listening on ', ''));
  const window = await until('the window', () =>
    browser
      .contexts()
      .flatMap((one) => one.pages())
      .find((page) => page.url() === 'app://oversight/index.html'),
  );
  return { app, window };
}

it('signs in and lists the sessions', async () => {
  const { app, window } = await started(
    `--user-data-dir=${await desktop.newFolder('packaged')}`,
    `--gateway=${gateway.url}`,
    '--remote-debugging-port=0',
  );
  await window.getByRole('textbox', { name: 'User name' }).fill('marta.reis');
  await window.getByRole('textbox', { name: 'Password' }).fill('demo-oversight');
  await window.getByRole('button', { name: 'Sign in' }).click();
  await window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
  // Nothing of Node reaches the page.
  expect(await window.evaluate(() => ['require', 'process', 'Buffer', 'module'].filter((name) => name in globalThis))).toEqual(
    [],
  );
  await app.stop();
});

it('writes what is on record to files, the report with the fonts that are in the package', async () => {
  await grant(await personAt(gateway, 'marta.reis'), await personAt(gateway, 'paulo.nunes'), {
    sessionId: '4f1aa',
    windowMs: 3_600_000,
  });
  // The dialog of the system is nobody's to click here. So the package's archive of files runs in a runtime that a test can reach into.
  const runtime = path.dirname(builtApp().executable);
  const opened = mkdtempSync(`${runtime}-with-package-`);
  try {
    execFileSync('cp', ['-al', `${runtime}/.`, opened]);
    execFileSync('chmod', ['755', opened]);
    const resources = path.join(opened, 'resources');
    rmSync(path.join(resources, 'app'), { recursive: true, force: true });
    for (const name of ['app.asar', 'app.asar.unpacked'])
      cpSync(path.join(path.dirname(executable), 'resources', name), path.join(resources, name), { recursive: true });
    const folder = await desktop.newFolder('exports');
    const app = await _electron.launch({
      executablePath: await desktop.launcher(path.join(opened, path.basename(builtApp().executable))),
      args: [`--user-data-dir=${await desktop.newFolder('packaged-exports')}`, `--gateway=${gateway.url}`],
      env: desktop.env,
      chromiumSandbox: true,
    });
    const window = await until('the window', () => app.windows().find((page) => page.url().endsWith('/index.html')));
    expect(await app.evaluate(({ app: main }) => main.getAppPath())).toBe(path.join(resources, 'app.asar'));
    await window.getByRole('textbox', { name: 'User name' }).fill('marta.reis');
    await window.getByRole('textbox', { name: 'Password' }).fill('demo-oversight');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await window.getByRole('link', { name: 'History' }).click();
    await window.getByRole('row', { name: /Marta Reis.*4f1aa/ }).waitFor();
    for (const [kind, name] of [
      ['CSV', 'all.csv'],
      ['PDF report', 'all.pdf'],
    ] as const) {
      await app.evaluate(
        ({ dialog }, filePath) => {
          dialog.showSaveDialog = async () => ({ canceled: false, filePath });
        },
        path.join(folder, name),
      );
      await window.getByRole('button', { name: 'Export…' }).click();
      const dialog = window.getByRole('dialog', { name: 'Export from History' });
      await dialog.getByRole('radio', { name: kind }).check();
      await dialog.getByRole('button', { name: 'Choose a file…' }).click();
      await dialog.getByText('1 request was written to the file.').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await dialog.waitFor({ state: 'detached' });
    }
    expect(readFileSync(path.join(folder, 'all.csv'), 'utf8')).toContain('Review of the change in the night');
    const pdf = path.join(folder, 'all.pdf');
    expect(execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })).toContain('Review of the change in the night');
    expect(execFileSync('pdffonts', [pdf], { encoding: 'utf8' })).toMatch(/NotoSans/);
    await app.close();
  } finally {
    rmSync(opened, { recursive: true, force: true });
  }
});

it('starts with the computer once that is set: in the background, by an entry of the desktop; and no longer when it is not', async () => {
  const userData = await desktop.newFolder('at-login');
  const fixed = [`--user-data-dir=${userData}`, `--gateway=${gateway.url}`, '--remote-debugging-port=0'];
  const { app, window } = await started(...fixed);
  await window.getByRole('textbox', { name: 'User name' }).fill('paulo.nunes');
  await window.getByRole('textbox', { name: 'Password' }).fill('demo-oversight');
  await window.getByRole('button', { name: 'Sign in' }).click();
  await window.getByRole('link', { name: 'Settings' }).click();
  const login = window.getByRole('switch', { name: 'Start when I sign in to this computer' });
  await login.click();
  const entry = path.join(desktop.env['HOME'] ?? '', '.config/autostart/oversight.desktop');
  await until('the entry', () => existsSync(entry));
  const [, command = ''] = /^Exec="(.+)" --hidden$/m.exec(readFileSync(entry, 'utf8')) ?? [];
  expect(existsSync(command), command).toBe(true);
  expect(readFileSync(entry, 'utf8')).toMatch(/^\[Desktop Entry\]\nType=Application\n/);
  await app.stop();

  // What the desktop runs when the person signs in. An entry of a place that is no more is put right.
  const right = readFileSync(entry, 'utf8');
  writeFileSync(entry, right.replace(command, '/opt/the/version/before'));
  const hidden = await started('--hidden', ...fixed);
  await hidden.window.getByText('Synchronised').waitFor({ state: 'attached' });
  await until('the entry to be right', () => readFileSync(entry, 'utf8') === right);
  const again = start(program, fixed.slice(0, 1), { env: desktop.env });
  await until('the second start to end', () => again.child.exitCode !== null || again.child.signalCode !== null);
  await hidden.window.getByRole('link', { name: 'Settings' }).click();
  await hidden.window.getByRole('switch', { name: 'Start when I sign in to this computer' }).click();
  await until('the entry to be gone', () => !existsSync(entry));
  await hidden.app.stop();
});

it('is no Node and takes no inspector: its fuses are closed', async () => {
  const asNode = start(program, ['-e', 'console.log("it is node")'], { env: { ...desktop.env, ELECTRON_RUN_AS_NODE: '1' } });
  const inspected = start(
    program,
    ['--inspect=0', `--user-data-dir=${await desktop.newFolder('inspected')}`, '--remote-debugging-port=0'],
    { env: desktop.env },
  );
  await until('the app to be up', () => inspected.lines.some((one) => one.startsWith('DevTools listening on ')));
  expect(inspected.lines.filter((one) => one.startsWith('Debugger listening'))).toEqual([]);
  expect(asNode.lines.filter((one) => one.includes('it is node'))).toEqual([]);
  await asNode.stop();
  await inspected.stop();
});
