import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { closeBy, decisionPages } from '../support/decision.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ask } from '../support/main-job.ts';
import { clickNotice, noticesOn } from '../support/notices.ts';
import { until } from '../support/processes.ts';
import { startTrayHost, type TrayHost } from '../support/tray.ts';

const sessionId = '4f1aa';
const justification = 'Check the change of the checkout service against its ticket.';

describe('the approver’s tray', () => {
  let gateway: TestGateway;
  let approversDesktop: Desktop;
  let auditorsDesktop: Desktop;
  let tray: TrayHost;
  let approver: App;
  let auditor: App;

  beforeAll(async () => {
    gateway = await startGateway();
    [approversDesktop, auditorsDesktop] = [await startDesktop(), await startDesktop()];
    tray = await startTrayHost(approversDesktop);
    approver = await launchApp(approversDesktop, { userData: 'approver', gateway: gateway.url });
    await signIn(approver, 'ana.prado');
    auditor = await launchApp(auditorsDesktop, { userData: 'auditor', gateway: gateway.url });
    await signIn(auditor, 'marta.reis');
  });
  afterAll(async () => {
    await approver?.close().catch(() => undefined);
    await auditor?.close();
    await approversDesktop?.stop();
    await auditorsDesktop?.stop();
    await gateway?.remove();
  });

  it('names what waits a moment after it was asked, and tells the approver', async () => {
    await ask(auditor, sessionId, justification);
    const item = await until('the request in the menu', async () =>
      (await tray.menu()).find(({ label }) => label.startsWith(`Marta Reis · ${sessionId} on `)),
    );
    expect(item.children.map(({ label }) => label)).toEqual(['Approve…', 'Reject…', 'Open']);
    expect(item.label).toMatch(/ · \d+ min left$|1 h 00 min left$/);
    expect(await tray.tooltip()).toContain('wait');
    const notice = await until('the notice', async () =>
      (await noticesOn(approversDesktop)).find(({ title }) => title === 'Marta Reis asks for access'),
    );
    expect(notice.body).toContain(sessionId);
    expect(notice.body).not.toContain(justification);
    // Nobody is told as an approver of a request of their own.
    expect((await noticesOn(auditorsDesktop)).filter(({ title }) => title.includes('asks for access'))).toEqual([]);
  });

  it('opens the decision from its menu, ready to be approved, and decides nothing by itself', async () => {
    await tray.choose(`Marta Reis · ${sessionId}`, 'Approve…');
    const decision = await until('the decision window', () =>
      approver.electron.windows().find((page) => page.url().endsWith('/decision.html')),
    );
    await decision.getByText(justification).waitFor();
    expect((await tray.menu()).some(({ label }) => label.startsWith(`Marta Reis · ${sessionId}`))).toBe(true);
    await decision.getByRole('button', { name: 'Approve', exact: true }).click();
    await until('the menu to forget it', async () =>
      (await tray.menu()).every(({ label }) => !label.startsWith(`Marta Reis · ${sessionId} on`)),
    );
    const told = await until('the notice of the decision', async () =>
      (await noticesOn(auditorsDesktop)).find(({ title }) => title === 'Your request is approved'),
    );
    expect(told.body).toMatch(/can be watched now\. .+ left\./);
    // What was granted can be taken back from there.
    await until('the open window in the menu', async () =>
      (await tray.menu()).some(({ label }) => label.startsWith(`Revoke Marta Reis · ${sessionId}`)),
    );
  });

  it('takes back what was granted by way of its window, which the decision has left open', async () => {
    await tray.choose(`Revoke Marta Reis · ${sessionId}`);
    const [decision, ...others] = decisionPages(approver);
    expect(others).toEqual([]);
    await decision?.getByRole('button', { name: 'Revoke', exact: true }).waitFor();
    expect((await tray.menu()).some(({ label }) => label.startsWith(`Revoke Marta Reis · ${sessionId}`))).toBe(true);
    await decision?.getByRole('textbox', { name: 'Comment' }).fill('Enough was seen');
    await decision?.keyboard.press('Control+Enter');
    await until('the notice of the revocation', async () =>
      (await noticesOn(auditorsDesktop)).some(({ title }) => title === 'Your access was revoked'),
    );
    await until('the menu to forget it', async () =>
      (await tray.menu()).every(({ label }) => !label.startsWith(`Revoke Marta Reis · ${sessionId}`)),
    );
    if (decision) await closeBy(decision, 'Escape');
  });

  it('a click on a notice opens exactly that request', async () => {
    await approversDesktop.run('dunstctl', 'close-all');
    await ask(auditor, '4f1e9', 'A second look, asked for by the owner of the shares.');
    await until('the notice on the screen', async () => Number(await approversDesktop.run('dunstctl', 'count', 'displayed')));
    await clickNotice(approversDesktop);
    const decision = await until('its decision window', async () => {
      for (const page of approver.electron.windows().filter((one) => one.url().endsWith('/decision.html')))
        if (await page.getByText('A second look, asked for by the owner of the shares.').count()) return page;
      return null;
    });
    await decision.close();
  });

  it('asks for the comment when a rejection is chosen in the menu, and tells the requester', async () => {
    await tray.choose('Marta Reis · 4f1e9', 'Reject…');
    const page = await until('the decision window', () => decisionPages(approver)[0]);
    const comment = page.getByRole('textbox', { name: 'Comment' });
    await until('the comment to be asked for', () =>
      comment.evaluate((one) => one === document.activeElement).catch(() => false),
    );
    await page.keyboard.press('Control+Enter');
    await page.getByText('A comment is needed.').waitFor();
    await page.keyboard.type('Ask with the ticket, please');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Rejected. Marta Reis was told.').waitFor();
    await until('the notice of the rejection', async () =>
      (await noticesOn(auditorsDesktop)).some(({ title }) => title === 'Ana Prado rejected your request'),
    );
    await closeBy(page, 'Escape');
  });

  it('leaves it to the desktop whether people are disturbed', async () => {
    const count = async (where: 'displayed' | 'waiting') => Number(await approversDesktop.run('dunstctl', 'count', where));
    await approversDesktop.run('dunstctl', 'close-all');
    await approversDesktop.run('dunstctl', 'set-paused', 'true');
    await ask(auditor, '4f1d0', 'A look at the night before, for the owner of the shares.');
    await until('the notice that waits', async () => (await count('waiting')) === 1);
    expect(await count('displayed')).toBe(0);
    await approversDesktop.run('dunstctl', 'set-paused', 'false');
    await until('the notice on the screen', async () => (await count('displayed')) === 1);
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    await auditor.window.getByRole('button', { name: 'Cancel request' }).click();
    await auditor.window.getByText('Request canceled.').waitFor();
  });

  it('goes on in the tray once the person has said so, and comes back from there', async () => {
    const { window } = approver;
    await closeWindow(approver);
    const dialog = window.getByRole('dialog', { name: 'Go on in the background?' });
    await dialog.getByRole('button', { name: 'Go on in the background' }).click();
    await until('the window to be out of sight', async () => !(await isShown(approver)));
    await tray.choose('Open Oversight');
    await until('the window', () => isShown(approver));
    // From now on nobody is asked.
    await closeWindow(approver);
    await until('the window to be out of sight again', async () => !(await isShown(approver)));
    await ask(auditor, '4f1d0', 'The export of the customers, as the auditor’s plan demands it.');
    await until('the notice, with no window open', async () =>
      (await noticesOn(approversDesktop)).some(({ body }) => body.includes('4f1d0')),
    );
    await tray.choose('Settings…');
    await window.getByRole('heading', { name: 'Settings' }).waitFor();
    await until('the window on settings', () => isShown(approver));
  });

  it('keeps quiet while notifications are paused, and catches up afterwards', async () => {
    await tray.choose('Pause notifications', 'For an hour');
    await approver.window.getByText(/^Paused until/).waitFor();
    await ask(auditor, '4f133', 'The cleanup of the backups, before the quarter is closed.');
    await until('the request in the menu', async () =>
      (await tray.menu()).some(({ label }) => label.startsWith('Marta Reis · 4f133')),
    );
    const titles = async () => (await noticesOn(approversDesktop)).filter(({ body }) => body.includes('4f133'));
    expect(await titles()).toEqual([]);
    await tray.choose('Resume notifications');
    await until('the notice that waited', async () => (await titles()).length === 1);
  });

  it('tells nothing twice after a restart', async () => {
    const before = await noticesOn(approversDesktop);
    await approver.close();
    // As the desktop starts it when the person signs in: it is in the tray, and no window is on the screen.
    approver = await launchApp(approversDesktop, { userData: 'approver', gateway: gateway.url, args: ['--hidden'] });
    await approver.window.getByText('Synchronised').waitFor();
    expect(await isShown(approver)).toBe(false);
    await until('the tray', async () => (await tray.menu()).some(({ label }) => label.startsWith('Marta Reis · 4f133')));
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    expect((await noticesOn(approversDesktop)).length).toBe(before.length);
    await tray.choose('Open Oversight');
    await until('the window', () => isShown(approver));
  });

  it('goes on when the notification daemon hangs, and tells as soon as it answers', async () => {
    const daemon = approversDesktop.notices?.child.pid ?? 0;
    process.kill(daemon, 'SIGSTOP');
    try {
      await ask(auditor, '4f21c', 'The session of the release, which is still running.', 'Live stream');
      await until('the request in the menu', async () =>
        (await tray.menu()).some(({ label }) => label.startsWith('Marta Reis · 4f21c')),
      );
      // Main answers while the daemon does not.
      await approver.window.getByRole('link', { name: 'Remote Sessions' }).click();
      await approver.window
        .getByRole('button', { name: /^Actions for session/ })
        .first()
        .waitFor();
    } finally {
      process.kill(daemon, 'SIGCONT');
    }
    await tray.choose('Pause notifications', 'For an hour');
    await tray.choose('Resume notifications');
    await until('the notice', async () => (await noticesOn(approversDesktop)).some(({ body }) => body.includes('4f21c')));
  });

  it('ends the app for good by its menu alone', async () => {
    const { exitCode, signalCode } = approver.electron.process();
    expect([exitCode, signalCode]).toEqual([null, null]);
    const gone = new Promise((resolve) => approver.electron.process().once('exit', resolve));
    // It may be gone before it has answered.
    await Promise.all([gone, tray.choose('Quit').catch(() => undefined)]);
  });
});

/** What the window’s close button does. */
const closeWindow = (app: App) =>
  app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().endsWith('/index.html'))
      ?.close();
  });

const isShown = (app: App) =>
  app.electron.evaluate(
    ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().endsWith('/index.html'))
        ?.isVisible() ?? false,
  );
