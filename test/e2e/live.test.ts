import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../contract/request.ts';
import type { SessionDetails } from '../../contract/session.ts';
import { ReceiptEntry } from '../../contract/viewing.ts';
import { openDatabase } from '../../gateway/store/database.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { httpSignIn, newDecision, newRequest } from '../support/http.ts';
import { glassOf } from '../support/live-encoder.ts';
import { addLiveSession, openStream, saidBehind } from '../support/live-session.ts';
import { type LowLatencyOrigin, startLowLatencyOrigin } from '../support/low-latency-origin.ts';
import { pictureOf, untilItPlays } from '../support/main-job.ts';
import { root, until } from '../support/processes.ts';
import { type RtmpOrigin, startRtmpOrigin } from '../support/rtmp-origin.ts';
import { leaveBy } from '../support/viewings.ts';

const recording = path.join(root, 'assets/recordings/nginx-checkout');
const silence = /^The stream has stopped; waiting for it since \d\d:\d\d:\d\d/;

let desktop: Desktop;
let gateway: TestGateway;
let rtmp: RtmpOrigin;
let low: LowLatencyOrigin;
/** Clara is an operator, who watches at once; Marta has to ask. */
let clara: App;
let marta: App;

beforeAll(async () => {
  [desktop, gateway, rtmp, low] = await Promise.all([startDesktop(), startGateway(), startRtmpOrigin(), startLowLatencyOrigin()]);
  await addLiveSession(gateway, 'plain-1', rtmp);
  await addLiveSession(gateway, 'quick-1', low);
  clara = await launchApp(desktop, { userData: 'clara', gateway: gateway.url });
  marta = await launchApp(desktop, { userData: 'marta', gateway: gateway.url });
  await signIn(clara, 'clara.nogueira');
  await signIn(marta, 'marta.reis');
});
afterAll(async () => {
  await clara?.close();
  await marta?.close();
  await rtmp?.stop();
  await low?.stop();
  await gateway?.remove();
  await desktop?.stop();
});

/** Waits until the player says how far behind its scene the picture is, and says it truly: to 0.3 s, three times in a row. */
async function untilTrue(player: Page): Promise<number> {
  let inARow = 0;
  let truth = 0;
  await until(
    'the latency that is said to be true',
    async () => {
      const [said, glass] = await Promise.all([saidBehind(player), glassOf(player)]);
      truth = glass?.behindMs ?? 0;
      inARow = said !== null && glass && Math.abs(said - glass.behindMs) <= 300 ? inARow + 1 : 0;
      return inARow === 3;
    },
    // Where the encoder is kept from its pictures, what is known of them has to be found out anew.
    60_000,
    250,
  );
  return truth;
}

const sessionOf = async (id: string) =>
  (await (await httpSignIn(gateway.url, 'clara.nogueira')).get<SessionDetails>(`/v1/sessions/${id}`)).body.session;

/** The stretches of a session that were shown, as the gateway keeps them. */
async function shownOf(sessionId: string): Promise<Extract<ReceiptEntry, { type: 'shown' }>[]> {
  const db = await openDatabase(gateway.dataDir);
  const rows = await db
    .selectFrom('receipt_entries')
    .innerJoin('viewings', 'viewings.id', 'viewing_id')
    .select('entry_json')
    .where('session_id', '=', sessionId)
    .execute();
  await db.destroy();
  return rows.map(({ entry_json }) => ReceiptEntry.parse(JSON.parse(entry_json))).filter((entry) => entry.type === 'shown');
}

const takenMs = async (player: Page) => (await glassOf(player))?.takenMs ?? 0;
const behindMs = async (player: Page) => (await glassOf(player))?.behindMs ?? Number.POSITIVE_INFINITY;

describe('a stream of nginx, fed by ffmpeg', () => {
  let player: Page;

  it('plays, and says truly how far behind its scene the picture is', async () => {
    player = await openStream(clara, 'plain-1');
    await untilItPlays(player, 1);
    const first = await takenMs(player);
    await until('later pictures', async () => (await takenMs(player)) > first + 1_000);
    expect(await untilTrue(player)).toBeLessThan(6_000);
    await player.getByRole('slider', { name: 'Seek' }).and(player.locator('[aria-valuetext="Live"]')).waitFor();
  });

  it('pauses, goes back, and comes back to live', async () => {
    const back = player.getByRole('button', { name: 'Back to live' });
    await player.getByRole('button', { name: 'Pause' }).click();
    const paused = await takenMs(player);
    await back.waitFor();
    await player.keyboard.press('ArrowLeft');
    await until('an earlier picture', async () => (await takenMs(player)) <= paused - 4_000);
    await player.getByRole('button', { name: 'Play', exact: true }).click();
    await until('it to play on from there', async () => (await takenMs(player)) > paused - 3_500);
    expect(await behindMs(player)).toBeGreaterThan(6_000);
    await untilTrue(player);
    await player.keyboard.press('End');
    await until('live pictures', async () => (await behindMs(player)) < 5_000);
    await back.waitFor({ state: 'detached' });
  });

  it('says within seconds that nothing comes any more, since when, and goes on by itself', async () => {
    const note = player.getByText(silence);
    rtmp.encoder.freeze();
    const frozen = Date.now();
    await note.waitFor({ timeout: 10_000 });
    expect(Date.now() - frozen).toBeLessThan(8_000);
    rtmp.encoder.thaw();
    await note.waitFor({ state: 'detached' });
    await until('new pictures', async () => (await takenMs(player)) > frozen + 3_000);
    await untilTrue(player);
  });

  it('goes on when its source begins anew and counts from the start', async () => {
    await rtmp.restartEncoder();
    const restarted = Date.now();
    await until('new pictures', async () => (await takenMs(player)) > restarted + 1_000, 30_000);
    await untilTrue(player);
  });

  it('shows what happens in the session meanwhile', async () => {
    const file = path.join(desktop.folder, 'events.json');
    await writeFile(file, JSON.stringify([{ atMs: 62_000, type: 'command', text: 'systemctl stop checkout' }]));
    await gateway.command('session', 'events', 'plain-1', file);
    await player.getByRole('tabpanel', { name: 'Events' }).getByText('systemctl stop checkout').waitFor();
  });

  it('records what was shown by when it was taken', async () => {
    const started = Date.parse((await sessionOf('plain-1')).startedAt);
    const shown = await until('receipts', async () => {
      const entries = await shownOf('plain-1');
      return entries.length > 3 ? entries : null;
    });
    // Each stretch ends a few seconds behind the moment at which it was written down, whatever became of the stream's own timeline;
    // only what was gone back to lies further behind.
    const behind = shown.map(({ at, toMs }) => Date.parse(at) - started - toMs);
    expect(Math.min(...behind)).toBeGreaterThan(500);
    expect(behind.filter((ms) => ms < 6_000).length).toBeGreaterThan(behind.length / 2);
    expect(Math.max(...behind)).toBeLessThan(25_000);
  });

  it('ends with the session, and leads to its recording once that is made', async () => {
    await gateway.command('session', 'end', 'plain-1');
    await player.getByText('The session has ended.').waitFor();
    await player.getByText('Its recording is being made.', { exact: false }).waitFor();
    expect((await pictureOf(player))?.width ?? 0).toBe(0);
    await gateway.command('session', 'end', 'plain-1', '--recording', recording);
    await player.getByRole('button', { name: 'Watch the recording' }).click();
    const next = await until('the recording', async () => {
      const page = clara.electron.windows().find((one) => one !== player && one.url().endsWith('/player.html'));
      return page && !page.isClosed() ? page : null;
    });
    await untilItPlays(next, 1);
    await leaveBy(next, 'Back to Remote Sessions');
  });
});

describe('a low-latency stream', () => {
  let player: Page;

  async function allowMarta(): Promise<{ revoke(): Promise<number> }> {
    const [asker, approver] = await Promise.all([httpSignIn(gateway.url, 'marta.reis'), httpSignIn(gateway.url, 'paulo.nunes')]);
    const asked = await asker.post<AccessRequest>('/v1/requests', newRequest('quick-1', { kind: 'livestream' }));
    const granted = await approver.post<AccessRequest>(`/v1/requests/${asked.body.id}/decision`, newDecision(asked.body));
    expect(granted.status).toBe(200);
    const { id, version } = granted.body;
    return {
      async revoke() {
        const comment = 'Enough was seen';
        const { status } = await approver.post(`/v1/requests/${id}/revoke`, { key: crypto.randomUUID(), id, version, comment });
        return status;
      },
    };
  }

  it('is about a second behind its scene and says so truly', async () => {
    const request = await allowMarta();
    player = await openStream(marta, 'quick-1');
    await untilItPlays(player, 1);
    expect(await untilTrue(player)).toBeLessThan(2_000);
    expect(low.asked.some((one) => one.includes('_HLS_part='))).toBe(true);

    low.encoder.freeze();
    await player.getByText(silence).waitFor();
    low.encoder.thaw();
    await player.getByText(silence).waitFor({ state: 'detached' });
    // What was lost to the silence is won back.
    await until('to be near the scene again', async () => (await behindMs(player)) < 2_000);

    await low.restart();
    const restarted = Date.now();
    await until('new pictures', async () => (await takenMs(player)) > restarted + 1_000, 30_000);

    const revoked = Date.now();
    expect(await request.revoke()).toBe(200);
    await until('the picture to be gone', async () => !((await pictureOf(player))?.width ?? 0), 5_000, 10);
    expect(Date.now() - revoked).toBeLessThan(1_000);
    await player.getByText('Paulo Nunes revoked your access', { exact: false }).waitFor();
    await leaveBy(player, 'Back to Remote Sessions');
  });

  it('leads whoever has to ask for its recording to the dialog, with the words of the request before', async () => {
    await allowMarta();
    player = await openStream(marta, 'quick-1');
    await untilItPlays(player, 1);
    await gateway.command('session', 'end', 'quick-1', '--recording', recording);
    await player.getByRole('button', { name: 'Ask to watch it' }).click();
    const dialog = marta.window.getByRole('dialog', { name: 'Justification' });
    await dialog.waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()).toBe('Investigating what happened there');
  });
});
