import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { closeBy, decisionPages, openDecision, openOwnWindow, untilClosed } from '../support/decision.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled, violations } from '../support/looks.ts';
import { ask } from '../support/main-job.ts';
import { root, until } from '../support/processes.ts';

const out = path.join(root, 'out/decide');
const route = 'Infrastructure approvers';
const why = 'Investigating the configuration change that took checkout down at 22:14; need to see which file was edited.';

describe('deciding, with the auditor and two approvers at three instances of the app', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let proxy: FaultProxy;
  let auditor: App;
  let first: App;
  let second: App;

  beforeAll(async () => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    // Where people are whose clock is not UTC.
    desktop = await startDesktop({ zone: 'America/Sao_Paulo' });
    gateway = await startGateway();
    proxy = await startFaultProxy(gateway.url);
    await gateway.command('route', 'set', route, '--level', `1:${route}:1`, '--level', '2:Security:1');
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
    first = await launchApp(desktop, { userData: 'first', gateway: gateway.url });
    second = await launchApp(desktop, { userData: 'second', gateway: proxy.url });
    for (const { window } of [auditor, first, second]) window.setDefaultTimeout(20_000);
    await signIn(auditor, 'marta.reis');
    await signIn(first, 'ana.prado');
    await signIn(second, 'paulo.nunes');
  });
  afterAll(async () => {
    await auditor?.close();
    await first?.close();
    await second?.close();
    await proxy?.stop();
    await gateway?.remove();
    await desktop?.stop();
  });

  const statusOf = async (text: string | RegExp) => {
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    await auditor.window.getByText(text).first().waitFor();
  };
  const look = async (page: Page, name: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted, colorScheme);
      await settled(page);
      await page.screenshot({ path: path.join(out, `${name}-${colorScheme}.png`) });
      expect(await violations(page), `${name} ${colorScheme}`).toEqual([]);
      expect(await overflow(page), `${name}: nothing is cut off at the side`).toBeLessThanOrEqual(0);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };

  it('approves by the keyboard alone; the next level hears of it only then', async () => {
    await ask(auditor, '4f1aa', why);
    const page = await openDecision(first, 'Marta Reis');
    await page.getByText(/^\d\d:\d\d – \d\d:\d\d UTC$/).waitFor();
    await page.getByText('May decide now:').waitFor();
    await page.getByText('Will be asked then: Paulo Nunes').waitFor();
    await page.getByText(/never this device|this device/).waitFor();
    await look(page, 'decision');
    await second.window.getByRole('link', { name: 'Approvals' }).click();
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.getByText('Approved. It goes on to the next level.').waitFor();
    await look(page, 'decision-done');
    await closeBy(page, 'Escape');
    await statusOf('1 of 1, granted');
    await second.window.getByText('1 waiting for you').waitFor();
  });

  it('narrows the window by typing, and the requester has the narrowed one', async () => {
    const page = await openDecision(second, 'Marta Reis');
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Access end' }).fill('+3h');
    await page.getByText('outside what was asked for').waitFor();
    await page.getByRole('textbox', { name: 'Access end' }).fill('+30m');
    await look(page, 'decision-narrow');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Approved. Marta Reis was told.').waitFor();
    await closeBy(page, 'Enter');
    await statusOf(/narrowed from/);
  });

  it('revokes from the session’s details, in the same window as everything else', async () => {
    const { window } = second;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('4f1aa');
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await window.getByRole('menuitem', { name: 'Session details' }).click();
    const card = window.getByRole('region', { name: 'Who may watch' });
    await card.getByText(/^Marta Reis until/).waitFor();
    await card.getByRole('button', { name: 'Revoke…' }).click();
    const page = await until('the decision window', () => decisionPages(second)[0]);
    await page.getByRole('button', { name: 'Revoke', exact: true }).waitFor();
    await look(page, 'decision-revoke');
    await page.keyboard.press('Control+Enter');
    await page.getByText('A comment is needed.').waitFor();
    await page.keyboard.type('Seen enough');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Access revoked. The picture stops at once.').waitFor();
    await closeBy(page, 'Enter');
    await card.waitFor({ state: 'hidden' });
    await statusOf('Seen enough');
  });

  it('shows what changed while somebody looked, told or not told, and has them decide again', async () => {
    await gateway.command('route', 'set', route, '--level', `1:${route}:2`);
    await ask(auditor, '4f133', why);
    const one = await openDecision(first, 'Marta Reis');
    const two = await openDecision(second, 'Marta Reis');
    await two.getByRole('button', { name: 'Approve' }).waitFor();
    // The second one’s line is cut: nothing tells of what the first does.
    proxy.fault(/^\/v1\/(events|about)/, { kind: 'refuse' });
    expect(proxy.cut(/^\/v1\/events/)).toBeGreaterThan(0);
    await two.getByText('The gateway cannot be reached.').waitFor();
    await one.keyboard.press('n');
    await one.getByRole('textbox', { name: 'Access end' }).fill('+20m');
    await one.getByRole('textbox', { name: 'Comment' }).fill('Twenty minutes will do');
    await one.keyboard.press('Control+Enter');
    await one.getByText(/^Approved/).waitFor();
    await closeBy(one, 'Enter');

    await two.keyboard.press('a');
    await two.getByRole('textbox', { name: 'Comment' }).fill('Go ahead');
    await two.keyboard.press('Control+Enter');
    await two.getByText('This changed while you looked at it').waitFor();
    await two.getByText('Ana Prado approved: “Twenty minutes will do”').waitFor();
    await two.getByText(/^The window is .* now, it was/).waitFor();
    expect(await two.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await look(two, 'decision-changed');
    proxy.heal();
    expect(await two.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('Go ahead');
    await two.keyboard.press('Control+Enter');
    await two.getByText('This changed while you looked at it').waitFor({ state: 'hidden' });
    await two.keyboard.press('Control+Enter');
    await two.getByText('Approved. Marta Reis was told.').waitFor();
    await closeBy(two, 'Enter');
    await statusOf('2 of 2, granted');
  });

  it('revokes from the list', async () => {
    const { window } = second;
    await window.getByRole('link', { name: 'Approvals' }).click();
    await window.getByRole('button', { name: /^Marta Reis.*Open until/ }).click();
    await window.getByRole('textbox', { name: 'Comment' }).fill('Not needed any more');
    await window.getByRole('button', { name: 'Revoke', exact: true }).click();
    await window.getByText('Access revoked. The picture stops at once.').first().waitFor();
    await statusOf('Not needed any more');
    await gateway.command('route', 'set', route, '--level', `1:${route}:1`);
  });

  it('says before Save that nobody is there who may decide', async () => {
    await gateway.command('route', 'set', route, '--level', '1:Night shift:1');
    const { window } = auditor;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('4f133');
    await window.getByRole('button', { name: 'Actions for session 4f133' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog.getByText('Nobody is there who may decide: Night shift has 0 of 1 people needed.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await gateway.command('route', 'set', route, '--level', `1:${route}:1`);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it('keeps a comment that was typed when the app is killed', async () => {
    await ask(auditor, '4f1aa', why);
    const page = await openDecision(first, 'Marta Reis');
    await page.keyboard.press('r');
    await page.keyboard.type('The ticket says something else, please');
    await until('the draft to be kept', async () => {
      const [request] = (
        (await callFromPage(first.window, 'requests.list', { scope: 'waiting' })).value as {
          items: { id: string }[];
        }
      ).items;
      const answer = await callFromPage(first.window, 'decisionDrafts.get', { requestId: request?.id });
      return (answer.value as { draft: { comment: string } | null }).draft?.comment.endsWith('please');
    });
    const gone = new Promise((resolve) => first.electron.process().once('exit', resolve));
    first.electron.process().kill('SIGKILL');
    await gone;
    first = await launchApp(desktop, { userData: 'first', gateway: gateway.url });
    first.window.setDefaultTimeout(20_000);
    await first.window.getByRole('link', { name: 'Approvals' }).click();
    const box = first.window.getByRole('textbox', { name: 'Comment' });
    await until('the comment', async () => (await box.inputValue()) === 'The ticket says something else, please');
    const again = await openOwnWindow(first);
    await until('the comment in its own window', async () =>
      (await again.getByRole('textbox', { name: 'Comment' }).inputValue()).endsWith('please'),
    );
    await again.keyboard.press('r');
    await again.keyboard.press('Control+Enter');
    await again.getByText('Rejected. Marta Reis was told.').waitFor();
    await closeBy(again, 'Enter');
    await statusOf('The ticket says something else, please');
  });

  it('asks for the password again where the policy says so, and keeps it nowhere', async () => {
    await gateway.command('policy', 'set', 'stepUp="password"');
    await ask(auditor, '4f1aa', why);
    const page = await openDecision(first, 'Marta Reis');
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    const box = page.getByRole('textbox', { name: 'Your password, to prove that it is you' });
    await box.waitFor();
    await page.keyboard.type('not this one');
    await page.keyboard.press('Enter');
    await page.getByText('The password or code is wrong.').waitFor();
    await look(page, 'decision-step-up');
    await box.fill('demo-oversight');
    await page.keyboard.press('Enter');
    await page.getByText('Approved. Marta Reis was told.').waitFor();
    expect(await page.evaluate(() => [...document.querySelectorAll('input')].map(({ value }) => value))).toEqual([]);
    await closeBy(page, 'Enter');
    await gateway.command('policy', 'set', 'stepUp="none"');
  });

  it('decides several at once only where the policy allows it', async () => {
    await ask(auditor, '4f1d0', why);
    await ask(auditor, '4f133', 'Reviewing the change of the night before');
    const { window } = first;
    await window.getByRole('link', { name: 'Approvals' }).click();
    await window.getByText('2 waiting for you').waitFor();
    expect(await window.getByRole('checkbox').count()).toBe(0);
    await gateway.command('policy', 'set', 'batchDecisionsAllowed=true');
    await window.getByRole('checkbox').first().waitFor();
    for (const box of await window.getByRole('checkbox').all()) await box.check();
    await look(window, 'approvals-marked');
    await window.getByRole('button', { name: /^2 chosen/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Decide about several requests' });
    await dialog.getByRole('textbox').first().fill('Go ahead');
    await dialog.getByRole('button', { name: 'Reject all' }).click();
    await dialog.getByText('needs a comment').waitFor();
    await look(window, 'approvals-batch');
    // One of them is gone by then: it says so, the other is decided.
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    await auditor.window.getByRole('button', { name: 'Cancel request' }).click();
    await auditor.window.getByText('Request canceled.').waitFor();
    await dialog.getByRole('button', { name: 'Approve all' }).click();
    await dialog.getByText('done', { exact: true }).waitFor();
    await dialog.getByText('This request is canceled already.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    await gateway.command('policy', 'set', 'batchDecisionsAllowed=false');
    await window.getByRole('checkbox').first().waitFor({ state: 'hidden' });
  });

  it('hears after a sleep what came meanwhile, also when its line died in it without a word', async () => {
    const main = second.electron.process();
    await second.window.getByRole('link', { name: 'Approvals' }).click();
    const before = Number.parseInt((await second.window.getByText(/^\d+ waiting for you$/).textContent()) ?? '', 10);
    main.kill('SIGSTOP');
    await ask(auditor, '4f1e9', why);
    main.kill('SIGCONT');
    await second.window.getByText(`${before + 1} waiting for you`).waitFor();
    expect(proxy.silence(/^\/v1\/events/)).toBe(1);
    await ask(auditor, '4f133', why);
    await first.window.getByText(`${before + 2} waiting for you`).waitFor();
    expect(await second.window.getByText(`${before + 1} waiting for you`).count()).toBe(1);
    // What the system tells when the computer wakes.
    await second.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    await second.window.getByText(`${before + 2} waiting for you`).waitFor({ timeout: 20_000 });
  });

  it('is as good in Portuguese, and where there is little room', async () => {
    const { window } = second;
    await second.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600));
    await look(window, 'approvals-small');
    await window.getByRole('link', { name: 'Settings' }).click();
    await window.getByText('Português (Brasil)').click();
    await window.getByRole('link', { name: 'Aprovações' }).click();
    await window.getByRole('button', { name: 'Aprovar', exact: true }).waitFor();
    await look(window, 'approvals-small-pt');
    await window.getByRole('button', { name: 'Abrir em uma janela' }).click();
    const page = await until('the decision window', () => decisionPages(second)[0]);
    await page.getByText('Podem decidir agora:').waitFor();
    await page.keyboard.press('r');
    await page.keyboard.press('Control+Enter');
    await page.getByText('É preciso um comentário.').waitFor();
    await second.electron.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows())
        if (one.webContents.getURL().endsWith('/decision.html')) one.setContentSize(460, 520);
    });
    await look(page, 'decision-small-pt');
    await closeBy(page, 'Escape');
    await window.getByRole('link', { name: 'Configurações' }).click();
    await window.getByText('English').click();
  });

  it('closes the decision windows when the person signs out', async () => {
    const page = await openDecision(first, 'Marta Reis');
    // The page speaks for its own request alone, and has few calls.
    const { value } = await callFromPage(page, 'decision.current', {});
    const { requestId } = value as { requestId: string };
    expect((await callFromPage(page, 'requests.get', { id: requestId })).ok).toBe(true);
    const decision = { key: crypto.randomUUID(), id: 'another', version: 1, verdict: 'approve', comment: '' };
    for (const [name, input] of [
      ['requests.get', { id: 'another' }],
      ['requests.decide', decision],
      ['requests.context', { id: 'another' }],
      ['decisionDrafts.get', { requestId: 'another' }],
      ['requests.list', { scope: 'all' }],
      ['requests.decideMany', { decisions: [decision] }],
      ['sessions.page', {}],
      ['account.get', {}],
      ['viewings.open', { sessionId: '4f133', kind: 'recording' }],
    ] as const)
      expect((await callFromPage(page, name, input)).failure?.code, name).toBe('FORBIDDEN_CALL');
    const { window } = first;
    await window.getByRole('button', { name: /Ana Prado/ }).click();
    await window.getByRole('menuitem', { name: 'Sign out' }).click();
    await untilClosed(page);
    await window.getByRole('button', { name: 'Sign in' }).waitFor();
  });
});
