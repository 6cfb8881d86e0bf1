import { BrowserWindow, screen } from 'electron';
import type { DecisionIntent } from '../../contract/intent.ts';
import type { Bridges } from '../ipc.ts';
import { guardContents } from '../shell/guard.ts';
import { origin } from '../shell/origin.ts';
import { backgroundColor, webPreferences } from '../shell/windows.ts';

export interface DecisionWindows {
  /** Opens the window of a request, or brings the one that is open to the front. It decides nothing by itself. */
  open(wish: { requestId: string; intent: DecisionIntent }): void;
  current(requestId: string): { requestId: string; intent: DecisionIntent };
  close(requestId: string): void;
  /** Shows the main window at the request. */
  showInMain(requestId: string): void;
  /** Nobody is signed in any more: what the windows show is not for whoever comes next. */
  closeAll(): void;
}

const smallest = { minWidth: 460, minHeight: 520 };
const wanted = { width: 580, height: 860 };
/** So far (px) from each other, and so many, lie windows that are open at once. */
const step = 28;
const steps = 6;

/** Where the next window goes: in the middle of the screen where the mouse is, no higher than that, and not just on top of another. */
function placed(open: number): { x: number; y: number; width: number; height: number } {
  const area = screen.getDisplayNearestPoint(screen.getCursorScreenPoint()).workArea;
  const width = Math.min(wanted.width, area.width);
  const height = Math.min(wanted.height, area.height - 2 * step);
  const shift = ((open % steps) - Math.floor(steps / 2)) * step * Number(open > 0);
  return {
    x: Math.round(area.x + (area.width - width) / 2 + shift),
    y: Math.max(area.y, Math.round(area.y + (area.height - height) / 2 + shift / 2)),
    width,
    height,
  };
}

/** The small windows in which a request is decided: one for each request, each with the page `decision` and the guards of every page. */
export function createDecisionWindows(options: {
  bridges: Pick<Bridges, 'attach' | 'publish'>;
  /** Brings the main window to the front, at this request. */
  showRequest: (requestId: string) => void;
}): DecisionWindows {
  const { bridges, showRequest } = options;
  const windows = new Map<string, { window: BrowserWindow; intent: DecisionIntent }>();

  function make(requestId: string): BrowserWindow {
    const window = new BrowserWindow({
      ...smallest,
      ...placed(windows.size),
      title: 'Oversight',
      fullscreenable: false,
      backgroundColor: backgroundColor(),
      webPreferences,
    });
    window.setMenuBarVisibility(false);
    guardContents(window.webContents);
    bridges.attach(window.webContents, { page: 'decision', viewingId: null, requestId });
    let crashes = 0;
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      crashes += 1;
      if (reason !== 'clean-exit' && crashes <= 3) window.webContents.reload();
    });
    window.on('closed', () => windows.delete(requestId));
    void window.loadURL(`${origin}/decision.html`);
    return window;
  }

  const decisions: DecisionWindows = {
    open({ requestId, intent }) {
      const known = windows.get(requestId);
      if (!known) return void windows.set(requestId, { window: make(requestId), intent });
      known.intent = intent;
      if (known.window.isMinimized()) known.window.restore();
      known.window.show();
      known.window.focus();
      bridges.publish('decision-intent', { requestId, intent });
    },
    current: (requestId) => ({ requestId, intent: windows.get(requestId)?.intent ?? 'open' }),
    close: (requestId) => windows.get(requestId)?.window.close(),
    showInMain(requestId) {
      showRequest(requestId);
      decisions.close(requestId);
    },
    closeAll() {
      for (const { window } of windows.values()) window.destroy();
    },
  };
  return decisions;
}
