import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface BusMonitor {
  /** Whether there is a way to listen on this system. */
  isThere: boolean;
  /** Begins or stops to listen. */
  listen(on: boolean): void;
}

const program = 'dbus-monitor';
const againMs = 5_000;
/** The monitor ends with its standard input, so that it does not outlive a main process that was killed. */
const script = `${program} --session "$@" & trap "kill $!" EXIT; read -r _`;

/**
 * Hears what is announced on the session bus of a Linux desktop, by a program that every desktop has: it sleeps until something fits one of
 * `rules` (match rules of D-Bus), whose lines then come to `onLine`.
 */
export function createBusMonitor(rules: readonly string[], onLine: (line: string) => void): BusMonitor {
  const isThere = process.platform === 'linux' && isInstalled(program);
  let child: ChildProcess | null = null;
  let again: NodeJS.Timeout | undefined;

  function begin(): void {
    child = spawn('/bin/sh', ['-c', script, program, ...rules], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', () => undefined);
    if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
    child.on('exit', () => {
      child = null;
      again = setTimeout(begin, againMs);
      again.unref();
    });
  }

  return {
    isThere,
    listen(on) {
      if (!isThere) return;
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
