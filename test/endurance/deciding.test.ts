import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsThroughCuts } from '../support/cuts.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { raceAt } from '../support/races.ts';

/** The long forms of what `npm test` does in short. */
describe('deciding, at length', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway?.remove());

  it('500 races: exactly one wins each', async () => {
    const wins = await raceAt(gateway, 500);
    process.stdout.write(`500 races, won by: ${JSON.stringify(wins)}\n`);
    expect(Object.values(wins).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(500);
  });

  it('10,000 events through 100 cuts and a restart: none is lost, none is told twice', async () => {
    const { tookMs, connections } = await eventsThroughCuts(10_000, 100);
    process.stdout.write(`10,000 events through ${connections} connections in ${Math.round(tookMs / 1000)} s\n`);
    expect(connections).toBeGreaterThanOrEqual(100);
  });
});
