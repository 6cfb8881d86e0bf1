import { describe, expect, it } from 'vitest';
import { trayLines } from '../../../main/shell/tray-host.ts';

/** What dbus-monitor prints when a name changes its owner. */
const changed = (name: string, before: string, now: string) => [
  'signal time=1795824748.21 sender=org.freedesktop.DBus -> destination=(null destination) serial=9 path=/org/freedesktop/DBus; interface=org.freedesktop.DBus; member=NameOwnerChanged',
  `   string "${name}"`,
  `   string "${before}"`,
  `   string "${now}"`,
];

describe('the desktop’s tray', () => {
  const heard = (...lines: string[]): number => {
    let times = 0;
    const read = trayLines(() => {
      times += 1;
    });
    for (const line of lines) read(line);
    return times;
  };
  const watcher = 'org.kde.StatusNotifierWatcher';

  it('is heard of when it comes, and when another takes its place', () => {
    expect(heard(...changed(watcher, '', ':1.7'))).toBe(1);
    expect(heard(...changed(watcher, ':1.7', ':1.9'), ...changed(watcher, ':1.9', ''), ...changed(watcher, '', ':1.12'))).toBe(2);
  });

  it('is not heard of when it goes, nor when the monitor says something of itself', () => {
    expect(heard(...changed(watcher, ':1.7', ''))).toBe(0);
    expect(heard(...changed('org.example.Other', '', ':1.7'))).toBe(0);
    expect(heard('signal … member=NameAcquired', '   string ":1.0"', 'signal … member=NameLost', '   string ":1.0"')).toBe(0);
  });
});
