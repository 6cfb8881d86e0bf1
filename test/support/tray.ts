import type { Desktop } from './desktop.ts';
import { until } from './processes.ts';

/** An item of a tray's menu, as a host sees it. */
export type MenuItem = { id: number; label: string; enabled: boolean; children: MenuItem[] };

export type TrayHost = {
  /** The menu of the app's tray item, once it is there. */
  menu(): Promise<MenuItem[]>;
  tooltip(): Promise<string>;
  /** Chooses the item of these labels, from the menu inwards, once it is there: each the beginning of a label. */
  choose(...labels: string[]): Promise<void>;
  /** Ends the panel. */
  stop(): Promise<void>;
};

/** A real panel whose tray the app puts itself into (StatusNotifierItem). What its user would click is sent the way the panel sends it. */
export async function startTrayHost(desktop: Desktop): Promise<TrayHost> {
  const panel = desktop.launch('xfce4-panel', '--disable-wm-check');
  const call = (dest: string, object: string, method: string, ...args: string[]) =>
    desktop.run('gdbus', 'call', '--session', '--dest', dest, '--object-path', object, '--method', method, ...args);
  const properties = 'org.freedesktop.DBus.Properties';
  const watcher = 'org.kde.StatusNotifierWatcher';
  const items = () =>
    call(watcher, '/StatusNotifierWatcher', `${properties}.Get`, watcher, 'RegisteredStatusNotifierItems').catch(() => '');
  await until('the panel to host a tray', async () => (await items()).includes('<'));

  /** The app's item. The panel may still list one that was taken back when it was made anew: the newest that answers is the one. */
  const item = () =>
    until('the app in the tray', async () => {
      for (const [, bus = '', object = ''] of [...(await items()).matchAll(/'([^'/]+)(\/[^']*)'/g)].reverse()) {
        const answer = await call(bus, object, `${properties}.Get`, 'org.kde.StatusNotifierItem', 'Menu').catch(() => '');
        const [, menu] = /objectpath '([^']+)'/.exec(answer) ?? [];
        if (menu) return { bus, object, menu };
      }
      return null;
    });
  async function property(name: string): Promise<string> {
    const { bus, object } = await item();
    return call(bus, object, `${properties}.Get`, 'org.kde.StatusNotifierItem', name);
  }
  const layout = async () => {
    const { bus, menu: object } = await item();
    return call(bus, object, 'com.canonical.dbusmenu.GetLayout', '0', '--', '-1', "['label', 'enabled']");
  };
  /** An item that is just being put there, or is of a panel that has just gone, has none to show: it is asked again. */
  const menu = async () => menuOf(await until('the menu of the tray', () => layout().catch(() => null)));
  return {
    menu,
    tooltip: () => property('ToolTip'),
    stop: () => panel.stop(),
    async choose(...labels) {
      let seen: readonly MenuItem[] = [];
      await until('the item in the menu', async () => {
        seen = await menu();
        const found = find(seen, labels);
        if (!found) return false;
        const { bus, menu: object } = await item();
        // The menu may have been made anew since it was read: what it does not know it refuses, and it is read again.
        return call(bus, object, 'com.canonical.dbusmenu.Event', `${found.id}`, 'clicked', '<0>', '0').then(
          () => true,
          (error) => (/error occurred in Event/.test(String(error)) ? false : Promise.reject(error)),
        );
      }).catch((error) => {
        throw new Error(`the menu has no ${labels.join(' › ')}: ${seen.map(({ label }) => label).join(' | ')}`, { cause: error });
      });
    },
  };
}

function find(items: readonly MenuItem[], [label = '', ...inside]: readonly string[]): MenuItem | undefined {
  const found = items.find((item) => item.label.startsWith(label));
  return found && inside.length > 0 ? find(found.children, inside) : found;
}

/** Reads a layout of com.canonical.dbusmenu as gdbus prints it: `(revision, (id, {properties}, [children]))`. */
export function menuOf(text: string): MenuItem[] {
  let at = text.indexOf('(', 1);
  const skip = (pattern: RegExp) => {
    const [found = ''] = new RegExp(pattern.source, 'y').exec(text.slice(at)) ?? [];
    at += found.length;
    return found;
  };
  function quoted(): string {
    const mark = text[at];
    let value = '';
    for (at += 1; text[at] !== mark; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  }
  function node(): MenuItem {
    skip(/[\s(<]*/);
    const id = Number(skip(/(?:int32 )?-?\d+/).replace('int32 ', ''));
    skip(/,\s*(?:@a\{sv\} )?\{/);
    const item: MenuItem = { id, label: '', enabled: true, children: [] };
    while (text[at] !== '}') {
      const name = quoted();
      skip(/:\s*</);
      const value = text[at] === "'" || text[at] === '"' ? quoted() : skip(/[^>]*/);
      skip(/>\s*,?\s*/);
      if (name === 'label') item.label = value.replaceAll('__', '_');
      if (name === 'enabled') item.enabled = value === 'true';
    }
    skip(/\},\s*(?:@av )?\[/);
    while (text[at] !== ']') {
      item.children.push(node());
      skip(/[)>\s]*,?\s*/);
    }
    at += 1;
    return item;
  }
  return node().children;
}
