// The tour: two instances of the real app, an auditor and an approver, do the main job on a display of their own. A screenshot for each
// step and tour.json (step, ms) land in out/tour/. It succeeds only if frames really advanced and really stopped.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchApp, signIn } from '../test/support/app.ts';
import { closeBy, openOwnWindow } from '../test/support/decision.ts';
import { startDesktop } from '../test/support/desktop.ts';
import { startGateway } from '../test/support/gateway.ts';
import { approve, chooseReason, openVideo, pictureOf, untilItPlays } from '../test/support/main-job.ts';
import { root, until } from '../test/support/processes.ts';

const out = path.join(root, 'out/tour');
const sessionId = '4f1aa';
const steps: { step: string; ms: number }[] = [];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const desktop = await startDesktop();
const gateway = await startGateway();
try {
  const auditor = await launchApp(desktop, { userData: 'auditor', gateway: gateway.url });
  const approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
  const step = async (name: string, app: typeof auditor, work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    steps.push({ step: name, ms: Math.round(performance.now() - started) });
    await app.window.screenshot({ path: path.join(out, `${String(steps.length).padStart(2, '0')}-${name}.png`) });
    process.stderr.write(`  ${steps.length}. ${name} (${steps.at(-1)?.ms} ms)\n`);
  };
  const { window } = auditor;
  await step('sign-in', auditor, () => window.getByRole('button', { name: 'Sign in' }).waitFor());
  await step('remote-sessions', auditor, async () => {
    await signIn(auditor, 'marta.reis');
    await window.getByRole('button', { name: `Actions for session ${sessionId}` }).waitFor();
  });
  await step('actions', auditor, async () => {
    await window.getByRole('button', { name: `Actions for session ${sessionId}` }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).waitFor();
  });
  await step('justification', auditor, async () => {
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog
      .getByRole('textbox', { name: 'Justification' })
      .fill('Investigating the configuration change that took checkout down at 22:14; need to see which file was edited.');
    await chooseReason(window);
    await dialog.getByText('Infrastructure approvers').waitFor();
  });
  await step('asked', auditor, async () => {
    const dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await window.getByRole('link', { name: 'My requests' }).click();
    await window.getByRole('button', { name: 'Cancel request' }).waitFor();
  });
  await step('approvals', approver, async () => {
    await signIn(approver, 'paulo.nunes');
    await approver.window.getByRole('link', { name: 'Approvals' }).click();
    await approver.window.getByRole('button', { name: 'Approve', exact: true }).waitFor();
  });
  const decision = await openOwnWindow(approver);
  await decision.getByText('May decide now:').waitFor();
  await decision.screenshot({ path: path.join(out, '06-decision.png') });
  await closeBy(decision, 'Escape');
  await step('approved', approver, () => approve(approver, 'Go ahead, and tell us what you find.'));
  const player = await openVideo(auditor, sessionId);
  await step('playing', auditor, () => untilItPlays(player, 8));
  await player.screenshot({ path: path.join(out, '08-player.png') });
  await step('revoked', approver, async () => {
    await approver.window.getByRole('textbox', { name: 'Comment' }).fill('Enough was seen.');
    await approver.window.getByRole('button', { name: 'Revoke' }).click();
    await approver.window.getByText(/^Access revoked/).waitFor();
  });
  await step('stopped', auditor, async () => {
    await player.getByText(/revoked your access/).waitFor();
    await until('the picture to be gone', async () => !((await pictureOf(player))?.width ?? 0));
  });
  await player.screenshot({ path: path.join(out, '10-player-stopped.png') });
  await step('history', approver, async () => {
    const { window: desk } = approver;
    await desk.getByRole('link', { name: 'History' }).click();
    await desk.getByRole('row', { name: /Marta Reis/ }).click();
    await desk.getByText('Paulo Nunes revoked the access').waitFor();
    await desk.getByText(/^Marta Reis watched for/).waitFor();
  });
  await auditor.close();
  await approver.close();
  process.stderr.write(`The tour is done: ${steps.length} steps, pictures in out/tour/.\n`);
} finally {
  writeFileSync(path.join(out, 'tour.json'), `${JSON.stringify(steps, null, 2)}\n`);
  await gateway.remove();
  await desktop.stop();
}
