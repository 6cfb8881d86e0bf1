import { expect, it } from 'vitest';
import { openMutated } from '../support/damage.ts';
import { workOnFaultyDisk } from '../support/faulty-disk.ts';
import { killWhileMigrating, killWhileWiping, killWhileWorking } from '../support/kills.ts';
import { requestsThroughFaults } from '../support/network-faults.ts';

/** The long forms of what test/integration/at-rest.test.ts and at-rest-network.test.ts do in short. */
const say = (what: string, report: object, began: number) =>
  process.stdout.write(`${what} in ${Math.round((Date.now() - began) / 1000)} s: ${JSON.stringify(report)}\n`);

it('1,000 mutations of the files: they open, drafts are kept, no row is silently wrong', async () => {
  const began = Date.now();
  const report = await openMutated(1_000, 1);
  say('1,000 mutations', report, began);
  expect(report.mutations).toBe(1_000);
});

it.runIf(process.platform === 'linux').each(['ENOSPC', 'EIO'] as const)(
  'each of the first 200 writes and flushes fails once with %s: no crash, nothing acknowledged is lost, it heals',
  async (error) => {
    const began = Date.now();
    const report = await workOnFaultyDisk(
      Array.from({ length: 200 }, (_, index) => index + 1),
      error,
    );
    say(`200 failing writes and flushes (${error})`, report, began);
    expect(report.runs).toBe(200);
  },
);

it.each([
  ['synchronising, writing and sending', killWhileWorking, 260],
  ['migrating', killWhileMigrating, 120],
  ['wiping', killWhileWiping, 120],
] as const)('kills at random moments of %s: nothing acknowledged is lost, the files are whole', async (what, kill, count) => {
  const began = Date.now();
  const report = await kill(count, 1);
  say(`${count} kills while ${what}`, report, began);
  expect(report.kills).toBe(count);
});

it('200 scripted network faults on create and cancel: no duplicate, no lost draft', async () => {
  const began = Date.now();
  const report = await requestsThroughFaults(200, 1);
  say('200 network faults', report, began);
  expect(report.lostAnswers).toBeGreaterThan(10);
});
