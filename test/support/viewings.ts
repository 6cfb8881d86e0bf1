import type { Page } from 'playwright';
import type { Kind } from '../../contract/session.ts';
import type { App } from './app.ts';
import { pictureOf } from './main-job.ts';
import { until } from './processes.ts';

/** Opens a session from Remote Sessions. Answers with the page that plays it. */
export async function watch(app: App, sessionId: string, kind: Kind = 'recording'): Promise<Page> {
  const { window } = app;
  await window.getByRole('link', { name: 'Remote Sessions' }).click();
  await window.getByRole('searchbox').fill(sessionId);
  const actions = window.getByRole('button', { name: `Actions for session ${sessionId}`, exact: true });
  // What was granted a moment ago is known here when the gateway has told.
  await window
    .getByRole('row')
    .filter({ has: actions })
    .getByText(/^(Open until|Watch)/)
    .first()
    .waitFor();
  await actions.click();
  await window.getByRole('menuitem', { name: kind === 'recording' ? /^Session video/ : /^Live stream/ }).click();
  return playerOf(app, sessionId);
}

/** The page that plays a session. */
export function playerOf(app: App, sessionId: string): Promise<Page> {
  return until(`the player of ${sessionId}`, async () => {
    for (const page of app.electron.windows().filter((one) => one.url().endsWith('/player.html'))) {
      const title = await page
        .getByRole('heading', { level: 1 })
        .getAttribute('title', { timeout: 1_000 })
        .catch(() => null);
      if (title === sessionId) return page;
    }
    return null;
  });
}

/** Waits until a page shows no picture any more, or is gone itself. */
export async function untilGone(player: Page, limitMs = 5_000): Promise<void> {
  const isGone = async () => player.isClosed() || !((await pictureOf(player).catch(() => null))?.width ?? 0);
  await until('the picture to be gone', isGone, limitMs, 10);
}

/** Presses a button after which the page goes away, maybe while it is still being pressed. */
export async function leaveBy(player: Page, name: string | RegExp): Promise<void> {
  const failed = await player
    .getByRole('button', { name })
    .click()
    .then(
      () => null,
      (error: unknown) => error,
    );
  // It may be told that the page is gone before it is known to be closed.
  await until('the page to go', () => player.isClosed()).catch((error) => Promise.reject(failed ?? error));
}

/**
 * Waits until the app says why a viewing has ended. Answers where: on the page that played it, or in the window where that page had to be
 * destroyed, as it is when it does not answer in time.
 */
export async function endSaid(app: App, player: Page, text: string): Promise<Page> {
  return until(`the words “${text}”`, async () => {
    for (const page of [player, app.window]) {
      if (page.isClosed()) continue;
      const said = page.getByText(text, { exact: false }).first();
      if (await said.isVisible().catch(() => false)) return page;
    }
    return null;
  });
}
