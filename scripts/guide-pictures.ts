// The pictures of the README and of the user guide, taken from the real app into docs/images/. Run it when a screen has changed:
//     node scripts/guide-pictures.ts
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Page } from 'playwright';
import { toInstant } from '../contract/time.ts';
import { launchApp, signIn } from '../test/support/app.ts';
import { startDesktop } from '../test/support/desktop.ts';
import { startGateway } from '../test/support/gateway.ts';
import { settled } from '../test/support/looks.ts';
import { chooseReason, openVideo, pictureOf, untilItPlays } from '../test/support/main-job.ts';
import { approveIt, personAt } from '../test/support/people.ts';
import { root, until } from '../test/support/processes.ts';

const why = 'Investigating the configuration change that took checkout down at 22:14; need to see which file was edited.';
const sessionId = '4f1aa';

const desktop = await startDesktop();
const gateway = await startGateway();
try {
  const people = ['marta.reis', 'diego.alves', 'clara.nogueira', 'paulo.nunes'] as const;
  const [marta, diego, clara, paulo] = await Promise.all(people.map((name) => personAt(gateway, name)));
  if (!marta || !diego || !clara || !paulo) throw new Error('somebody of the demo is missing');
  const ask = (person: typeof marta, id: string, justification: string, startsInMs = 0, reason = 0) =>
    person.calls.policy().then(({ reasons }) =>
      person.calls.requests.create({
        key: randomUUID(),
        sessionId: id,
        kind: 'recording',
        justification,
        reasonId: reasons[reason]?.id ?? '',
        governanceCode: 'CHG-20417',
        window: { start: toInstant(Date.now() + startsInMs), end: toInstant(Date.now() + startsInMs + 7_200_000) },
      }),
    );
  const take = async (page: Page, name: string) => {
    await settled(page);
    await page.screenshot({ path: path.join(root, 'docs/images', `${name}.png`) });
    process.stderr.write(`  ${name}\n`);
  };
  const first = await ask(marta, '4f1e9', 'The owner of the shares asks what was copied on Tuesday, and by whom.');
  await approveIt(paulo, first);
  const { id, version } = await ask(diego, '4f1d0', 'Sampling for the quarter: every tenth session on this host.');
  await paulo.calls.requests.decide({ key: randomUUID(), id, version, verdict: 'reject', comment: 'Not in the plan.' });
  await ask(diego, '4f133', 'Was the backup removed before the restore had been tried?', 3_600_000, 1);

  const auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
  const { window } = auditor;
  await signIn(auditor, 'marta.reis');
  await window.getByRole('button', { name: `Actions for session ${sessionId}` }).waitFor();
  await take(window, 'remote-sessions');
  await window.getByRole('button', { name: `Actions for session ${sessionId}` }).click();
  await window.getByRole('menuitem', { name: /^Session video/ }).click();
  const dialog = window.getByRole('dialog', { name: 'Justification' });
  await dialog.getByRole('textbox', { name: 'Justification' }).fill(why);
  await chooseReason(window);
  await dialog.getByText('Infrastructure approvers').waitFor();
  await take(window, 'justification');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });

  const approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
  await signIn(approver, 'paulo.nunes');
  await approver.window.getByRole('link', { name: 'Approvals' }).click();
  await approver.window.getByRole('button', { name: /^Marta Reis.*left/ }).click();
  await approver.window.getByText('May decide now:').waitFor({ state: 'attached' });
  await take(approver.window, 'approvals');

  const waiting = await paulo.calls.requests.list({ scope: 'waiting', limit: 10 });
  const request = waiting.items.find((one) => one.session.id === sessionId);
  if (!request) throw new Error('the request did not arrive');
  await approveIt(paulo, request);
  for (const [atMs, text] of [
    [34_000, 'The limit is raised here; the ticket speaks of the timeout alone.'],
    [125_000, 'Put back from the copy, as agreed.'],
  ] as const)
    await clara.calls.reviews.comment({ sessionId, key: randomUUID(), atMs, text });
  const player = await openVideo(auditor, sessionId);
  await untilItPlays(player, 6);
  await goTo(player, '1:42');
  await until('the place', async () => ((await pictureOf(player))?.at ?? 0) > 106);
  await take(player, 'player');
  await player.getByRole('tab', { name: /^Comments/ }).click();
  await player.getByRole('button', { name: 'Mark as audited…' }).click();
  await player.getByRole('radio', { name: 'Needs follow-up' }).check();
  await player.getByRole('textbox', { name: 'What you found' }).fill('Two values were changed, one was agreed.');
  await player.getByRole('button', { name: 'Save the verdict' }).click();
  await player.getByRole('region', { name: 'Audited' }).getByText('Needs follow-up').waitFor();
  await take(player, 'player-comments');
  await auditor.close();
  await approver.close();
} finally {
  await gateway.remove();
  await desktop.stop();
}

async function goTo(player: Page, time: string): Promise<void> {
  await player.keyboard.press('g');
  await player.getByRole('textbox', { name: 'Go to a time (G)' }).fill(time);
  await player.keyboard.press('Enter');
}
