import { app, protocol } from 'electron';

// The entry stays small: `ready` waits for the whole of it. What the first screen does not need is imported later.
// A second start that does not hear back from the running app within 20 s ends it, and a command line of more than 32 kB is never answered
// (Chromium's process singleton): nobody who opens a link may end the app with it.
const longestArguments = 8_000;

if (process.argv.join(' ').length > longestArguments || !app.requestSingleInstanceLock()) app.exit(0);
else {
  app.enableSandbox();
  const privileges = { standard: true, secure: true, supportFetchAPI: true } as const;
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges },
    { scheme: 'media', privileges: { ...privileges, corsEnabled: true, stream: true } },
  ]);
  // macOS opens a link with an event that may come before `ready`.
  const early: string[] = [];
  let open = (link: string): void => void early.push(link);
  app.on('open-url', (event, link) => {
    event.preventDefault();
    open(link);
  });
  const started = import('./start.ts');
  void app.whenReady().then(async () => {
    const { start } = await started;
    const stop = start((follow) => {
      open = follow;
      early.splice(0).forEach(follow);
    });
    app.on('window-all-closed', () => app.quit());
    let stopped = false;
    app.on('before-quit', (event) => {
      if (stopped) return;
      event.preventDefault();
      void stop().finally(() => {
        stopped = true;
        app.quit();
      });
    });
  });
}
