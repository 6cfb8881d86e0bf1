import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../contract/request.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { httpSignIn, newRequest } from '../support/http.ts';
import { type MainClient, startMainClient } from '../support/main-client.ts';
import { openWriter, type Writer } from '../support/many-requests.ts';
import { grant, personAt } from '../support/people.ts';
import { until } from '../support/processes.ts';

let gateway: TestGateway;
let proxy: FaultProxy;
let writer: Writer;
let userData: string;
let clients: MainClient[];

async function client(userName: string, url = proxy.url): Promise<MainClient> {
  const one = await startMainClient(url, userName, userData);
  clients.push(one);
  return one;
}
const count = async ({ archive }: MainClient) =>
  (
    await archive.call('history.count', {
      query: { filter: {}, sort: { by: 'createdAt', direction: 'desc' } },
      nowMs: Date.now(),
    })
  ).total;
const stateOf = ({ archive }: MainClient) => archive.call('changes.state', {});
const complete = (of: MainClient) => until('the first reading to be whole', async () => (await stateOf(of)).complete, 60_000, 20);

/** A request of Marta's, from the other side. */
async function asked(sessionId = '4f133'): Promise<AccessRequest> {
  const marta = await httpSignIn(gateway.url, 'marta.reis');
  return (await marta.post<AccessRequest>('/v1/requests', newRequest(sessionId))).body;
}

/** Every byte of the files in a folder. */
const bytesIn = (folder: string) =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [readFileSync(path.join(entry.parentPath, entry.name))] : [],
    ),
  );

/** The open archive of a client, by another hand that has the key. */
function otherHand(): Sqlite.Database {
  const folder = path.join(userData, 'archive');
  const file = readdirSync(folder).find((name) => name.endsWith('.archive')) ?? '';
  const db = new Sqlite(path.join(folder, file));
  db.pragma("cipher='sqlcipher'");
  db.pragma(`key="x'${Buffer.alloc(32, 5).toString('hex')}'"`);
  db.pragma('busy_timeout = 5000');
  return db;
}

beforeEach(async () => {
  gateway = await startGateway();
  proxy = await startFaultProxy(gateway.url);
  writer = openWriter(gateway);
  userData = mkdtempSync(path.join(tmpdir(), 'oversight-sync-'));
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((one) => one.stop()));
  writer.close();
  await proxy.stop();
  await gateway.remove();
  rmSync(userData, { recursive: true, force: true });
});

describe('the synchronisation', () => {
  it('reads 10,000 changes with progress, and after cuts and a kill in the middle every one is there once', async () => {
    const first = await asked();
    writer.copy(first.id, 10_000);
    for (const after of [0, 1_000, 40_000, 100_000]) proxy.faultOnce(/\/v1\/changes/, { kind: 'cut', after });
    proxy.faultOnce(/\/v1\/changes/, { kind: 'garbage' });
    const one = await client('paulo.nunes');
    await until('some of it', async () => (await count(one)) > 2_000, 60_000, 5);
    const cut = await stateOf(one);
    expect(cut).toMatchObject({ complete: false, cursor: expect.any(String) });
    await one.stop();
    clients = [];
    const again = await client('paulo.nunes');
    await complete(again);
    expect(await count(again)).toBe(10_001);
    // It went on where it was; it did not begin anew.
    expect(again.progress.at(0)).toMatchObject({ state: 'reading', total: expect.any(Number) });
    const total = again.progress.flatMap((at) => (at.state === 'reading' ? [at.total ?? 0] : []))[0] ?? 0;
    expect(total).toBeLessThan(9_000);
    expect(again.progress.at(-1)).toEqual({ state: 'idle' });
    await again.record.check.idle();
    expect(again.notices).toEqual([]);
    expect(await again.history.get(first.id)).toMatchObject({ request: { id: first.id }, confirmation: 'confirmed' });
  }, 120_000);

  it('hears of what others watch, also of how it ends elsewhere, and confirms it', async () => {
    const one = await client('paulo.nunes');
    await complete(one);
    const [marta, paulo] = await Promise.all([personAt(gateway, 'marta.reis'), personAt(gateway, 'paulo.nunes')]);
    const request = await grant(marta, paulo, { sessionId: '4f133', windowMs: 3_600_000 });
    const watchedBy = async () => (await one.history.get(request.id)).viewings.map(({ viewer, why }) => [viewer.userName, why]);
    const confirmation = async () => (await one.history.get(request.id)).confirmation;
    await until('the request', async () => (await count(one)) === 1, 60_000, 20);
    const { viewingId } = await marta.calls.viewings.start({ sessionId: '4f133', kind: 'recording' });
    await until('who watches', async () => (await watchedBy()).length === 1, 60_000, 20);
    expect(await watchedBy()).toEqual([['marta.reis', null]]);
    await marta.calls.viewings.end({ id: viewingId });
    await until('its end', async () => (await watchedBy())[0]?.[1] === 'closed', 60_000, 20);
    // Not only who watches ends a viewing: this one is revoked by another.
    const again = await marta.calls.viewings.start({ sessionId: '4f133', kind: 'recording' });
    await until('who watches again', async () => (await watchedBy()).length === 2, 60_000, 20);
    const { version } = await paulo.calls.requests.get({ id: request.id });
    await paulo.calls.requests.revoke({ id: request.id, version, comment: 'Enough was seen' });
    await until('its revocation', async () => (await watchedBy())[1]?.[1] === 'revoked', 60_000, 20);
    expect(again.viewingId).not.toBe(viewingId);
    await until('the gateway’s signature', async () => (await confirmation()) === 'confirmed', 60_000, 20);
    await one.record.check.idle();
    expect(one.notices).toEqual([]);
    expect(one.errors).toEqual([]);
  }, 60_000);

  it('takes away what somebody may not see any more, and brings it back with the right', async () => {
    const made = await asked();
    const one = await client('jsouza');
    await complete(one);
    expect(await count(one)).toBe(1);
    await gateway.command('group', 'remove', 'Infrastructure approvers', 'jsouza');
    await until('it to be gone', async () => (await count(one)) === 0, 60_000, 20);
    expect(one.removed).toContain(made.id);
    await gateway.command('group', 'add', 'Infrastructure approvers', 'jsouza');
    await until('it to be back', async () => (await count(one)) === 1, 60_000, 20);
    await one.record.check.idle();
    expect(one.notices).toEqual([]);
  }, 60_000);

  it('keeps nothing for longer than the policy allows, nor takes it in', async () => {
    const made = await asked();
    const marta = await httpSignIn(gateway.url, 'marta.reis');
    await marta.post(`/v1/requests/${made.id}/cancel`, { id: made.id, version: made.version });
    const db = new Sqlite(path.join(gateway.dataDir, 'gateway.sqlite'));
    const long = 30 * 24 * 3_600_000;
    db.prepare(
      'update requests set created_at = created_at - @long, deadline = deadline - @long, state_at = state_at - @long where id = @id',
    ).run({ long, id: made.id });
    db.close();
    const one = await client('paulo.nunes');
    await complete(one);
    expect(await count(one)).toBe(1);
    await gateway.command('policy', 'set', 'retentionDays=7');
    await until('it to be gone', async () => (await count(one)) === 0, 60_000, 20);
    const other = await client('jsouza');
    await complete(other);
    expect(await count(other)).toBe(0);
    await gateway.command('policy', 'set', 'retentionDays=90');
    await until('it to be back', async () => (await count(one)) === 1, 60_000, 20);
    await one.record.check.idle();
    expect(one.notices).toEqual([]);
  }, 60_000);
});

describe('what the policy wants on no disk', () => {
  it('never gets there, is shown while the gateway can be asked, and is said to be missing when it cannot', async () => {
    await gateway.command('policy', 'set', 'notKept=["justification","comments"]');
    const made = await asked();
    const one = await client('paulo.nunes');
    await complete(one);
    await one.requests.decide({
      key: crypto.randomUUID(),
      id: made.id,
      version: made.version,
      verdict: 'reject',
      comment: 'A comment of the canary',
    });
    await until('the seal', async () => (await one.history.get(made.id)).confirmation === 'confirmed', 60_000, 20);
    const kept = await one.archive.call('requests.get', { id: made.id });
    expect(kept.request).toMatchObject({
      justification: '',
      state: { status: 'rejected', comment: '' },
      decisions: [{ comment: '' }],
    });
    expect(await one.history.get(made.id)).toMatchObject({
      request: { justification: made.justification, state: { comment: 'A comment of the canary' } },
      notKept: [],
    });
    expect((await one.requests.get(made.id)).justification).toBe(made.justification);
    expect((await one.requests.list({ scope: 'all', limit: 10 })).items[0]?.justification).toBe(made.justification);
    await gateway.stop();
    await until('the line to be down', () => one.line() === 'offline', 60_000, 5);
    expect(await one.history.get(made.id)).toMatchObject({
      request: { justification: '' },
      notKept: ['justification', 'comments'],
    });
    const db = otherHand();
    const text =
      JSON.stringify(db.prepare('select json from requests').all()) +
      JSON.stringify(db.prepare('select words from requests_text').all());
    db.close();
    expect(text).not.toContain('canary');
    expect(text).not.toContain(made.justification);
    expect(bytesIn(userData).includes(made.justification)).toBe(false);
  }, 60_000);

  it('is taken out when the policy comes to want it, also of what was only seen', async () => {
    const made = await asked();
    const one = await client('paulo.nunes');
    await complete(one);
    const page = await one.sessions.page({ filter: {}, sort: { by: 'startedAt', direction: 'desc' }, limit: 50 });
    const seen = page.items.find(({ id, originIp }) => id !== made.session.id && originIp !== '');
    const ipOf = async () => (await one.archive.call('sessions.get', { id: seen?.id ?? '' })).session?.originIp;
    await until('the session', async () => (await ipOf()) === seen?.originIp, 60_000, 20);
    expect((await one.archive.call('requests.get', { id: made.id })).request?.justification).toBe(made.justification);
    await gateway.command('policy', 'set', 'notKept=["justification","originIp"]');
    await until(
      'it to be out',
      async () =>
        (await one.archive.call('requests.get', { id: made.id })).request?.justification === '' && (await ipOf()) === '',
      60_000,
      20,
    );
    await one.record.check.idle();
    expect(one.notices).toEqual([]);
  }, 60_000);
});

describe('an archive that somebody has changed', () => {
  it('is found out by itself, said, and read anew', async () => {
    const made = await asked();
    const one = await client('paulo.nunes');
    await complete(one);
    await one.record.check.idle();
    await one.stop();
    clients = [];
    const db = otherHand();
    db.prepare(`update requests set json = json_set(json, '$.justification', 'Never said'), version = 99 where id = ?`).run(
      made.id,
    );
    db.close();
    const again = await client('paulo.nunes');
    await until('it to be said', () => again.notices.includes('archive-contradicted'), 60_000, 20);
    await until(
      'it to be right again',
      async () => (await again.archive.call('requests.get', { id: made.id })).request?.justification === made.justification,
      60_000,
      20,
    );
    await until('the seal', async () => (await again.history.get(made.id)).confirmation === 'confirmed', 60_000, 20);
  }, 60_000);
});
