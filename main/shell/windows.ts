import { BrowserWindow, nativeTheme } from 'electron';
import type { Log } from '../log.ts';
import { guardContents } from './guard.ts';
import { origin } from './origin.ts';
import { builtFile } from './paths.ts';

export const preload = builtFile('preload', 'index.cjs');

/** What a page of ours may do, whichever view shows it. */
export const webPreferences = {
  preload,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  v8CacheOptions: 'bypassHeatCheck',
} as const;

export const backgroundColor = () => (nativeTheme.shouldUseDarkColors ? '#10151f' : '#f4f5f8');

/** The main window, on its way to its first screen when this returns. It is visible from the start: on Linux and Windows a
 * hidden window presents no frame (electron#49938). Only a start at login leaves it out of sight: `show` is false. */
export function createMainWindow(log: Log, show: boolean): BrowserWindow {
  const window = new BrowserWindow({
    show,
    // A page that nobody can see draws nothing: no animation wakes the computer in the background.
    paintWhenInitiallyHidden: show,
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    title: 'Oversight',
    backgroundColor: backgroundColor(),
    webPreferences,
  });
  window.setMenuBarVisibility(false);
  guardContents(window.webContents);
  let crashes = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.info('the window’s page is gone', { reason });
    crashes += 1;
    if (reason !== 'clean-exit' && crashes <= 3) window.webContents.reload();
  });
  void window.loadURL(`${origin}/index.html`);
  return window;
}
