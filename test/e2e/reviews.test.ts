import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { overflow, settled, violations } from '../support/looks.ts';
import { pictureOf, untilItPlays } from '../support/main-job.ts';
import { numberedVideo, numberShown } from '../support/numbered-video.ts';
import { addRecording, grant, personAt } from '../support/people.ts';
import { root, until } from '../support/processes.ts';
import { watch } from '../support/viewings.ts';

const out = path.join(root, 'out/screens');

let desktop: Desktop;
let gateway: TestGateway;
/** Who comments and audits, and who sees it. */
let clara: App;
let marta: App;

beforeAll(async () => {
  mkdirSync(out, { recursive: true });
  [desktop, gateway] = await Promise.all([startDesktop(), startGateway()]);
  const folder = await numberedVideo({ seconds: 60, framesPerSecond: 10, segmentSeconds: 2, width: 640, height: 360 });
  for (const id of ['noted', 'other']) await addRecording(gateway, id, folder, 60_000);
  const [asker, approver] = await Promise.all([personAt(gateway, 'marta.reis'), personAt(gateway, 'paulo.nunes')]);
  await grant(asker, approver, { sessionId: 'noted', windowMs: 3_600_000 });
  clara = await launchApp(desktop, { userData: 'clara', gateway: gateway.url });
  await signIn(clara, 'clara.nogueira');
  marta = await launchApp(desktop, { userData: 'marta', gateway: gateway.url });
  await signIn(marta, 'marta.reis');
});
afterAll(async () => {
  await clara?.close();
  await marta?.close();
  await gateway?.remove();
  await desktop?.stop();
});

async function goTo(player: Page, time: string): Promise<void> {
  await player.keyboard.press('g');
  await player.getByRole('textbox', { name: 'Go to a time (G)' }).fill(time);
  await player.keyboard.press('Enter');
}

const box = (player: Page) => player.getByRole('textbox', { name: /^Comment at / });

/** Pictures of a page in both sizes; axe finds nothing and nothing is cut off at the side. */
async function look(app: App, page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [900, 600],
    [1280, 800],
  ] as const) {
    await app.electron.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
      width,
      height,
    ] as const);
    const schemes = page === app.window ? (['dark', 'light'] as const) : (['dark'] as const);
    for (const colorScheme of schemes) {
      if (page === app.window) {
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction((wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted, colorScheme);
      }
      await settled(page);
      await page.screenshot({ path: path.join(out, `${name}-${width}-${colorScheme}.png`) });
      expect(await violations(page), `${name} ${width} ${colorScheme}`).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  }
}

describe('comments at a time', () => {
  it('C stops the picture, keeps its time, and what is sent is seen by another who watches, without asking', async () => {
    const theirs = await watch(marta, 'noted');
    await untilItPlays(theirs, 0.5);
    await theirs.getByRole('tab', { name: 'Comments 0' }).click();
    await theirs.getByText('No comments yet.').waitFor();

    const player = await watch(clara, 'noted');
    await untilItPlays(player, 0.5);
    await goTo(player, '20.05');
    await until('the picture', async () => ((await numberShown(player)) ?? 0) >= 200);
    await player.keyboard.press('c');
    await until('the pause', async () => (await pictureOf(player))?.paused);
    await box(player).waitFor();
    expect(await box(player).evaluate((one) => one === document.activeElement)).toBe(true);
    await player.keyboard.type('Why does he become root here?');
    // Letters in the box are letters.
    expect((await pictureOf(player))?.paused).toBe(true);
    await player.keyboard.press('Enter');
    await player.getByRole('listitem').filter({ hasText: 'Why does he become root here?' }).waitFor();
    await until('the picture to go on', async () => !(await pictureOf(player))?.paused);

    await theirs.getByRole('listitem').filter({ hasText: 'Why does he become root here?' }).waitFor();
    await theirs.getByRole('tab', { name: 'Comments 1' }).waitFor();
    await theirs.getByRole('button', { name: 'Go to 00:20' }).click();
    await until('its picture', async () => {
      const number = (await numberShown(theirs)) ?? 0;
      return number >= 200 && number < 260;
    });
    await player.keyboard.press('k');
    await until('the pause', async () => (await pictureOf(player))?.paused);
    await look(clara, player, 'player-comments');
  });

  it('what was half typed survives a crash, with its time', async () => {
    const player = await clara.player();
    await goTo(player, '31');
    await until('the picture', async () => Math.abs(((await numberShown(player)) ?? 0) - 310) < 3);
    await player.keyboard.press('c');
    await player.keyboard.type('Half a thou');
    await until('the draft', async () => {
      const answer = await callFromPage(clara.window, 'reviewDrafts.get', { sessionId: 'noted', what: 'comment' });
      return (answer.value as { draft: { text: string } | null }).draft?.text === 'Half a thou';
    });
    const ended = new Promise((resolve) => clara.electron.process().once('exit', resolve));
    clara.electron.process().kill('SIGKILL');
    await ended;
    clara = await launchApp(desktop, { userData: 'clara', gateway: gateway.url });
    await clara.window
      .getByRole('link', { name: 'Remote Sessions' })
      .or(clara.window.getByRole('button', { name: 'Sign in' }))
      .waitFor();
    if (await clara.window.getByRole('button', { name: 'Sign in' }).isVisible()) await signIn(clara, 'clara.nogueira');
    const again = await watch(clara, 'noted');
    await untilItPlays(again, 0.3);
    await again.getByRole('tab', { name: /^Comments/ }).click();
    await until('the draft', async () => (await box(again).inputValue()) === 'Half a thou');
    await again.getByRole('textbox', { name: 'Comment at 00:31' }).press('End');
    await again.keyboard.type('ght');
    await again.keyboard.press('Enter');
    await again
      .getByRole('listitem')
      .filter({ hasText: 'Half a thought' })
      .getByRole('button', { name: 'Go to 00:31' })
      .waitFor();
  });

  it('its author withdraws it, and others see that', async () => {
    const player = await clara.player();
    const row = player.getByRole('listitem').filter({ hasText: 'Half a thought' });
    await row.getByRole('button', { name: 'Withdraw the comment at 00:31' }).click();
    await player.getByRole('button', { name: 'Withdraw it' }).click();
    await player.getByText('Withdrawn by its author').waitFor();
    const theirs = await marta.player();
    await theirs.getByText('Withdrawn by its author').waitFor();
    expect(await theirs.getByText('Half a thought').count()).toBe(0);
    expect(await theirs.getByRole('button', { name: /^Withdraw/ }).count()).toBe(0);
  });

  it('a player page speaks of its own session alone', async () => {
    const player = await clara.player();
    const asked = await Promise.all([callFromPage(player, 'review.get', { sessionId: 'other' })]);
    expect(asked.map(({ failure }) => failure?.code)).toEqual(['FORBIDDEN_CALL']);
    const wish = { sessionId: 'other', key: crypto.randomUUID(), atMs: 0, text: 'x' };
    expect((await callFromPage(player, 'review.comment', wish)).failure?.code).toBe('FORBIDDEN_CALL');
    await player.reload();
    await untilItPlays(player, 0.3);
  });
});

describe('the “audited” mark', () => {
  it('is given in the player by who has watched, and says why when something is wrong', async () => {
    const player = await clara.player();
    await player.getByRole('tab', { name: /^Comments/ }).click();
    await player.getByRole('button', { name: 'Mark as audited…' }).click();
    await player.getByRole('radio', { name: 'Needs follow-up' }).check();
    await player.getByRole('button', { name: 'Save the verdict' }).click();
    await player.getByText('Say what you found: others have to know why.').waitFor();
    await look(clara, player, 'player-verdict');
    await player.getByRole('textbox', { name: 'What you found' }).fill('The ticket does not mention root.');
    await player.getByRole('button', { name: 'Save the verdict' }).click();
    await player.getByRole('region', { name: 'Audited' }).getByText('Needs follow-up').waitFor();
    const theirs = await marta.player();
    await theirs.getByRole('region', { name: 'Audited' }).getByText('The ticket does not mention root.').waitFor();
  });

  it('is in the list and in the details, where another gives a verdict of their own', async () => {
    const { window } = marta;
    await window.getByRole('link', { name: 'Remote Sessions' }).click();
    await window.getByRole('searchbox').fill('noted');
    await window.getByText('Audited: Needs follow-up').waitFor();
    await look(marta, window, 'sessions-audited');
    await window.getByRole('button', { name: 'Actions for session noted' }).click();
    await window.getByRole('menuitem', { name: 'Session details' }).click();
    const card = window.getByRole('region', { name: 'Comments and verdicts' });
    await card.getByText('Why does he become root here?').waitFor();
    await card.getByRole('button', { name: 'Mark as audited…' }).click();
    await card.getByRole('radio', { name: 'Nothing to object to' }).check();
    await look(marta, window, 'session-details-verdict');
    await card.getByRole('button', { name: 'Save the verdict' }).click();
    await card.getByRole('listitem').filter({ hasText: 'Marta Reis' }).waitFor();
    // The graver one is what the list says.
    await look(marta, window, 'session-details-reviewed');
    const player = await clara.player();
    await player.getByRole('region', { name: 'Audited' }).getByText('Marta Reis').waitFor();
  });

  it('a comment in the details leads to its second of the recording, whatever was watched last, and says why not while nothing can be watched', async () => {
    const { window } = marta;
    const comment = window.getByRole('button', { name: 'Watch from 00:00:20' });
    const details = async () => {
      await window.getByRole('link', { name: 'Remote Sessions' }).click();
      await window.getByRole('searchbox').fill('noted');
      await window.getByRole('button', { name: 'Actions for session noted' }).click();
      await window.getByRole('menuitem', { name: 'Session details' }).click();
      await comment.waitFor();
    };
    const itsPicture = async () => {
      const number = (await numberShown(await marta.player()).catch(() => null)) ?? 0;
      return number >= 200 && number < 300;
    };
    const leave = async () => {
      await window.getByRole('button', { name: 'Stop watching noted' }).click();
      await until('the player to go', () => !marta.electron.windows().some((one) => one.url().endsWith('/player.html')));
    };
    // What runs goes there.
    await window
      .getByRole('button', { name: /noted$/ })
      .first()
      .click();
    const running = await marta.player();
    await goTo(running, '45');
    await until('another place', async () => ((await numberShown(running)) ?? 0) >= 450);
    await details();
    await comment.click();
    await until('the picture of the comment', itsPicture);
    // What is opened begins there, not where it was left.
    await goTo(running, '50');
    await until('another place', async () => ((await numberShown(running)) ?? 0) >= 500);
    await leave();
    await details();
    await comment.click();
    await until('the picture of the comment', itsPicture);
    await leave();
    await details();
    await gateway.stop();
    await window.getByRole('button', { name: 'Try now' }).waitFor();
    const why = window.getByRole('status').getByText(/cannot be reached: /);
    const saidBefore = await why.count();
    await comment.click();
    await until('why not', async () => (await why.count()) > saidBefore);
    await gateway.restart();
    // It may have tried by itself already.
    await window
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await window.getByText('Connected').waitFor();
    await comment.click();
    await until('the picture of the comment', itsPicture);
  });

  it('speaks Portuguese', async () => {
    const { window } = marta;
    await window.getByRole('link', { name: 'Settings' }).click();
    await window.getByText('Português (Brasil)').click();
    const player = await marta.player();
    await player.getByRole('tab', { name: 'Comentários 1' }).waitFor();
    await window
      .getByRole('button', { name: /noted$/ })
      .first()
      .click();
    await look(marta, player, 'player-comments-pt');
  });
});
