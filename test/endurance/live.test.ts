import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { glassOf } from '../support/live-encoder.ts';
import { addLiveSession, openStream, saidBehind } from '../support/live-session.ts';
import { type LowLatencyOrigin, startLowLatencyOrigin } from '../support/low-latency-origin.ts';
import { untilItPlays } from '../support/main-job.ts';
import { until } from '../support/processes.ts';
import { type RtmpOrigin, startRtmpOrigin } from '../support/rtmp-origin.ts';
import { leaveBy } from '../support/viewings.ts';

/** So long each stream is watched for its latency. */
const watchedMs = 5 * 60_000;
const silence = /^The stream has stopped; waiting for it since/;

let desktop: Desktop;
let gateway: TestGateway;
let rtmp: RtmpOrigin;
let low: LowLatencyOrigin;
let app: App;
let player: Page;

beforeAll(async () => {
  [desktop, gateway, rtmp, low] = await Promise.all([startDesktop(), startGateway(), startRtmpOrigin(), startLowLatencyOrigin()]);
  await addLiveSession(gateway, 'plain-1', rtmp);
  await addLiveSession(gateway, 'quick-1', low);
  app = await launchApp(desktop, { userData: 'clara', gateway: gateway.url });
  await signIn(app, 'clara.nogueira');
});
afterAll(async () => {
  await app?.close();
  await rtmp?.stop();
  await low?.stop();
  await gateway?.remove();
  await desktop?.stop();
});

const takenMs = async () => (await glassOf(player))?.takenMs ?? 0;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Watches for a while: how far behind its scene the picture was, and how wrong what is said of it was. */
async function watch(forMs: number): Promise<{ behindMs: number[]; errorMs: number[] }> {
  const behindMs: number[] = [];
  const errorMs: number[] = [];
  for (const end = Date.now() + forMs; Date.now() < end; await pause(500)) {
    const [said, glass] = await Promise.all([saidBehind(player), glassOf(player)]);
    if (glass) behindMs.push(glass.behindMs);
    if (glass && said !== null) errorMs.push(Math.abs(said - glass.behindMs));
  }
  return { behindMs, errorMs };
}
const part = (values: number[], share: number) =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * share)] ?? Number.NaN;

describe('a stream of nginx, watched for long', () => {
  it('keeps its latency, and what is said of it stays true', async () => {
    player = await openStream(app, 'plain-1');
    await untilItPlays(player, 1);
    await pause(10_000);
    const { behindMs, errorMs } = await watch(watchedMs);
    console.info('plain', { median: part(behindMs, 0.5), p95: part(behindMs, 0.95), errorP95: part(errorMs, 0.95) });
    expect(part(behindMs, 0.95)).toBeLessThan(4_000);
    expect(part(errorMs, 0.95)).toBeLessThanOrEqual(300);
  });

  it('goes on by itself when the server has stood still', async () => {
    rtmp.freeze();
    const frozen = Date.now();
    await player.getByText(silence).waitFor();
    await pause(25_000);
    rtmp.thaw();
    await player.getByText(silence).waitFor({ state: 'detached' });
    await until('new pictures', async () => (await takenMs()) > frozen + 24_000);
  });

  it('goes on by itself when the gateway was away for a moment', async () => {
    await gateway.stop();
    await player.getByText(silence).waitFor();
    await gateway.restart();
    const back = Date.now();
    await player.getByText(silence).waitFor({ state: 'detached' });
    await until('new pictures', async () => (await takenMs()) > back);
  });

  it('goes on at the nearest place that is left when it was paused for longer than the stream’s window', async () => {
    await player.getByRole('button', { name: 'Pause' }).click();
    const paused = await takenMs();
    await pause(45_000);
    await player.getByRole('button', { name: 'Play', exact: true }).click();
    await until('later pictures', async () => (await takenMs()) > paused + 15_000);
    const behind = Date.now() - (await takenMs());
    expect(behind).toBeGreaterThan(8_000);
    await player.getByRole('button', { name: 'Back to live' }).click();
    await until('live pictures', async () => Date.now() - (await takenMs()) < 5_000);
    await leaveBy(player, 'Back to Remote Sessions');
  });
});

describe('an encrypted stream of nginx', () => {
  it('plays on from key to key', async () => {
    const origin = await startRtmpOrigin({ encrypted: true });
    try {
      await addLiveSession(gateway, 'secret-1', origin);
      player = await openStream(app, 'secret-1');
      await untilItPlays(player, 15);
      await leaveBy(player, 'Back to Remote Sessions');
    } finally {
      await origin.stop();
    }
  });
});

describe('a low-latency stream, watched for long', () => {
  it('keeps its latency, and what is said of it stays true', async () => {
    player = await openStream(app, 'quick-1');
    await untilItPlays(player, 1);
    await pause(5_000);
    const { behindMs, errorMs } = await watch(watchedMs);
    console.info('low', { median: part(behindMs, 0.5), p95: part(behindMs, 0.95), errorP95: part(errorMs, 0.95) });
    expect(part(behindMs, 0.95)).toBeLessThan(1_500);
    expect(part(errorMs, 0.95)).toBeLessThanOrEqual(300);
  });

  it('says so when the source ends it', async () => {
    low.end();
    await player.getByText('The stream has ended.').waitFor();
  });
});
