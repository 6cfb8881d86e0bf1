import type { Page } from 'playwright';
import type { App } from './app.ts';
import { until } from './processes.ts';

/** The pages of the decision windows that are open. */
export const decisionPages = ({ electron }: App): Page[] =>
  electron.windows().filter((page) => !page.isClosed() && page.url().endsWith('/decision.html'));

/** Opens the decision window of what waits of `name`, from the list. Answers with its page, its card drawn. */
export async function openDecision(app: App, name: string): Promise<Page> {
  const { window } = app;
  await window.getByRole('link', { name: 'Approvals' }).click();
  await window
    .getByRole('region', { name: 'Requests waiting for you' })
    .getByRole('button', { name: new RegExp(`^${name}.*left`) })
    .first()
    .click();
  return openOwnWindow(app);
}

/** Opens the decision window of what is chosen in the list. */
export async function openOwnWindow(app: App): Promise<Page> {
  const before = new Set(decisionPages(app));
  await app.window.getByRole('button', { name: 'Open in a window' }).click();
  const page = await until('the decision window', () => decisionPages(app).find((one) => !before.has(one)));
  await page.getByRole('heading', { level: 2 }).waitFor();
  return page;
}

/** Presses a key that closes a decision window, and waits until it is gone: of a key that is not up again by then, nobody may ever hear. */
export async function closeBy(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
  void page.keyboard.press(key).catch(() => undefined);
  await untilClosed(page);
}

/** Waits until a decision window is gone. */
export const untilClosed = (page: Page) => until('the decision window to be closed', () => page.isClosed());
