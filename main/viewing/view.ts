import { type BrowserWindow, session as sessions, WebContentsView } from 'electron';
import type { Bridges } from '../ipc.ts';
import { serveApp } from '../shell/app-protocol.ts';
import { guardContents, guardSession } from '../shell/guard.ts';
import { origin } from '../shell/origin.ts';
import { webPreferences } from '../shell/windows.ts';
import { handleMedia } from './media-protocol.ts';
import type { PlayerView, Viewings } from './viewings.ts';

/** The player is dark in both themes: what is seen before its first paint. */
const backgroundColor = '#0e131c';

let made = 0;

/**
 * The view of a viewing over the content area of `frame`, hidden at first, with a session of its own that is only in memory and reaches
 * nothing but the app's files and the viewing's media. While it is there, the system keeps the window out of screenshots where it can.
 */
export function openPlayerView(
  frame: BrowserWindow,
  viewingId: string,
  viewings: Pick<Viewings, 'media' | 'gone'>,
  bridges: Pick<Bridges, 'attach'>,
): PlayerView {
  made += 1;
  const session = sessions.fromPartition(`player-${made}`, { cache: false });
  guardSession(session);
  serveApp(session);
  handleMedia(session, viewings.media(viewingId));
  const view = new WebContentsView({
    webPreferences: { ...webPreferences, session, autoplayPolicy: 'no-user-gesture-required' },
  });
  const contents = view.webContents;
  guardContents(contents);
  bridges.attach(contents, { page: 'player', viewingId });
  view.setBackgroundColor(backgroundColor);
  view.setVisible(false);
  frame.contentView.addChildView(view);
  frame.setContentProtection(true);

  let gone = false;
  let visible = false;
  const toPlayer = (event: { preventDefault(): void }, { key, type }: { key: string; type: string }) => {
    if (type !== 'keyDown' || key !== 'F6' || !visible) return;
    event.preventDefault();
    contents.focus();
  };
  frame.webContents.on('before-input-event', toPlayer);
  contents.on('before-input-event', (event, { key, type }) => {
    if (type !== 'keyDown' || (key !== 'F6' && key !== 'Escape')) return;
    event.preventDefault();
    frame.webContents.focus();
  });

  function destroy(): void {
    if (gone) return;
    gone = true;
    session.protocol.unhandle('media');
    if (!frame.isDestroyed()) {
      frame.webContents.off('before-input-event', toPlayer);
      frame.contentView.removeChildView(view);
      frame.setContentProtection(false);
      frame.webContents.focus();
    }
    if (!contents.isDestroyed()) contents.close();
  }
  const lost = () => {
    if (gone) return;
    destroy();
    viewings.gone(viewingId);
  };
  contents.on('render-process-gone', lost);
  contents.once('destroyed', lost);
  void contents.loadURL(`${origin}/player.html`);

  return {
    place(area) {
      if (gone) return;
      const shown = visible;
      visible = area !== null;
      if (area) {
        const zoom = frame.webContents.getZoomFactor();
        const left = Math.round(area.x * zoom);
        const top = Math.round(area.y * zoom);
        const width = Math.round((area.x + area.width) * zoom) - left;
        view.setBounds({ x: left, y: top, width, height: Math.round((area.y + area.height) * zoom) - top });
      }
      view.setVisible(visible);
      if (visible && !shown) contents.focus();
      if (!visible && shown) frame.webContents.focus();
    },
    focus: () => !gone && contents.focus(),
    destroy,
  };
}
