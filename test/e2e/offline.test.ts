import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled, violations } from '../support/looks.ts';
import { approve, ask } from '../support/main-job.ts';
import { root } from '../support/processes.ts';

/** The pictures, to be looked at by people; a build product. */
const out = path.join(root, 'out/screens-offline');

/** A start without the gateway: what is known is there, and what needs the gateway says so. */
describe('after a start without the gateway', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let auditor: App;
  let approver: App;
  const [granted, waiting] = ['The change that took checkout down', 'Who opened the ledger at night'];
  const banner = /you see what this computer’s archive holds\. Deciding and watching need the gateway\./;

  const reason = /cannot be reached: /;

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
    approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    await signIn(auditor, 'marta.reis');
    await signIn(approver, 'paulo.nunes');
    await ask(auditor, '4f1aa', granted);
    await approve(approver, 'Go ahead');
    await ask(auditor, '4f133', waiting);
    await auditor.window.getByRole('searchbox').fill('');
    await auditor.window.getByText('Open until').first().waitFor();
    await approver.window.getByText(/4f133/).first().waitFor();
    await auditor.close();
    await approver.close();
    await gateway.stop();
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
    approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    for (const { window } of [auditor, approver]) await window.getByText(banner).first().waitFor();
  });
  afterAll(async () => {
    await auditor?.close();
    await approver?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  it('the known sessions, My requests and History are there', async () => {
    const { window } = auditor;
    for (const session of ['4f1aa', '4f133', '4f1e9', '4f1d0'])
      await window.getByRole('button', { name: `Actions for session ${session}` }).waitFor();
    await window.getByRole('link', { name: 'My requests' }).click();
    for (const [session, words] of [
      ['4f133', waiting],
      ['4f1aa', granted],
    ] as const) {
      await window
        .getByText(new RegExp(`^${session} · `))
        .first()
        .click();
      await window.getByText(words).first().waitFor();
    }
    await window.getByRole('link', { name: 'History' }).click();
    const grid = window.getByRole('grid', { name: 'Requests on record' });
    await grid.getByRole('row', { name: /Marta Reis.*4f1aa.*Paulo Nunes/ }).waitFor();
    await grid.getByRole('row', { name: /Marta Reis.*4f133/ }).waitFor();
    await window.getByRole('searchbox', { name: 'Search history' }).fill('ledger at night');
    await grid.getByRole('row', { name: /4f1aa/ }).waitFor({ state: 'detached' });
    await grid.getByRole('row', { name: /4f133/ }).waitFor();
    await window.getByRole('searchbox', { name: 'Search history' }).fill('');
    await window.getByText(banner).first().waitFor();
  });

  it('watching says why it can’t, from the sessions, from My requests and from History', async () => {
    const { window } = auditor;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    await window.getByText(reason).first().waitFor();
    await window.getByRole('link', { name: 'My requests' }).click();
    await window
      .getByText(/^4f1aa · /)
      .first()
      .click();
    await window.getByRole('button', { name: 'Watch', exact: true }).click();
    await window.getByRole('alert').filter({ hasText: reason }).waitFor();
    await window.getByRole('link', { name: 'History' }).click();
    await window.getByRole('row', { name: /Marta Reis.*4f1aa/ }).click();
    const details = window.getByRole('region', { name: 'Details of the request' });
    await details.getByText('Deciding and watching need the gateway, which cannot be reached now.').waitFor();
    expect(await details.getByRole('button', { name: 'Watch', exact: true }).isDisabled()).toBe(true);
    expect(
      auditor.electron.windows().some((page) => page.url().endsWith('/player.html')),
      'no player opens',
    ).toBe(false);
  });

  it('deciding says why it can’t, and keeps the comment', async () => {
    const { window } = approver;
    await window.getByRole('link', { name: 'Approvals' }).click();
    await window.getByText(/4f133/).first().click();
    await window.getByText(waiting).first().waitFor();
    await window.getByRole('textbox', { name: 'Comment' }).fill('I know of this one');
    await window.getByRole('button', { name: 'Approve', exact: true }).click();
    await window.getByRole('alert').filter({ hasText: reason }).waitFor();
    expect(await window.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('I know of this one');
    await window.getByRole('link', { name: 'History' }).click();
    await window.getByRole('row', { name: /Marta Reis.*4f133/ }).click();
    const details = window.getByRole('region', { name: 'Details of the request' });
    await details.getByText('Deciding and watching need the gateway, which cannot be reached now.').waitFor();
    expect(await details.getByRole('button', { name: 'Decide…' }).isDisabled()).toBe(true);
  });

  it('what waits to be sent fits a small window, in the dark and in Portuguese', async () => {
    await auditor.close();
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url, args: ['--lang=pt-BR'] });
    const { window } = auditor;
    const texts = [
      'Texto curto',
      'Uma justificativa que é mais longa do que uma linha de uma janela pequena, e que diz o que se procura na sessão e por que motivo',
      'Mais uma sessão do mesmo dia',
      'A que não cabe mais na lista curta',
    ];
    const keep = async (words: string) => {
      const dialog = window.getByRole('dialog', { name: 'Justificativa' });
      await dialog.getByRole('textbox', { name: 'Justificativa' }).fill(words);
      await dialog.getByRole('combobox').first().selectOption({ index: 1 });
      await dialog.getByRole('button', { name: 'Guardar para enviar depois' }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    for (const [index, session] of ['4f1e9', '4f1d0', '4f21c'].entries()) {
      await window.getByRole('link', { name: 'Sessões remotas' }).click();
      await window.getByRole('button', { name: `Ações da sessão ${session}` }).click();
      await window.getByRole('menuitem', { disabled: false }).first().click();
      await keep(texts[index] ?? '');
    }
    await window.getByRole('link', { name: 'Minhas solicitações' }).click();
    await window
      .getByText(/^4f1aa · /)
      .first()
      .click();
    await window.getByRole('button', { name: 'Pedir mais tempo' }).click();
    await keep(texts[3] ?? '');
    const unsent = window.getByRole('region', { name: 'Ainda não enviadas' });
    const lines = unsent.getByRole('article');
    await lines.nth(2).waitFor();
    expect(await lines.count(), 'three are listed, the others are asked for').toBe(3);
    await unsent.getByRole('button', { name: 'Mostrar todas as 4' }).click();
    for (const text of texts) await unsent.getByText(text).first().waitFor();
    // A line each, however long; the whole of it by a click, and back.
    const long = lines.filter({ hasText: texts[1] ?? '' });
    const heightOf = async () => (await long.boundingBox())?.height ?? 0;
    expect(await heightOf()).toBeLessThan(44);
    await long.getByRole('button', { expanded: false }).click();
    await long.getByText(/^escrita /i).waitFor();
    expect(await heightOf()).toBeGreaterThan(60);
    await long.getByRole('button', { expanded: true }).click();
    await unsent.getByRole('button', { name: 'Mostrar menos' }).click();
    mkdirSync(out, { recursive: true });
    const found: string[] = [];
    for (const [size, [width, height]] of Object.entries({ wide: [1280, 800], narrow: [900, 600] } as const)) {
      await auditor.electron.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
        width,
        height,
      ] as const);
      for (const scheme of ['light', 'dark'] as const) {
        await window.emulateMedia({ colorScheme: scheme });
        await window.waitForFunction((wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted, scheme);
        await settled(window);
        await window.screenshot({ path: path.join(out, `my-requests-unsent-${size}-${scheme}.png`) });
        expect((await unsent.boundingBox())?.height, `${size}: most of the screen is for what was asked`).toBeLessThan(
          height / 3,
        );
        found.push(...(await violations(window)).map((one) => `${size} ${scheme}: ${one}`));
        expect(await overflow(window), `${size}: nothing is cut off at the side`).toBeLessThanOrEqual(0);
      }
    }
    expect(found).toEqual([]);
  });
});
