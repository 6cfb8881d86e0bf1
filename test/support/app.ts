import { execFileSync } from 'node:child_process';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { Desktop } from './desktop.ts';
import { root, until } from './processes.ts';

export type App = {
  electron: ElectronApplication;
  /** The main window. */
  window: Page;
  userData: string;
  /** What the app printed so far. */
  said(): string;
  /** The page of the player, once one is open. */
  player(): Promise<Page>;
  close(): Promise<void>;
};

let built: { executable: string; args: string[]; version: string } | undefined;

/** How the built app is started on this machine. */
export function builtApp(): { executable: string; args: string[]; version: string } {
  built ??= JSON.parse(
    execFileSync(process.execPath, ['scripts/electron.mjs', '--json'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  return built as { executable: string; args: string[]; version: string };
}

/** Starts the built app on a desktop, the Chromium sandbox on. `userData` is kept between two starts by the same name. */
export async function launchApp(
  desktop: Desktop,
  options: { userData: string; gateway?: string; args?: string[]; colorScheme?: 'light' | 'dark' },
): Promise<App> {
  const { executable, args } = builtApp();
  const userData = await desktop.newFolder(options.userData);
  const electron = await _electron.launch({
    executablePath: await desktop.launcher(executable),
    args: [
      ...args,
      `--user-data-dir=${userData}`,
      ...(options.gateway ? [`--gateway=${options.gateway}`] : []),
      ...(options.args ?? []),
    ],
    env: desktop.env,
    chromiumSandbox: true,
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
  });
  let said = '';
  electron.process().stderr?.on('data', (text) => {
    said += text;
  });
  const window = await until('the main window', () => electron.windows().find((page) => page.url().endsWith('/index.html')));
  return {
    electron,
    window,
    userData,
    said: () => said,
    player: () => until('the player', () => electron.windows().find((page) => page.url().endsWith('/player.html'))),
    close: () => electron.close(),
  };
}

/** Signs a demo person in through the form. */
export async function signIn(app: App, userName: string, password = 'demo-oversight'): Promise<void> {
  const { window } = app;
  await untilItDraws(app);
  await window.getByRole('textbox', { name: 'User name' }).fill(userName);
  await window.getByRole('textbox', { name: 'Password' }).fill(password);
  await window.getByRole('button', { name: 'Sign in' }).click();
  await window.getByRole('link', { name: 'Remote Sessions' }).waitFor();
}

/** A window that draws no frame lets nobody press anything: this fails with what is known of it, instead of with a button that was waited for. */
async function untilItDraws({ electron, window, said }: App): Promise<void> {
  let drawn = false;
  const frame = window.evaluate(() => new Promise<number>((next) => requestAnimationFrame(next)));
  frame.then(
    () => {
      drawn = true;
    },
    () => undefined,
  );
  await until('a frame of the window', () => drawn, 20_000).catch(async () => {
    const page = await window.evaluate(() => document.visibilityState);
    const shown = await electron.evaluate(({ app, BrowserWindow }) => ({
      windows: BrowserWindow.getAllWindows().map((one) => ({ visible: one.isVisible(), bounds: one.getBounds() })),
      processes: app.getAppMetrics().map(({ type, cpu }) => ({ type, cpu: cpu.percentCPUUsage })),
    }));
    throw new Error(`The window draws nothing: ${JSON.stringify({ page, ...shown })}\n${said().slice(-4_000)}`);
  });
}
