import { powerMonitor } from 'electron';
import { createBusMonitor } from '../shell/bus-monitor.ts';

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

const rules = ['org.freedesktop.ScreenSaver', 'org.gnome.ScreenSaver'].map(
  (name) => `type='signal',interface='${name}',member='ActiveChanged'`,
);

/** Electron says nothing of it on Linux: the desktop's announcement is heard on the session bus. */
function overBus(onLock: () => void): ScreenLock {
  let isAnnounced = false;
  const { isThere, listen } = createBusMonitor(rules, (line) => {
    if (isAnnounced && /^\s*boolean true$/.test(line)) onLock();
    isAnnounced = line.includes('member=ActiveChanged');
  });
  return { isTold: isThere, listen };
}
