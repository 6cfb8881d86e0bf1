import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled, violations } from '../support/looks.ts';
import { approve, ask, openVideo, untilItPlays } from '../support/main-job.ts';
import { root } from '../support/processes.ts';

const out = path.join(root, 'out/screens');
const sizes = { wide: [1280, 800], narrow: [900, 600] } as const;

describe('every screen, light and dark, wide and narrow', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let auditor: App;
  let approver: App;
  /** What axe found anywhere. */
  const found: string[] = [];

  beforeAll(async () => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    desktop = await startDesktop();
    gateway = await startGateway();
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
    approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    for (const { window } of [auditor, approver]) window.setDefaultTimeout(20_000);
  });
  afterAll(async () => {
    await auditor?.close();
    await approver?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  /** Looks at what an app shows now in every size and scheme: a picture of each, and axe finds nothing. */
  async function look(app: App, name: string, page: Page = app.window): Promise<void> {
    const schemes = page === app.window ? (['light', 'dark'] as const) : (['dark'] as const);
    for (const [size, [width, height]] of Object.entries(sizes)) {
      await app.electron.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
        width,
        height,
      ] as const);
      for (const scheme of schemes) {
        if (page === app.window) await setTheme(app, scheme);
        await settled(page);
        await page.screenshot({ path: path.join(out, `${name}-${size}-${scheme}.png`) });
        found.push(...(await violations(page)).map((one) => `${name} ${size} ${scheme}: ${one}`));
        expect(await overflow(page), `${name} ${size}: nothing is cut off at the side`).toBeLessThanOrEqual(0);
      }
    }
  }

  it('sign in, and sign in with a problem', async () => {
    const { window } = auditor;
    await window.getByRole('button', { name: 'Sign in' }).waitFor();
    await look(auditor, 'sign-in');
    await window.getByRole('textbox', { name: 'User name' }).fill('marta.reis');
    await window.getByRole('textbox', { name: 'Password' }).fill('not this one');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await window.getByText('User name, password or one-time code is wrong.').waitFor();
    await look(auditor, 'sign-in-problem');
    await signIn(auditor, 'marta.reis');
    await signIn(approver, 'paulo.nunes');
  });

  it('empty lists', async () => {
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    await auditor.window.getByText('You have not asked for anything yet').waitFor();
    await look(auditor, 'my-requests-empty');
    await auditor.window.getByRole('link', { name: 'Approvals' }).click();
    await auditor.window.getByText('Nothing waits for you').waitFor();
    await look(auditor, 'approvals-empty');
    await auditor.window.getByRole('link', { name: 'History' }).click();
    await auditor.window.getByText('Nothing on record yet').waitFor();
    await look(auditor, 'history-empty');
  });

  it('remote sessions, its menu, its filters, a session’s details', async () => {
    const { window } = auditor;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
    await look(auditor, 'sessions');
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await window.getByRole('menuitem', { name: 'Session details' }).waitFor();
    await look(auditor, 'sessions-menu');
    await window.getByRole('menuitem', { name: 'Session details' }).click();
    await window.getByText('Events are shown once you may watch').waitFor();
    await look(auditor, 'session-details');
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('there is no such thing');
    await window.getByText('No session').first().waitFor();
    await look(auditor, 'sessions-no-match');
    await window.getByRole('searchbox').fill('');
  });

  it('the Justification dialog', async () => {
    const { window } = auditor;
    await window.getByRole('searchbox').fill('4f1d0');
    await window.getByRole('button', { name: 'Actions for session 4f1d0' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog.getByText('Infrastructure approvers').waitFor();
    await look(auditor, 'justification');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await look(auditor, 'justification-errors');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('requests in their phases, and the decision', async () => {
    await ask(
      auditor,
      '4f1aa',
      'Investigating the configuration change that took checkout down at 22:14; need to see which file was edited.',
    );
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    await auditor.window.getByRole('button', { name: 'Cancel request' }).waitFor();
    await look(auditor, 'my-requests');
    await approver.window.getByRole('link', { name: 'Approvals' }).click();
    await approver.window.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    await look(approver, 'approvals');
    await setTheme(approver, 'light');
    await approve(approver, 'Go ahead');
    await look(approver, 'approvals-decided');
    await approver.window.getByRole('link', { name: 'History' }).click();
    await approver.window.getByRole('row', { name: /Marta Reis/ }).waitFor();
    await approver.window.getByRole('button', { name: /^Week of/ }).waitFor();
    await look(approver, 'history');
    await approver.window.getByRole('row', { name: /Marta Reis/ }).click();
    await approver.window.getByText('Marta Reis asks to watch').waitFor();
    await look(approver, 'history-details');
    await approver.window.getByRole('button', { name: 'Close the details' }).click();
    await approver.window.getByRole('button', { name: 'Export…' }).click();
    await approver.window.getByRole('dialog', { name: 'Export from History' }).waitFor();
    await look(approver, 'history-export');
    await approver.window.keyboard.press('Escape');
    await approver.window.getByRole('searchbox').fill('there is no such thing');
    await approver.window.getByText('No request matches').waitFor();
    await look(approver, 'history-no-match');
  });

  it('settings, in both languages', async () => {
    const { window } = auditor;
    await window.getByRole('link', { name: 'Settings' }).click();
    await window.getByText('Electron').first().waitFor();
    await look(auditor, 'settings');
    await window.getByText('Português (Brasil)').click();
    await window.getByRole('link', { name: 'Sessões remotas' }).click();
    await window.getByRole('button', { name: '4f1aa' }).first().waitFor();
    await look(auditor, 'sessions-pt');
    await window.getByRole('link', { name: 'Configurações' }).click();
    await window.getByText('English').click();
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
  });

  it('the player', async () => {
    await auditor.window.getByRole('searchbox').fill('4f1aa');
    const player = await openVideo(auditor, '4f1aa');
    await untilItPlays(player, 2);
    await look(auditor, 'player', player);
  });

  it('axe finds nothing on any of them', () => {
    expect(found).toEqual([]);
  });
});

async function setTheme({ window }: App, colorScheme: 'light' | 'dark'): Promise<void> {
  await window.emulateMedia({ colorScheme });
  await window.waitForFunction((wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted, colorScheme);
}
