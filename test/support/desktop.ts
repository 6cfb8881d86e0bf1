import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Running, start, until } from './processes.ts';

/** Chromium refuses its sandbox to root: as root, everything of the desktop runs as the ordinary user `nobody`. */
const nobody = 65534;

export type Desktop = {
  /** The environment in which the app finds its display, its bus, its keyring. */
  env: Record<string, string>;
  /** A folder that the user of the desktop may write to. */
  folder: string;
  /** Makes a folder below it for one instance of the app. */
  newFolder(name: string): Promise<string>;
  /** A program that starts another as the user of the desktop: what Playwright and others start instead of it. */
  launcher(executable: string): Promise<string>;
  /** Runs a program as the user of the desktop until it ends. Answers with what it printed; rejects when it failed. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Starts a program as the user of the desktop; it is ended with the desktop at the latest. */
  launch(program: string, ...args: string[]): Running;
  /** Starts the keyring (again), unlocked as by a sign-in to the desktop. */
  startKeyring(): Promise<void>;
  /** Ends the keyring as a crash does. Who asks for it next makes the bus start another, which is locked. */
  killKeyring(): Promise<void>;
  /** The process of the notification daemon; null when the desktop has none. */
  notices: Running | null;
  /** The folder in which Xvfb keeps the picture, if asked for. */
  framebuffer: string | null;
  stop(): Promise<void>;
};

/** A desktop of its own: display, session bus, Secret Service, notification daemon. Without `keyring` there is no keychain. */
export async function startDesktop(
  options: { keyring?: boolean; framebuffer?: boolean; notices?: boolean; zone?: string } = {},
): Promise<Desktop> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oversight-desktop-'));
  const asRoot = process.getuid?.() === 0;
  const own = async (name: string, mode = 0o700) => {
    const made = path.join(folder, name);
    await mkdir(made, { recursive: true });
    if (asRoot) await chown(made, nobody, nobody);
    await chmod(made, mode);
    return made;
  };
  await chmod(folder, 0o755);
  const home = await own('home');
  const runtime = await own('run');
  const user = asRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'] : [];
  const base = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    LANG: 'C.UTF-8',
    TZ: options.zone ?? 'UTC',
  };
  const framebuffer = options.framebuffer ? await own('framebuffer') : null;
  const started: Running[] = [];
  const launch = (args: string[], env: Record<string, string>) => {
    const [command = '', ...rest] = [...user, ...args];
    const running = start(command, rest, { env, cwd: home });
    started.push(running);
    return running;
  };

  const display = launch(
    [
      'Xvfb',
      '-displayfd',
      '1',
      '-screen',
      '0',
      '1920x1200x24',
      '-nolisten',
      'tcp',
      ...(framebuffer ? ['-fbdir', framebuffer] : []),
    ],
    base,
  );
  const number = await until('the display', () => display.lines.find((line) => /^\d+$/.test(line)));
  const bus = `unix:path=${runtime}/bus`;
  launch(['dbus-daemon', '--session', '--nofork', `--address=${bus}`, '--print-address'], base);
  await until('the session bus', () => started.at(-1)?.lines.find((line) => line.startsWith('unix:')));
  const env = { ...base, DISPLAY: `:${number}`, DBUS_SESSION_BUS_ADDRESS: bus };
  const run = async (program: string, ...args: string[]) => {
    const [command = '', ...rest] = [...user, program, ...args];
    const { stdout } = await promisify(execFile)(command, rest, { env, cwd: home });
    return stdout;
  };
  /** The process that is the keyring now, started by us or by the bus. */
  const keyringPid = async () => {
    const ask = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/'];
    const answer = await run(
      'dbus-send',
      ...ask,
      'org.freedesktop.DBus.GetConnectionUnixProcessID',
      'string:org.freedesktop.secrets',
    ).catch(() => '');
    const pid = /uint32 (\d+)/.exec(answer)?.[1];
    return pid === undefined ? null : Number(pid);
  };
  /** Starts the keyring, unlocked by its password as at a sign-in. */
  const startKeyring = async () => {
    const keyring = launch(['gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets'], env);
    keyring.child.stdin?.end('test');
    await until('the keyring', async () => (await keyringPid()) !== null);
  };
  if (options.keyring ?? true) await startKeyring();
  const notices = (options.notices ?? true) ? launch(['dunst'], env) : null;

  return {
    env,
    folder,
    framebuffer,
    notices,
    startKeyring,
    async killKeyring() {
      const pid = await keyringPid();
      if (pid === null) return;
      process.kill(pid, 'SIGKILL');
      await until('the end of the keyring', async () => (await keyringPid()) !== pid);
    },
    newFolder: (name) => own(name),
    launch: (program, ...args) => launch([program, ...args], env),
    run,
    async launcher(executable) {
      const file = path.join(folder, `start-${createHash('sha256').update(executable).digest('hex').slice(0, 12)}`);
      await writeFile(file, `#!/bin/sh\nexec ${user.join(' ')} '${executable}' "$@"\n`, { mode: 0o755 });
      return file;
    },
    async stop() {
      for (const running of started.reverse()) await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
