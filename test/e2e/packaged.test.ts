import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { root, start, until } from '../support/processes.ts';

/** What people get: the packaged app with its fuses closed, which nothing can attach to but its own debugging port. */
let desktop: Desktop;
let gateway: TestGateway;
let program: string;

beforeAll(async () => {
  const packaged = execFileSync(process.execPath, ['scripts/package.mjs', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  desktop = await startDesktop();
  gateway = await startGateway();
  program = await desktop.launcher((JSON.parse(packaged) as { executable: string }).executable);
});
afterAll(async () => {
  await gateway?.remove();
  await desktop?.stop();
});

it('signs in and lists the sessions', async () => {
  const app = start(
    program,
    [`--user-data-dir=${await desktop.newFolder('packaged')}`, `--gateway=${gateway.url}`, '--remote-debugging-port=0'],
    { env: desktop.env },
  );
  const line = await until('the debugging port', () => app.lines.find((one) => one.startsWith('DevTools listening on ')));
  const browser = await chromium.connectOverCDP(line.replace('DevTools listening on ', ''));
  const window = await until('the window', () =>
    browser
      .contexts()
      .flatMap((one) => one.pages())
      .find((page) => page.url() === 'app://oversight/index.html'),
  );
  await window.getByRole('textbox', { name: 'User name' }).fill('marta.reis');
  await window.getByRole('textbox', { name: 'Password' }).fill('demo-oversight');
  await window.getByRole('button', { name: 'Sign in' }).click();
  await window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
  // Nothing of Node reaches the page.
  expect(await window.evaluate(() => ['require', 'process', 'Buffer', 'module'].filter((name) => name in globalThis))).toEqual(
    [],
  );
  await browser.close();
  await app.stop();
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
