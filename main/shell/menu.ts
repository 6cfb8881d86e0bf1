import { Menu } from 'electron';

/** The menu holds what the keyboard needs: editing, zoom, quitting. There are no developer tools in it. */
export function setMenu(): void {
  const roles = (
    ...names: (
      | 'undo'
      | 'redo'
      | 'cut'
      | 'copy'
      | 'paste'
      | 'selectAll'
      | 'resetZoom'
      | 'zoomIn'
      | 'zoomOut'
      | 'togglefullscreen'
      | 'quit'
    )[]
  ) => names.map((role) => ({ role }));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'Oversight', submenu: roles('quit') },
      { label: 'Edit', submenu: roles('undo', 'redo', 'cut', 'copy', 'paste', 'selectAll') },
      { label: 'View', submenu: roles('resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen') },
    ]),
  );
}
