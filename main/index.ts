import { app, protocol } from 'electron';

// The entry stays small: `ready` waits for the whole of it. What the first screen does not need is imported later.
if (!app.requestSingleInstanceLock()) app.exit(0);
else {
  app.enableSandbox();
  const privileges = { standard: true, secure: true, supportFetchAPI: true } as const;
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges },
    { scheme: 'media', privileges: { ...privileges, corsEnabled: true, stream: true } },
  ]);
  const started = import('./start.ts');
  void app.whenReady().then(async () => {
    const { start } = await started;
    const stop = start();
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
