import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BaseWindow, type Rectangle, screen } from 'electron';
import { z } from 'zod';
import { writeWhole } from '../settings/files.ts';
import type { ViewReports } from './roles.ts';

export interface OwnWindow {
  window: BaseWindow;
  show(): void;
}

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(480), height: z.int().min(320) });
const usual = { width: 1100, height: 720 };
/** The next window does not hide the one before. */
const stepPx = 28;

let openNow = 0;

/** A window that holds nothing but a player. Where the last one was is remembered in `userData`; closing it ends the viewing. */
export function openOwnWindow(
  { userData, title, backgroundColor }: { userData: string; title: string; backgroundColor: string },
  reports: ViewReports,
): OwnWindow {
  const file = path.join(userData, 'player-window.json');
  const window = new BaseWindow({
    ...usual,
    ...boundsFrom(file, openNow * stepPx),
    minWidth: 640,
    minHeight: 420,
    title,
    backgroundColor,
  });
  openNow += 1;
  window.setMenuBarVisibility(false);
  window.setContentProtection(true);
  let closed = false;
  const keepBounds = () => {
    // A window that cannot be remembered opens where the system puts it.
    void writeWhole(file, JSON.stringify(window.getNormalBounds())).catch(() => undefined);
  };
  window.on('close', () => {
    keepBounds();
    closed = true;
  });
  window.on('closed', () => {
    openNow -= 1;
    // The person did it, not the viewing's way back into the main window.
    if (closed) reports.closed();
  });
  window.on('resized', keepBounds);
  window.on('moved', keepBounds);
  window.on('minimize', () => reports.seen(false));
  window.on('restore', () => reports.seen(true));
  window.on('hide', () => reports.seen(false));
  window.on('show', () => reports.seen(true));
  window.on('enter-full-screen', () => reports.filled(true));
  window.on('leave-full-screen', () => reports.filled(false));
  return {
    window,
    show() {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

/** Where a window was, moved by `offset`, if that is still on a screen. */
function boundsFrom(file: string, offset: number): Rectangle | null {
  try {
    const { x, y, ...size } = Bounds.parse(JSON.parse(readFileSync(file, 'utf8')));
    const bounds = { x: x + offset, y: y + offset, ...size };
    const { workArea } = screen.getDisplayMatching(bounds);
    const fits =
      bounds.x >= workArea.x &&
      bounds.y >= workArea.y &&
      bounds.x + bounds.width <= workArea.x + workArea.width &&
      bounds.y + bounds.height <= workArea.y + workArea.height;
    return fits ? bounds : null;
  } catch {
    return null;
  }
}
