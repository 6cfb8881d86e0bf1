import type { Page } from 'playwright';
import type { App } from './app.ts';
import { until } from './processes.ts';

/** What the auditor does to ask for a session's video: find it, open its actions, fill the dialog, save. */
export async function ask({ window }: App, sessionId: string, justification: string, what = 'Session video'): Promise<void> {
  await window.getByRole('link', { name: 'Remote Sessions' }).click();
  await window.getByRole('searchbox').fill(sessionId);
  await window.getByRole('button', { name: `Actions for session ${sessionId}` }).click();
  await window.getByRole('menuitem', { name: new RegExp(`^${what}`) }).click();
  const dialog = window.getByRole('dialog', { name: 'Justification' });
  await dialog.getByRole('textbox', { name: 'Justification' }).fill(justification);
  await chooseReason(window);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Chooses a reason of the demo's list. */
export async function chooseReason(window: Page): Promise<void> {
  const dialog = window.getByRole('dialog', { name: 'Justification' });
  await dialog.getByRole('combobox', { name: 'Reason' }).selectOption({ label: 'Incident investigation' });
}

/** What the approver does: open the request that waits, say why, approve. */
export async function approve({ window }: App, comment: string): Promise<void> {
  await window.getByRole('link', { name: 'Approvals' }).click();
  await window.getByRole('textbox', { name: 'Comment' }).fill(comment);
  await window.getByRole('button', { name: 'Approve', exact: true }).click();
  await window.getByText(/^Approved\./).waitFor();
}

/** Opens what the auditor may watch by now: the access cell of some row says `access`. Answers with the player's page. */
export async function openVideo(app: App, sessionId: string, access = 'Open until'): Promise<Page> {
  const { window } = app;
  await window.getByRole('link', { name: 'Remote Sessions' }).click();
  await window.getByText(access).first().waitFor();
  await window.getByRole('button', { name: `Actions for session ${sessionId}` }).click();
  await window.getByRole('menuitem', { name: /^Session video/ }).click();
  const player = await app.player();
  await player.getByRole('region', { name: 'Player', exact: true }).waitFor();
  return player;
}

/** What the picture does: its position, and whether pixels are there. */
export function pictureOf(player: Page): Promise<{ at: number; width: number; paused: boolean } | null> {
  return player.evaluate(() => {
    const video = document.querySelector('video');
    return video ? { at: video.currentTime, width: video.videoWidth, paused: video.paused } : null;
  });
}

/** Waits until the picture is there and has moved on by `seconds`. Answers with where it is. */
export async function untilItPlays(player: Page, seconds = 1): Promise<number> {
  const first = await until('a picture', async () => {
    const picture = await pictureOf(player);
    return picture && picture.width > 0 && picture.at > 0 ? picture : null;
  });
  const later = await until('the picture to move on', async () => {
    const picture = await pictureOf(player);
    return picture && picture.at >= first.at + seconds ? picture : null;
  });
  return later.at;
}
