import { app, type BrowserWindow, nativeTheme, powerMonitor, session } from 'electron';
import { createHandlers } from './handlers.ts';
import { createBridges } from './ipc.ts';
import { createLog } from './log.ts';
import { openSettings } from './settings/store.ts';
import { serveApp } from './shell/app-protocol.ts';
import { hiddenSwitch } from './shell/autostart.ts';
import { keepInBackground } from './shell/background.ts';
import { guardSession } from './shell/guard.ts';
import { linkOf } from './shell/links.ts';
import { renewStartAtLogin, setStartAtLogin } from './shell/login-item.ts';
import { setMenu } from './shell/menu.ts';
import { backgroundColor, createMainWindow } from './shell/windows.ts';

/**
 * Builds the app in order, the window first: the rest is made while it loads. `links` hands over the links that the system opens with the
 * app. Answers with the way to stop.
 */
export function start(links: (open: (link: string) => void) => void): () => Promise<void> {
  const userData = app.getPath('userData');
  const log = createLog(`${userData}/logs`);
  const settings = openSettings(userData, (changed) => {
    nativeTheme.themeSource = changed.theme;
    bridges.publish('settings', changed);
    void made.then(({ services }) => services.presence.recheck());
    if (changed.retentionDays !== retentionDays) {
      retentionDays = changed.retentionDays;
      void made.then(({ services }) => services.history.daysChanged());
    }
    if (changed.startAtLogin !== startsAtLogin) {
      startsAtLogin = changed.startAtLogin;
      setStartAtLogin(startsAtLogin).catch((error) => log.unforeseen(error, 'setStartAtLogin'));
    }
  });
  let { startAtLogin: startsAtLogin, retentionDays } = settings.get();
  nativeTheme.themeSource = settings.get().theme;
  serveApp(session.defaultSession);
  guardSession(session.defaultSession);

  const window: BrowserWindow = createMainWindow(log, !app.commandLine.hasSwitch(hiddenSwitch));
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
    void services.account
      .start()
      .catch((error) => log.unforeseen(error, 'account.start'))
      .then(() => services.presence.recheck());
    const background = keepInBackground(window, {
      settings,
      signedIn: () => services.account.get().state === 'signed-in',
      ask: () => bridges.publish('closing', {}),
      hidden() {
        services.viewings.closeDocked();
        void services.presence.hidden();
      },
    });
    if (startsAtLogin) renewStartAtLogin().catch((error) => log.unforeseen(error, 'renewStartAtLogin'));
    const first = linkOf(process.argv.slice(1));
    if (first !== null) services.presence.links.open(first);
    powerMonitor.on('resume', () => {
      services.connection.retryNow();
      services.viewings.recheck();
      services.presence.recheck();
    });
    return { services, handlers: createHandlers({ ...services, background, listening: bridges.listening }), stop };
  });
  const bridges = createBridges(
    async () => (await made).handlers,
    (port) => void made.then(({ services }) => services.history.introduce(port)),
    log,
  );
  bridges.attach(window.webContents, { page: 'window', viewingId: null });
  nativeTheme.on('updated', () => window.setBackgroundColor(backgroundColor()));
  setMenu();

  const open = (link: string | null) => void made.then(({ services }) => services.presence.links.open(link));
  app.on('second-instance', (_event, argv) => open(linkOf(argv.slice(1))));
  links(open);
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient('oversight');
  process.on('uncaughtException', (error) => log.unforeseen(error, 'main'));
  process.on('unhandledRejection', (error) => log.unforeseen(error, 'main'));

  return async () => (await made).stop();
}
