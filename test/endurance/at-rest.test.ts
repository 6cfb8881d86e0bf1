import { expect, it } from 'vitest';
import { openMutated } from '../support/damage.ts';
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

it('200 scripted network faults on create and cancel: no duplicate, no lost draft', async () => {
  const began = Date.now();
  const report = await requestsThroughFaults(200, 1);
  say('200 network faults', report, began);
  expect(report.lostAnswers).toBeGreaterThan(10);
});
