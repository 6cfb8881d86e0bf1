import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import { builtFile } from './paths.ts';
import { hearOfTray } from './tray-host.ts';
import type { TrayAction, TrayItem, TrayModel } from './tray-model.ts';

export interface AppTray {
  show(model: TrayModel): void;
  destroy(): void;
}

/** Icons are drawn for so many; more is "9+". */
const mostDrawn = 9;

/** The icon in the tray, its count and its menu. It is there while the app runs. */
export function createTray(act: (action: TrayAction) => void, window: () => BrowserWindow): AppTray {
  const icons = new Map<string, Electron.NativeImage>();
  const iconOf = (count: number) => {
    // The macOS menu bar draws a template in its own colour, with the count as text beside it.
    const name = process.platform === 'darwin' ? 'trayTemplate' : count > mostDrawn ? 'more' : String(count);
    const icon = icons.get(name) ?? nativeImage.createFromPath(builtFile('main', 'tray', `${name}.png`));
    icons.set(name, icon);
    return icon;
  };
  const make = () => {
    const made = new Tray(iconOf(0));
    made.on('click', () => act({ do: 'show' }));
    return made;
  };
  let tray = make();
  let shown: TrayModel | null = null;
  let drawn = '';
  // On Linux an icon goes where the desktop's tray was when it was made. A desktop that starts its panel after its programs, or starts it
  // anew, would be without one.
  const stop = hearOfTray(() => {
    tray.destroy();
    tray = make();
    drawn = '';
    if (shown) draw(shown);
  });

  function draw(model: TrayModel): void {
    const next = JSON.stringify(model);
    if (next === drawn || tray.isDestroyed()) return;
    drawn = next;
    tray.setImage(iconOf(model.count));
    tray.setToolTip(model.tooltip);
    if (process.platform === 'darwin') tray.setTitle(model.count > 0 ? ` ${model.count}` : '');
    tray.setContextMenu(Menu.buildFromTemplate(model.items.map((item) => templateOf(item, act))));
    app.setBadgeCount(model.count);
    // Windows has no badge for a number: a small picture lies on the button of the taskbar.
    if (process.platform === 'win32' && !window().isDestroyed())
      window().setOverlayIcon(model.count > 0 ? iconOf(model.count) : null, model.tooltip);
  }

  return {
    show(model) {
      shown = model;
      draw(model);
    },
    destroy() {
      stop();
      tray.destroy();
    },
  };
}

function templateOf(item: TrayItem, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (item.item) {
    case 'line':
      return { type: 'separator' };
    case 'text':
      return { label: plain(item.label), enabled: false };
    case 'action':
      return { label: plain(item.label), click: () => act(item.action) };
    case 'menu':
      return { label: plain(item.label), submenu: item.items.map((one) => templateOf(one, act)) };
    default:
      return item satisfies never;
  }
}

/** Names come from elsewhere: an ampersand in one is no shortcut. */
const plain = (label: string) => label.replaceAll('&', '&&');
