import { ipcRenderer } from 'electron';

// Carries one port from main to the page that asks for it, and nothing else. What may pass over the port is decided at its ends.
window.addEventListener('message', ({ source, data }) => {
  if (source === window && data === 'oversight:ask') ipcRenderer.send('oversight:ask');
});

ipcRenderer.on('oversight:port', ({ ports }) => {
  window.postMessage('oversight:port', window.location.origin, ports);
});
