// The limit: an Electron that does nothing but open a window, answer an invoke, and play HLS over plain http.
const { app, BrowserWindow, ipcMain } = require('electron');
const path = require('node:path');

let objects = [];
ipcMain.handle('put', (_event, given) => {
  objects = given;
});
ipcMain.handle('page', (_event, count) => objects.slice(0, count));
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { preload: path.join(__dirname, 'preload.cjs') },
  });
  window.setMenuBarVisibility(false);
  window.loadFile(path.join(__dirname, 'index.html'));
});
app.on('window-all-closed', () => app.quit());
