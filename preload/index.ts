import { ipcRenderer } from 'electron';

// Carries ports from main to the page that asks for them, and nothing else: the bridge, and the one to the archive. What may pass over them is
// decided at their ends.
const ports = { 'oversight:ask': 'oversight:port', 'oversight:ask-archive': 'oversight:archive-port' } as const;

for (const [ask, port] of Object.entries(ports)) {
  window.addEventListener('message', ({ source, data }) => {
    if (source === window && data === ask) ipcRenderer.send(ask);
  });
  ipcRenderer.on(port, (event) => window.postMessage(port, window.location.origin, event.ports));
}
