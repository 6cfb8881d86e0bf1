import { session as sessions, WebContentsView } from 'electron';
import { serveApp } from '../shell/app-protocol.ts';
import { guardContents, guardSession } from '../shell/guard.ts';
import { origin } from '../shell/origin.ts';
import type { DrawWatermark } from './snapshot.ts';

/**
 * Draws the watermark in a page of its own that nobody sees: it knows every script a name may be written in, has no bridge, and gets
 * nothing but these words. It is there for as long as it draws.
 */
export const drawWatermark: DrawWatermark = async (size, across, below) => {
  const session = sessions.fromPartition('watermark', { cache: false });
  if (!session.protocol.isProtocolHandled('app')) {
    guardSession(session);
    serveApp(session);
  }
  const { webContents: contents } = new WebContentsView({ webPreferences: { session, sandbox: true, contextIsolation: true } });
  guardContents(contents);
  try {
    await contents.loadURL(`${origin}/watermark.html`);
    const drawn: unknown = await contents.executeJavaScript(
      `drawWatermark(${JSON.stringify(size)}, ${JSON.stringify(across)}, ${JSON.stringify(below)})`,
    );
    if (!(drawn instanceof Uint8Array)) throw new Error('the watermark was not drawn');
    return drawn;
  } finally {
    contents.close();
  }
};
