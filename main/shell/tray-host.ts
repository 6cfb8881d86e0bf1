import { createBusMonitor } from './bus-monitor.ts';

const watcher = 'org.kde.StatusNotifierWatcher';
const rule = `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${watcher}'`;

/** Hears when a Linux desktop's tray comes, at first or started anew. Answers with the way to stop. */
export function hearOfTray(onThere: () => void): () => void {
  const monitor = createBusMonitor([rule], trayLines(onThere));
  monitor.listen(true);
  return () => monitor.listen(false);
}

/** Reads what dbus-monitor prints of NameOwnerChanged: a name, its owner before, and its owner now, a line each. */
export function trayLines(onThere: () => void): (line: string) => void {
  let said: string[] | null = null;
  return (line) => {
    if (!/^\s/.test(line)) {
      said = line.includes('member=NameOwnerChanged') ? [] : null;
      return;
    }
    said?.push(/^\s+string "(.*)"$/.exec(line)?.[1] ?? '');
    if (said?.length !== 3) return;
    const [name, , owner] = said;
    said = null;
    if (name === watcher && owner !== '') onThere();
  };
}
