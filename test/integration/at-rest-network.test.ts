import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SessionQuery } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway } from '../support/gateway.ts';
import { startMainClient } from '../support/main-client.ts';
import { openWriter } from '../support/many-requests.ts';
import { requestsThroughFaults } from '../support/network-faults.ts';
import { until } from '../support/processes.ts';

// The long form is in test/endurance/at-rest.test.ts.
it('20 scripted network faults on create and cancel: no duplicate, no lost draft', async () => {
  const { requests, lostAnswers } = await requestsThroughFaults(20, 5);
  expect(requests).toBeGreaterThan(1);
  expect(lostAnswers).toBeGreaterThan(0);
});

it('the line is back: in step within two seconds, without anybody asking', async () => {
  const gateway = await startGateway();
  const proxy = await startFaultProxy(gateway.url);
  const userData = mkdtempSync(path.join(tmpdir(), 'oversight-line-'));
  const asker = await startMainClient(gateway.url, 'marta.reis', path.join(userData, 'asker'));
  const approver = await startMainClient(proxy.url, 'paulo.nunes', path.join(userData, 'approver'));
  const writer = openWriter(gateway);
  try {
    const { items } = await asker.gateway.calls.sessions.search(SessionQuery.parse({ filter: { id: '4f133' } }));
    const first = await asker.requests.create({
      key: crypto.randomUUID(),
      sessionId: items[0]?.id ?? '',
      kind: 'recording',
      justification: 'Review of the change in the night',
      reasonId: 'incident',
      governanceCode: null,
      window: { start: toInstant(Date.now()), end: toInstant(Date.now() + 3_600_000) },
    });
    await until('the first of them', () => approver.told.some(({ id }) => id === first.id));
    const added: string[] = [];
    const took: number[] = [];
    const rounds = 3;
    for (let round = 1; round <= rounds; round += 1) {
      proxy.fault(/./, { kind: 'refuse' });
      proxy.cut(/./);
      await until('the line to be down', () => approver.line() === 'offline', 60_000, 5);
      const missed = writer.copy(first.id, 100);
      added.push(...missed);
      // It is what the others are copies of, up to the last ones.
      if (round === rounds) await asker.requests.cancel({ id: first.id, version: first.version });
      expect(
        approver.told.some(({ id }) => id === missed[0]),
        'nothing comes while it is down',
      ).toBe(false);
      proxy.heal();
      await until('the line to be up by itself', () => approver.line() === 'online', 60_000, 5);
      const up = Date.now();
      await until(
        'all of it in the archive',
        async () => (await approver.requests.counts()).waiting === added.length + (round < rounds ? 1 : 0),
        60_000,
        20,
      );
      took.push(Date.now() - up);
    }
    expect((await approver.requests.get(first.id)).state.status).toBe('canceled');
    // Most times: a computer may be busy with something else for once.
    expect(took.sort((a, b) => a - b)[1], 'ms from the line to being in step').toBeLessThan(2_000);
  } finally {
    writer.close();
    await asker.stop();
    await approver.stop();
    await proxy.stop();
    await gateway.remove();
    rmSync(userData, { recursive: true, force: true });
  }
});
