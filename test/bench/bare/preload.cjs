const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('bare', {
  put: (objects) => ipcRenderer.invoke('put', objects),
  page: (count) => ipcRenderer.invoke('page', count),
});
