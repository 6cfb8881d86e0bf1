import { expect, it } from 'vitest';
import { requestsThroughFaults } from '../support/network-faults.ts';

// The long form is in test/endurance/at-rest.test.ts.
it('20 scripted network faults on create and cancel: no duplicate, no lost draft', async () => {
  const { requests, lostAnswers } = await requestsThroughFaults(20, 5);
  expect(requests).toBeGreaterThan(1);
  expect(lostAnswers).toBeGreaterThan(0);
});
