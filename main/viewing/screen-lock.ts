import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { powerMonitor } from 'electron';

export interface ScreenLock {
  /** Whether there is a way to hear of it on this system. */
  isTold: boolean;
  /** Begins or stops to listen. */
  listen(on: boolean): void;
}

/** Hears when the screen is locked. */
export function createScreenLock(onLock: () => void): ScreenLock {
  return process.platform === 'linux' ? overBus(onLock) : fromSystem(onLock);
}

function fromSystem(onLock: () => void): ScreenLock {
  let listening = false;
  powerMonitor.on('lock-screen', () => listening && onLock());
  return {
    isTold: true,
    listen(on) {
      listening = on;
    },
  };
}

const program = 'dbus-monitor';
const againMs = 5_000;
const rules = ['org.freedesktop.ScreenSaver', 'org.gnome.ScreenSaver'].map(
  (name) => `type='signal',interface='${name}',member='ActiveChanged'`,
);
/** The monitor ends with its standard input, so that it does not outlive a main process that was killed. */
const script = `${program} --session "$@" & trap "kill $!" EXIT; read -r _`;

/** Electron says nothing of it on Linux: the desktop's announcement is heard on the session bus, by a program that every desktop has. */
function overBus(onLock: () => void): ScreenLock {
  const isTold = isInstalled(program);
  let child: ChildProcess | null = null;
  let again: NodeJS.Timeout | undefined;

  function begin(): void {
    child = spawn('/bin/sh', ['-c', script, program, ...rules], { stdio: ['pipe', 'pipe', 'ignore'] });
    let isAnnounced = false;
    child.on('error', () => undefined);
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (isAnnounced && /^\s*boolean true$/.test(line)) onLock();
        isAnnounced = line.includes('member=ActiveChanged');
      });
    child.on('exit', () => {
      child = null;
      again = setTimeout(begin, againMs);
      again.unref();
    });
  }

  return {
    isTold,
    listen(on) {
      if (!isTold) return;
      clearTimeout(again);
      if (on) return child ? undefined : begin();
      child?.removeAllListeners('exit');
      child?.stdin?.end();
      child = null;
    },
  };
}

function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
