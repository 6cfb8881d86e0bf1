import { app, type BrowserWindow, nativeTheme, powerMonitor, session } from 'electron';
import { createHandlers } from './handlers.ts';
import { createBridges } from './ipc.ts';
import { createLog } from './log.ts';
import { openSettings } from './settings/store.ts';
import { serveApp } from './shell/app-protocol.ts';
import { guardSession } from './shell/guard.ts';
import { setMenu } from './shell/menu.ts';
import { backgroundColor, createMainWindow } from './shell/windows.ts';

/** Builds the app in order, the window first: the rest is made while it loads. Answers with the way to stop. */
export function start(): () => Promise<void> {
  const userData = app.getPath('userData');
  const log = createLog(`${userData}/logs`);
  const settings = openSettings(userData, (changed) => {
    nativeTheme.themeSource = changed.theme;
    bridges.publish('settings', changed);
  });
  nativeTheme.themeSource = settings.get().theme;
  serveApp(session.defaultSession);
  guardSession(session.defaultSession);

  const window: BrowserWindow = createMainWindow(log);
  const made = import('./services.ts').then(({ createServices }) => {
    const { services, stop } = createServices({
      userData,
      suggestedGateway: app.commandLine.getSwitchValue('gateway'),
      window: () => window,
      bridges,
      settings,
      log,
    });
    if (settings.reset) bridges.publish('storage-notice', { notice: 'settings-reset' });
    void services.account.start().catch((error) => log.unforeseen(error, 'account.start'));
    powerMonitor.on('resume', () => {
      services.connection.retryNow();
      services.viewings.recheck();
    });
    return { handlers: createHandlers(services), stop };
  });
  const bridges = createBridges(async () => (await made).handlers, log);
  bridges.attach(window.webContents, { page: 'window', viewingId: null });
  nativeTheme.on('updated', () => window.setBackgroundColor(backgroundColor()));
  setMenu();

  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  process.on('uncaughtException', (error) => log.unforeseen(error, 'main'));
  process.on('unhandledRejection', (error) => log.unforeseen(error, 'main'));

  return async () => (await made).stop();
}
