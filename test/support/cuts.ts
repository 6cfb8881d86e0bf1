import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { SessionQuery } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { startGateway } from './gateway.ts';
import { startMainClient } from './main-client.ts';
import { openWriter } from './many-requests.ts';
import { until } from './processes.ts';

/**
 * `events` new requests reach an approver's main process through `cuts` cuts of its line, at the seam of two events and in the midst of
 * one, and one restart of the gateway. Fails when one is lost, told twice, or the list is not what the gateway has.
 */
export async function eventsThroughCuts(events: number, cuts: number): Promise<{ tookMs: number; connections: number }> {
  const gateway = await startGateway();
  const proxy = await startFaultProxy(gateway.url);
  const userData = mkdtempSync(path.join(tmpdir(), 'oversight-cuts-'));
  const asker = await startMainClient(gateway.url, 'marta.reis', path.join(userData, 'asker'));
  const approver = await startMainClient(proxy.url, 'paulo.nunes', path.join(userData, 'approver'));
  const writer = openWriter(gateway);
  const lines = () => proxy.passed.filter(({ path: asked }) => asked.startsWith('/v1/events'));
  try {
    const { items } = await asker.gateway.calls.sessions.search(SessionQuery.parse({ filter: { id: '4f133' } }));
    const first = await asker.requests.create({
      key: crypto.randomUUID(),
      sessionId: items[0]?.id ?? '',
      kind: 'recording',
      justification: 'Review of the change in the night',
      reasonId: 'incident',
      governanceCode: null,
      window: { start: toInstant(Date.now()), end: toInstant(Date.now() + 4 * 3_600_000) },
    });
    await asker.stop();
    await until('the first of them', () => approver.told.some(({ id }) => id === first.id));
    approver.told.length = 0;
    const began = Date.now();
    const expected = new Set<string>();
    const each = Math.ceil(events / cuts);
    for (let round = 0; round < cuts; round += 1) {
      // Every second time the line breaks in the midst of what it carries, wherever that is.
      if (round % 2 === 0)
        proxy.faultOnce(/^\/v1\/events/, { kind: 'cut', after: 200 + Math.floor(Math.random() * each * 1500) });
      const before = lines().length;
      for (const id of writer.copy(first.id, each)) expected.add(id);
      proxy.cut(/^\/v1\/events/);
      if (round === Math.floor(cuts / 2)) {
        await gateway.kill9();
        await gateway.restart();
      }
      // Nobody waits for the pause between two tries.
      await until('the line to be up again', () => {
        if (approver.line() === 'offline') approver.retryNow();
        return lines().length > before && lines().at(-1)?.status === 200;
      });
    }
    await until(
      'the last of them',
      () => {
        if (approver.line() === 'offline') approver.retryNow();
        return new Set(approver.told.map(({ id }) => id)).size >= expected.size;
      },
      300_000,
    );
    const tookMs = Date.now() - began;
    const told = approver.told.map(({ id }) => id);
    expect(new Set(told)).toEqual(expected);
    expect(told.length, 'none is told twice').toBe(expected.size);
    expect(await approver.requests.counts()).toEqual({ waiting: expected.size + 1 });
    return { tookMs, connections: lines().length };
  } finally {
    writer.close();
    await approver.stop();
    await proxy.stop();
    await gateway.remove();
    rmSync(userData, { recursive: true, force: true });
  }
}
