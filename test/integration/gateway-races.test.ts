import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { raceAt } from '../support/races.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.remove());

it('of approve, reject, cancel, revoke and the deadline racing 60 times, exactly one wins each time', async () => {
  const wins = await raceAt(gateway, 60);
  expect(wins['revoked'] ?? 0).toBeGreaterThan(0);
}, 120_000);
