import { type BrowserWindow, session, WebContentsView } from 'electron';
import type { Bridges } from '../ipc.ts';
import { serveApp } from '../shell/app-protocol.ts';
import { guardContents, guardSession } from '../shell/guard.ts';
import { origin } from '../shell/origin.ts';
import { webPreferences } from '../shell/windows.ts';
import { handleMedia, type Leases } from './media-protocol.ts';
import type { PlayerView } from './viewings.ts';

/** Makes the view of one viewing: a page of its own, in a session of its own that lives in memory and ends with it. */
export function openPlayerView(window: BrowserWindow, viewingId: string, leases: Leases, bridges: Bridges): PlayerView {
  const partition = session.fromPartition(`player-${viewingId}`, { cache: false });
  serveApp(partition);
  handleMedia(partition, leases);
  guardSession(partition);
  const view = new WebContentsView({ webPreferences: { ...webPreferences, session: partition, backgroundThrottling: false } });
  view.setBackgroundColor('#0c1119');
  view.setVisible(false);
  const { webContents } = view;
  guardContents(webContents);
  bridges.attach(webContents, { page: 'player', viewingId });
  window.contentView.addChildView(view);
  // Where the system can keep a window out of screenshots and screen sharing, it does (macOS, Windows).
  window.setContentProtection(true);
  void webContents.loadURL(`${origin}/player.html`);
  let gone = false;
  return {
    place(area) {
      if (gone) return;
      if (area) view.setBounds({ x: Math.round(area.x), y: Math.round(area.y), width: Math.round(area.width), height: Math.round(area.height) });
      view.setVisible(area !== null);
      if (area) webContents.focus();
    },
    destroy() {
      if (gone) return;
      gone = true;
      if (!window.isDestroyed()) window.contentView.removeChildView(view);
      webContents.close();
    },
  };
}
