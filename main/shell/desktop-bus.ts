import { execFile } from 'node:child_process';

const answerWithinMs = 5_000;

/**
 * Asks something of the session bus of a Linux desktop, by the desktop's own tool (GLib's gdbus). Answers with what it printed; null when
 * nobody answered in time; 'unknown' when the tool is not there.
 */
function askBus(destination: string, path: string, method: string, ...args: string[]): Promise<string | null | 'unknown'> {
  return new Promise((resolve) => {
    execFile(
      'gdbus',
      ['call', '--session', '--timeout', '5', '--dest', destination, '--object-path', path, '--method', method, ...args],
      { timeout: answerWithinMs, killSignal: 'SIGKILL' },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else resolve((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'unknown' : null);
      },
    );
  });
}

/** Whether a notification daemon answers. Showing a notice waits for the daemon and would hold main up, so it is asked first. */
export async function isNoticeDaemonThere(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const name = 'org.freedesktop.Notifications';
  return (await askBus(name, '/org/freedesktop/Notifications', `${name}.GetServerInformation`)) !== null;
}

/** Whether this desktop shows tray icons; null where that cannot be known. */
export async function isTrayThere(): Promise<boolean | null> {
  if (process.platform !== 'linux') return true;
  const bus = 'org.freedesktop.DBus';
  const answer = await askBus(bus, '/', `${bus}.NameHasOwner`, 'org.kde.StatusNotifierWatcher');
  if (answer === 'unknown' || answer === null) return null;
  return answer.includes('true');
}
