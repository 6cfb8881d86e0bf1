import { type BaseWindow, type BrowserWindow, dialog, session as sessions, WebContentsView } from 'electron';
import type { Bridges } from '../ipc.ts';
import { serveApp } from '../shell/app-protocol.ts';
import { guardContents, guardSession } from '../shell/guard.ts';
import { origin } from '../shell/origin.ts';
import { webPreferences } from '../shell/windows.ts';
import { handleMedia } from './media-protocol.ts';
import { type OwnWindow, openOwnWindow } from './own-window.ts';
import type { Laid, OpenView, PlayerView } from './roles.ts';

/** The player is dark in both themes: what is seen before its first paint. */
const backgroundColor = '#0e131c';

let made = 0;
/** How many players lie over the main window now: as long as there is one, the system keeps it out of screenshots where it can. */
let docked = 0;

/**
 * The view of a viewing, hidden at first, with a session of its own that is only in memory and reaches nothing but the app's files and
 * the viewing's media. It lies over the content area of `main`, or in a window of its own; moving it leaves its page as it is.
 */
export function openPlayerView(
  main: BrowserWindow,
  { id, session: { id: sessionId, device }, media }: Parameters<OpenView>[0],
  reports: Parameters<OpenView>[1],
  { bridges, userData }: { bridges: Pick<Bridges, 'attach'>; userData: string },
): PlayerView {
  made += 1;
  const session = sessions.fromPartition(`player-${made}`, { cache: false });
  guardSession(session);
  serveApp(session);
  handleMedia(session, media);
  const view = new WebContentsView({
    webPreferences: { ...webPreferences, session, autoplayPolicy: 'no-user-gesture-required' },
  });
  const contents = view.webContents;
  guardContents(contents);
  bridges.attach(contents, { page: 'player', viewingId: id });
  view.setBackgroundColor(backgroundColor);
  view.setVisible(false);
  dock();

  let gone = false;
  let own: OwnWindow | null = null;
  let laid: Laid = { frame: 'main', area: null, fullScreen: false };
  const isShown = () => !gone && laid.frame === 'main' && laid.area !== null;
  const host = (): BaseWindow => own?.window ?? main;

  const toPlayer = (event: { preventDefault(): void }, { key, type }: { key: string; type: string }) => {
    if (type !== 'keyDown' || key !== 'F6' || !isShown()) return;
    event.preventDefault();
    contents.focus();
  };
  const roomLost = () => reports.roomLost();
  const fit = () => laid.frame === 'main' && laid.fullScreen && cover(main);
  const left = () => laid.frame === 'main' && reports.filled(false);
  main.webContents.on('before-input-event', toPlayer);
  main.webContents.on('did-navigate', roomLost);
  main.webContents.on('render-process-gone', roomLost);
  main.on('resize', fit);
  main.on('leave-full-screen', left);

  contents.on('before-input-event', (event, { key, type }) => {
    if (type !== 'keyDown' || (key !== 'F6' && key !== 'Escape')) return;
    if (key === 'Escape' && laid.fullScreen) reports.filled(false);
    else if (own) return;
    else main.webContents.focus();
    event.preventDefault();
  });

  function dock(): void {
    docked += 1;
    main.contentView.addChildView(view);
    main.setContentProtection(true);
  }

  function undock(): void {
    docked -= 1;
    if (main.isDestroyed()) return;
    main.contentView.removeChildView(view);
    if (docked === 0) main.setContentProtection(false);
  }

  function cover(window: BaseWindow): void {
    const { width, height } = window.getContentBounds();
    view.setBounds({ x: 0, y: 0, width, height });
  }

  /** The window's page counts in CSS pixels, the view in those of the screen. */
  function coverArea({ x, y, width, height }: NonNullable<Extract<Laid, { frame: 'main' }>['area']>): void {
    const zoom = main.webContents.getZoomFactor();
    const [left, top] = [Math.round(x * zoom), Math.round(y * zoom)];
    const [right, bottom] = [Math.round((x + width) * zoom), Math.round((y + height) * zoom)];
    view.setBounds({ x: left, y: top, width: right - left, height: bottom - top });
  }

  function leaveOwn(): void {
    const window = own?.window;
    own = null;
    if (window && !window.isDestroyed()) {
      window.contentView.removeChildView(view);
      window.destroy();
    }
  }

  function lay(next: Laid): void {
    if (gone) return;
    const before = laid;
    const wasShown = isShown();
    laid = next;
    if (next.frame === 'own') {
      if (!own) {
        if (main.isFullScreen() && before.fullScreen) main.setFullScreen(false);
        undock();
        own = openOwnWindow({ userData, title: `${sessionId} · ${device}`, backgroundColor }, reports);
        own.window.contentView.addChildView(view);
        own.window.on('resize', () => own && cover(own.window));
      }
      cover(own.window);
      view.setVisible(!next.hidden);
      if (own.window.isFullScreen() !== next.fullScreen) own.window.setFullScreen(next.fullScreen);
      return;
    }
    if (own) {
      leaveOwn();
      dock();
    }
    if (next.fullScreen !== before.fullScreen && before.frame === 'main' && main.isFullScreen() !== next.fullScreen)
      main.setFullScreen(next.fullScreen);
    if (next.area && next.fullScreen) cover(main);
    else if (next.area) coverArea(next.area);
    view.setVisible(next.area !== null);
    if (isShown() && !wasShown) contents.focus();
    if (!isShown() && wasShown) main.webContents.focus();
  }

  function destroy(): void {
    if (gone) return;
    const wasShown = isShown();
    gone = true;
    session.protocol.unhandle('media');
    if (!main.isDestroyed()) {
      main.webContents.off('before-input-event', toPlayer);
      main.webContents.off('did-navigate', roomLost);
      main.webContents.off('render-process-gone', roomLost);
      main.off('resize', fit);
      main.off('leave-full-screen', left);
      if (laid.frame === 'main' && laid.fullScreen) main.setFullScreen(false);
    }
    if (own) leaveOwn();
    else undock();
    if (wasShown && !main.isDestroyed()) main.webContents.focus();
    if (!contents.isDestroyed()) contents.close();
  }
  const lost = () => {
    if (gone) return;
    destroy();
    reports.gone();
  };
  contents.on('render-process-gone', lost);
  contents.once('destroyed', lost);
  void contents.loadURL(`${origin}/player.html`);

  return {
    lay,
    focus() {
      if (gone) return;
      own?.show();
      contents.focus();
    },
    async chooseFile(defaultPath) {
      const filters = [{ name: 'PNG', extensions: ['png'] }];
      const { filePath, canceled } = await dialog.showSaveDialog(host(), { defaultPath, filters });
      return canceled || !filePath ? null : filePath;
    },
    destroy,
  };
}
