import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Events } from '../../gateway/events.ts';
import { readActor } from '../../gateway/identity/viewer.ts';
import { databaseFile, openDatabase } from '../../gateway/store/database.ts';
import { createViewings } from '../../gateway/viewings.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { addRecording, approveIt, grant, personAt } from '../support/people.ts';

let gateway: TestGateway;
let folder: string;

beforeAll(async () => {
  gateway = await startGateway();
  folder = await mkdtemp(path.join(tmpdir(), 'oversight-viewings-'));
  for (const id of ['kept', 'longer']) await addRecording(gateway, id, folder, 60_000);
});
afterAll(async () => {
  await gateway?.remove();
  await rm(folder, { recursive: true, force: true });
});

const snapshotsOf = (viewingId: string) => {
  const db = new Sqlite(databaseFile(gateway.dataDir), { readonly: true });
  try {
    return db.prepare('select at_ms, request_id from snapshots where viewing_id = ?').all(viewingId);
  } finally {
    db.close();
  }
};

describe('a snapshot at the gateway', () => {
  it('is on record once it is allowed, with the request that allows the viewing', async () => {
    const [asker, approver] = await Promise.all([personAt(gateway, 'marta.reis'), personAt(gateway, 'paulo.nunes')]);
    const granted = await grant(asker, approver, { sessionId: 'kept', windowMs: 600_000 });
    const { viewingId: id } = await asker.calls.viewings.start({ sessionId: 'kept', kind: 'recording' });
    const before = Date.now();
    const { at } = await asker.calls.viewings.snapshot({ id, atMs: 61_500 });
    expect(Math.abs(Date.parse(at) - before)).toBeLessThan(5_000);
    expect(snapshotsOf(id)).toEqual([{ at_ms: 61_500, request_id: granted.id }]);

    // Another person's viewing is none of anybody's business.
    await expect(approver.calls.viewings.snapshot({ id, atMs: 0 })).rejects.toThrow('NOT_FOUND');

    await gateway.command('policy', 'set', 'snapshotsAllowed=false');
    await expect(asker.calls.viewings.snapshot({ id, atMs: 1 })).rejects.toThrow('SNAPSHOT_NOT_ALLOWED');
    await gateway.command('policy', 'set', 'snapshotsAllowed=true');

    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'That was all' });
    await expect(asker.calls.viewings.snapshot({ id, atMs: 2 })).rejects.toThrow('REVOKED');
    expect(snapshotsOf(id)).toHaveLength(1);
  });
});

describe('a renewal', () => {
  it('moves the viewing to the request that lasts longest, and back to the one that is left', async () => {
    const [asker, approver] = await Promise.all([personAt(gateway, 'diego.alves'), personAt(gateway, 'paulo.nunes')]);
    const first = await grant(asker, approver, { sessionId: 'longer', windowMs: 60_000 });
    const lease = await asker.calls.viewings.start({ sessionId: 'longer', kind: 'recording' });
    expect([lease.requestId, lease.accessEnd]).toEqual([first.id, first.window.end]);
    const asked = await asker.calls.requests.create({
      key: crypto.randomUUID(),
      sessionId: 'longer',
      kind: 'recording',
      justification: first.justification,
      reasonId: first.reason.id,
      governanceCode: first.governanceCode,
      window: { start: new Date().toISOString(), end: new Date(Date.now() + 600_000).toISOString() },
    });
    const second = await approveIt(approver, asked);
    const renewed = await asker.calls.viewings.renew({ id: lease.viewingId });
    expect([renewed.requestId, renewed.accessEnd, renewed.leaseId]).toEqual([second.id, second.window.end, lease.leaseId]);
    await approver.calls.requests.revoke({ id: second.id, version: second.version, comment: 'Too long' });
    expect((await asker.calls.viewings.renew({ id: lease.viewingId })).requestId).toBe(first.id);
  });

  it('that meets the end of its viewing answers with the end, not with a lease', async () => {
    const db = await openDatabase(gateway.dataDir);
    const other = new Sqlite(databaseFile(gateway.dataDir));
    let atLease: (() => void) | null = null;
    let calls = 0;
    // Time is read for the last time just before the lease is written: there another process ends the viewing.
    const now = () => {
      calls += 1;
      if (calls === endAt) atLease?.();
      return Date.now();
    };
    let endAt = Number.POSITIVE_INFINITY;
    // Nobody listens: only what is written counts here.
    const events = { append: async () => undefined, wake: () => undefined } as unknown as Events;
    const viewings = createViewings(db, events, { sign: () => '', publicKey: '' }, now, async () => undefined);
    try {
      const { account_id } = await db
        .selectFrom('accounts')
        .select('id as account_id')
        .where('user_name', '=', 'clara.nogueira')
        .executeTakeFirstOrThrow();
      await personAt(gateway, 'clara.nogueira');
      const family = await db
        .selectFrom('sign_in_families')
        .select('id')
        .where('account_id', '=', account_id)
        .executeTakeFirstOrThrow();
      const actor = await readActor(db, account_id);
      if (!actor) throw new Error('nobody');
      const signIn = { actor, familyId: family.id };
      const { viewingId } = await viewings.start(signIn, 'kept', 'recording');
      calls = 0;
      await viewings.renew(signIn, viewingId);
      endAt = calls;
      calls = 0;
      const end = {
        why: 'lease-lost',
        at: new Date().toISOString(),
        by: null,
        comment: null,
        failure: { code: 'LEASE_OVER', data: {} },
      };
      atLease = () => {
        other
          .prepare('update viewings set ended_at = ?, end_json = ? where id = ?')
          .run(Date.now(), JSON.stringify(end), viewingId);
      };
      await expect(viewings.renew(signIn, viewingId)).rejects.toThrow('LEASE_OVER');
    } finally {
      other.close();
      await db.destroy();
    }
  });
});
