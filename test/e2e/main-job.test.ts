import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestPage } from '../../contract/request.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { approve, ask, openVideo, pictureOf, untilItPlays } from '../support/main-job.ts';
import { until } from '../support/processes.ts';

const sessionId = '4f1aa';

describe('ask, approve, watch, with two instances of the app', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let proxy: FaultProxy;
  let auditor: App;
  let approver: App;
  let player: Page;

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    proxy = await startFaultProxy(gateway.url);
    auditor = await launchApp(desktop, { userData: 'auditor', gateway: proxy.url });
    approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    await signIn(auditor, 'marta.reis');
    await signIn(approver, 'paulo.nunes');
  });
  afterAll(async () => {
    await auditor?.close();
    await approver?.close();
    await proxy?.stop();
    await gateway?.remove();
    await desktop?.stop();
  });

  it('runs its pages in Chromium’s sandbox', async () => {
    const renderers = await auditor.electron.evaluate(({ app }) =>
      app
        .getAppMetrics()
        .filter(({ type }) => type === 'Tab')
        .map(({ pid }) => pid),
    );
    expect(renderers.length).toBeGreaterThan(0);
    for (const pid of renderers) expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\t2$/m);
  });

  it('sends a request, says so, and shows nothing before it is approved', async () => {
    await ask(auditor, sessionId, 'Investigating the change that took checkout down');
    await auditor.window
      .getByRole('status')
      .getByText(/sent to Infrastructure approvers/i)
      .waitFor();
    await auditor.window
      .getByText(/^Waiting/)
      .first()
      .waitFor();
    const refused = await callFromPage(approver.window, 'viewings.open', { sessionId: '4f1d0', kind: 'livestream' });
    expect(refused.ok).toBe(false);
    await approver.window.reload();
    expect(proxy.passed.filter((one) => one.path.startsWith('/v1/media/'))).toEqual([]);
  });

  it('refuses self-approval through the bridge too, not only by a missing button', async () => {
    await auditor.window.getByRole('link', { name: 'My requests' }).click();
    await auditor.window.getByRole('button', { name: 'Cancel request' }).waitFor();
    expect(await auditor.window.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    const listed = await callFromPage(auditor.window, 'requests.list', { scope: 'mine' });
    const [request] = (listed.value as RequestPage).items;
    const decision = {
      key: crypto.randomUUID(),
      id: request?.id,
      version: request?.version,
      verdict: 'approve',
      comment: 'mine',
    };
    const answer = await callFromPage(auditor.window, 'requests.decide', decision);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'SELF_APPROVAL' } });
    await auditor.window.reload();
    await auditor.window.getByRole('link', { name: 'Remote Sessions' }).waitFor();
  });

  it('tells the approver without being asked, and plays once it is approved', async () => {
    await approve(approver, 'Go ahead');
    await auditor.window.getByRole('searchbox').fill(sessionId);
    player = await openVideo(auditor, sessionId);
    await untilItPlays(player, 3);
    expect(await player.getByRole('timer', { name: 'Access ends' }).count()).toBe(1);
  });

  it('pauses, seeks and plays on by its controls', async () => {
    await player.getByRole('button', { name: 'Pause' }).click();
    await player.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await player.getByRole('slider', { name: 'Seek' }).press('End');
    await player.getByRole('slider', { name: 'Seek' }).press('Home');
    await until('the start', async () => ((await pictureOf(player))?.at ?? 99) < 1);
    await player.getByRole('button', { name: 'Play', exact: true }).click();
    await untilItPlays(player, 1);
  });

  it('keeps tokens and passwords out of the pages, the logs and the disk', async () => {
    const tokens = [...proxy.tokens];
    expect(tokens.length).toBeGreaterThanOrEqual(2);
    const secrets = [...tokens, 'demo-oversight'];
    for (const page of [auditor.window, player]) {
      const heap = await heapOf(page);
      expect(heap.length).toBeGreaterThan(1_000_000);
      expect(secrets.filter((secret) => heap.includes(secret))).toEqual([]);
      expect(heap.includes(new URL(proxy.url).host) && page === player, 'the player knows no gateway address').toBe(false);
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie }));
      expect(secrets.filter((secret) => stored.includes(secret))).toEqual([]);
    }
    const justification = 'Investigating the change that took checkout down';
    for (const file of filesBelow(auditor.userData)) {
      const bytes = readFileSync(file);
      expect(
        [...secrets, justification].filter((secret) => bytes.includes(secret)),
        file,
      ).toEqual([]);
    }
  });

  it('stops the picture within a second of a revocation, and not one byte of media leaves the gateway afterwards', async () => {
    await untilItPlays(player, 1);
    await approver.window.getByRole('textbox', { name: 'Comment' }).fill('Enough was seen');
    await approver.window.getByRole('button', { name: 'Revoke' }).click();
    const started = Date.now();
    await until('the picture to be gone', async () => !((await pictureOf(player))?.width ?? 0), 5_000, 10);
    expect(Date.now() - started).toBeLessThan(1_000);
    const revokedMs = Date.now();
    await player.getByText('Paulo Nunes revoked your access', { exact: false }).waitFor();
    await player.getByText('Enough was seen', { exact: false }).waitFor();
    // Whatever the page asks for now is refused here, and nothing was on its way.
    const again = await player.evaluate(async () => {
      const source =
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .find((name) => name.startsWith('media:')) ?? 'media://none/index.m3u8';
      return fetch(source).then(
        (answer) => answer.status,
        () => 0,
      );
    });
    expect([0, 403]).toContain(again);
    const late = proxy.passed.filter(
      (one) => one.path.startsWith('/v1/media/') && one.status < 300 && one.lastByteMs > revokedMs,
    );
    expect(late).toEqual([]);
    expect(proxy.passed.filter((one) => one.path.startsWith('/v1/media/') && one.open)).toEqual([]);
  });

  it('has the session watched on record', async () => {
    const details = await callFromPage(approver.window, 'sessions.get', { id: sessionId });
    expect(details.value).toMatchObject({ viewings: [{ viewer: { displayName: 'Marta Reis' } }] });
    await approver.window.reload();
  });
});

/** The whole heap of a page, as text. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
