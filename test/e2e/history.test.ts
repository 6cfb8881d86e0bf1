import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryPage } from '../../contract/history.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled, violations } from '../support/looks.ts';
import { approve, ask, openVideo, untilItPlays } from '../support/main-job.ts';
import { writePastRequests } from '../support/past-requests.ts';
import { root } from '../support/processes.ts';

const out = path.join(root, 'out/history');
const sessionId = '4f1aa';
const justification = 'Looking for the hand that renamed the Zürich ledger';
const comment = 'Go ahead; the quixotic part comes at the end.';
const past = 300;

describe('History, in the real app', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let auditor: App;
  let approver: App;

  beforeAll(async () => {
    mkdirSync(out, { recursive: true });
    desktop = await startDesktop();
    gateway = await startGateway();
    writePastRequests(gateway, past);
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
    approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    for (const { window } of [auditor, approver]) window.setDefaultTimeout(20_000);
    await signIn(auditor, 'marta.reis');
    await signIn(approver, 'paulo.nunes');
  });
  afterAll(async () => {
    await auditor?.close();
    await approver?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  const page = () => approver.window;
  const grid = () => page().getByRole('grid', { name: 'Requests on record' });
  const search = () => page().getByRole('searchbox', { name: 'Search history' });
  const details = () => page().getByRole('region', { name: 'Details of the request' });
  /** How many requests the screen says that there are. */
  const counted = (text: string) => page().getByRole('status').getByText(text, { exact: true }).waitFor();
  const open = () => page().getByRole('link', { name: 'History' }).click();
  const resize = (width: number, height: number) =>
    approver.electron.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
      width,
      height,
    ] as const);
  const numberOn = async (button: Locator) => Number.parseInt((await button.textContent()) ?? '', 10);
  const look = async (name: string) => {
    await settled(page());
    await page().screenshot({ path: path.join(out, `${name}.png`) });
    expect(await violations(page()), name).toEqual([]);
    expect(await overflow(page()), name).toBeLessThanOrEqual(0);
  };

  it('has everything on record, from before this computer knew it', async () => {
    await open();
    await counted(`${past} requests`);
    await page()
      .getByRole('button', { name: /^\d+ Approved/ })
      .waitFor();
    await look('all');
  });

  it('shows what was asked, decided and watched as it happens, without a click', async () => {
    await ask(auditor, sessionId, justification);
    await counted(`${past + 1} requests`);
    await approve(approver, comment);
    const player = await openVideo(auditor, sessionId);
    await untilItPlays(player, 4);
    await auditor.window.getByRole('button', { name: `Stop watching ${sessionId}` }).click();
    await open();
    await grid()
      .getByRole('row', { name: new RegExp(`Marta Reis.*${sessionId}.*Paulo Nunes.*00:00:\\d\\d`) })
      .first()
      .waitFor();
  });

  it.each([
    ['a part of a comment', 'uixot'],
    ['a part of the justification, without its accents', 'zurich led'],
    ['a name and a device at once', 'marta quixotic web-07'],
  ])('finds it by %s', async (_, words) => {
    await search().fill(words);
    await counted('1 request');
    await search().fill('');
    await counted(`${past + 1} requests`);
  });

  it('tells the whole story of a request', async () => {
    await search().fill('quixotic');
    await counted('1 request');
    await grid()
      .getByRole('row', { name: /Marta Reis/ })
      .click();
    await details().getByText(justification).waitFor();
    const story = details().getByRole('listitem');
    await story.filter({ hasText: /Marta Reis watched for/ }).waitFor();
    expect(await story.allInnerTexts()).toEqual([
      expect.stringContaining('Marta Reis asked for access'),
      expect.stringContaining(comment),
      expect.stringContaining('Access opened'),
      expect.stringMatching(/Marta Reis watched for \d+ s[\s\S]*of the recording was shown[\s\S]*closed by the viewer/),
      expect.stringContaining('Access ends'),
    ]);
    await details().getByText('As the gateway signed it').waitFor();
    await look('details');
    await resize(900, 600);
    await look('details-narrow');
    await resize(1280, 800);
  });

  it('draws Chinese, whatever fonts the computer has', async () => {
    await search().fill('核对周五');
    await page()
      .getByRole('status')
      .getByText(/^\d+ requests$/)
      .filter({ hasNotText: `${past + 1} requests` })
      .waitFor();
    await grid().getByRole('row').nth(1).click();
    await details().getByText('核对周五晚上的配置变更。').waitFor();
    const drawn = () =>
      page().evaluate(async () => (await document.fonts.load('13px "Noto Sans SC"', '核')).map(({ status }) => status));
    await expect.poll(drawn, { timeout: 20_000 }).toEqual(['loaded']);
    await look('chinese');
    await page().keyboard.press('Escape');
    await search().fill('');
    await counted(`${past + 1} requests`);
  });

  it('keeps filters, place and choice for who comes back, and a search under a name', async () => {
    await search().fill('');
    await counted(`${past + 1} requests`);
    // Left before the search has settled.
    await search().fill('quixotic');
    await page().getByRole('link', { name: 'Approvals' }).click();
    await open();
    await counted('1 request');
    expect(await search().inputValue()).toBe('quixotic');
    await grid()
      .getByRole('row', { name: /Marta Reis/ })
      .click();
    await page().getByRole('link', { name: 'Approvals' }).click();
    await open();
    await details().getByText(justification).waitFor();
    await page().getByRole('button', { name: 'My filters' }).click();
    await page().getByRole('textbox', { name: 'Save the current filter as' }).fill('The ledger');
    await page().getByRole('button', { name: 'Save filter' }).click();
    await page().getByRole('button', { name: 'The ledger', exact: true }).waitFor();
    const box = page().getByRole('textbox', { name: 'Save the current filter as' });
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
    await page().keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    await search().fill('');
    await counted(`${past + 1} requests`);
    await page().getByRole('button', { name: 'My filters' }).click();
    await page().getByRole('button', { name: 'The ledger', exact: true }).click();
    await counted('1 request');
    await search().fill('');
    await counted(`${past + 1} requests`);
  });

  it('leads from a figure and from a week to their rows', async () => {
    const rejected = page().getByRole('button', { name: /^\d+ Rejected/ });
    const figure = await numberOn(rejected);
    await rejected.click();
    await counted(`${figure} requests`);
    await page().getByRole('button', { name: 'Status: Rejected' }).waitFor();
    const week = page()
      .getByRole('button', { name: /^Week of/ })
      .nth(4);
    await week.click();
    await page()
      .getByRole('button', { name: /^Asked: week of/ })
      .waitFor();
    await look('chosen');
    // What was rejected of that week: the figure follows the week, and the table the figure.
    const inWeek = page().getByRole('button', { name: /^\d+ Rejected/, pressed: true });
    const few = await numberOn(inWeek);
    expect(few).toBeLessThan(figure);
    await counted(few === 1 ? '1 request' : `${few} requests`);
    await page().getByRole('button', { name: 'Clear filters' }).click();
    await counted(`${past + 1} requests`);
  });

  it('reads rows from the archive’s process itself, which answers nothing else', async () => {
    const rows = await callFromPage(page(), 'history.page', { query: {}, from: 0, limit: 3 }, 'archive');
    expect((rows.value as HistoryPage).rows).toHaveLength(3);
    for (const name of ['account.get', 'history.get', 'open', 'drafts.get', '__proto__'])
      expect((await callFromPage(page(), name, {}, 'archive')).failure?.code, name).toBe('FORBIDDEN_CALL');
    for (const input of [{ query: {}, from: -1 }, { query: {}, from: 0, limit: 501 }, { query: { filter: 7 }, from: 0 }, null])
      expect((await callFromPage(page(), 'history.page', input, 'archive')).failure?.code).toBe('INVALID_INPUT');
  });

  it('goes on when the archive’s process has ended', async () => {
    await open();
    await grid().locator('[role=row][id]').first().waitFor();
    const killed = await approver.electron.evaluate(({ app }) => {
      const archive = app.getAppMetrics().find(({ serviceName, name }) => [serviceName, name].includes('archive'));
      return archive ? process.kill(archive.pid, 'SIGKILL') : false;
    });
    expect(killed).toBe(true);
    await grid().evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await grid()
      .locator(`[role=row][id][aria-rowindex="${past + 2}"]`)
      .waitFor();
    await grid().evaluate((element) => {
      element.scrollTop = 0;
    });
  });

  it('filters by who decided, with the names that are on record', async () => {
    await page().getByRole('toolbar', { name: 'Filters' }).getByRole('button', { name: 'Decided by' }).click();
    await page().getByRole('dialog', { name: 'Decided by' }).locator('input').fill('pau');
    await page().getByRole('option', { name: 'Paulo Nunes' }).click();
    await page().getByRole('button', { name: 'Decided by: Paulo Nunes' }).waitFor();
    await grid()
      .getByRole('row', { name: /Paulo Nunes/ })
      .first()
      .waitFor();
    expect(
      await grid()
        .getByRole('row', { name: /Ana Prado/ })
        .count(),
    ).toBe(0);
    await page().getByRole('button', { name: 'Clear filters' }).click();
    await counted(`${past + 1} requests`);
  });

  it('is gone through by the keyboard alone', async () => {
    await grid().focus();
    await page().keyboard.press('ArrowDown');
    await details().getByText(justification).waitFor();
    // The row says the same as its details, to the second.
    await grid()
      .getByRole('row', { name: /Open until \d\d:\d\d/ })
      .waitFor();
    await look('story');
    await page().keyboard.press('End');
    await grid()
      .locator(`[aria-rowindex="${past + 2}"][aria-selected="true"]`)
      .waitFor();
    await page().keyboard.press('PageUp');
    await page().keyboard.press('Home');
    await grid().locator('[aria-rowindex="2"][aria-selected="true"]').waitFor();
    await page().keyboard.press('Escape');
    await details().waitFor({ state: 'detached' });
    await page().keyboard.press('ArrowDown');
    await details().waitFor();
    await page().keyboard.press('Enter');
    await page()
      .getByRole('heading', { name: `Session ${sessionId}` })
      .waitFor();
    await open();
    await page().keyboard.press('Control+k');
    expect(await search().evaluate((box) => box === document.activeElement)).toBe(true);
  });

  it('exports what is found, after it has said what that is, and says that it is on record', async () => {
    const file = path.join(await desktop.newFolder('exports'), 'found.jsonl');
    await approver.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file);
    await search().fill('quixotic');
    await counted('1 request');
    await page().getByRole('button', { name: 'Export…' }).click();
    const dialog = page().getByRole('dialog', { name: 'Export from History' });
    await dialog.getByText('1 request is written').waitFor();
    await dialog.getByText('“quixotic”').waitFor();
    await dialog.getByRole('radio', { name: 'JSON Lines' }).check();
    await dialog.getByRole('button', { name: 'Choose a file…' }).click();
    await dialog.getByText('1 request was written to the file.').waitFor();
    await dialog.getByText('The gateway has the export on record.').waitFor();
    await look('exported');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    expect(await readFile(file, 'utf8')).toContain(comment);
    await search().fill('');
    await counted(`${past + 1} requests`);
  });

  it('says why nothing can be exported where the policy forbids it', async () => {
    await gateway.command('policy', 'set', 'exportsAllowed=false');
    const button = page().getByRole('button', { name: 'Export…', disabled: true });
    await button.waitFor();
    await button.hover();
    await page().getByRole('tooltip').getByText('Your gateway’s policy allows no exports.').waitFor();
    await gateway.command('policy', 'set', 'exportsAllowed=true');
    await page().getByRole('button', { name: 'Export…', disabled: false }).waitFor();
  });

  it('is the same with the gateway gone, says how old it is, and why nothing can be decided or watched', async () => {
    await gateway.stop();
    await page().getByText('Since', { exact: false }).first().waitFor();
    await page()
      .getByText(/from this computer, as of/)
      .waitFor();
    await search().fill('quixotic');
    await counted('1 request');
    await grid()
      .getByRole('row', { name: /Marta Reis/ })
      .click();
    await details()
      .getByText(/Marta Reis watched for/)
      .waitFor();
    await details().getByText('Deciding and watching need the gateway, which cannot be reached now.').waitFor();
    expect(await details().getByRole('button', { name: 'Revoke…' }).isDisabled()).toBe(true);
    await page()
      .getByRole('button', { name: /^\d+ Approved/ })
      .waitFor();
    await look('offline');
  });

  it('opens with the gateway gone, and everything is there', async () => {
    await approver.close();
    approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    page().setDefaultTimeout(20_000);
    await open();
    await counted(`${past + 1} requests`);
    // The search that was kept under a name finds it, in another run of the app.
    await page().getByRole('button', { name: 'My filters' }).click();
    await page().getByRole('button', { name: 'The ledger', exact: true }).click();
    await counted('1 request');
    expect(await search().inputValue()).toBe('quixotic');
    await grid()
      .getByRole('row', { name: /Marta Reis/ })
      .click();
    await details()
      .getByText(/Marta Reis watched for/)
      .waitFor();
  });
});
