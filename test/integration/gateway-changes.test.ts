import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewingRecord } from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { databaseFile } from '../../gateway/store/database.ts';
import type { Gateway } from '../../main/gateway/client.ts';
import { isSealed, namesOf, readFeed } from '../support/feed.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { httpCall, httpSignIn } from '../support/http.ts';
import { openWriter } from '../support/many-requests.ts';
import { addRecording, grant, personAt } from '../support/people.ts';

let gateway: TestGateway;
let folder: string;
let asker: Gateway;
let approver: Gateway;
let admin: Gateway;
let granted: AccessRequest;

beforeAll(async () => {
  gateway = await startGateway();
  folder = await mkdtemp(path.join(tmpdir(), 'oversight-changes-'));
  for (const id of ['fed', 'other']) await addRecording(gateway, id, folder, 60_000);
  [asker, approver, admin] = (await Promise.all(
    ['marta.reis', 'jsouza', 'paulo.nunes'].map((name) => personAt(gateway, name)),
  )) as [Gateway, Gateway, Gateway];
  granted = await grant(asker, approver, { sessionId: 'fed', windowMs: 3_600_000 });
});
afterAll(async () => {
  await gateway?.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('the feed of changes', () => {
  it('begins with everything that a person may see, each subject once, sealed and without a gap', async () => {
    const { receiptKey = '' } = await asker.calls.about();
    const { pages, records } = await readFeed(asker, undefined, 2);
    expect(pages.map(({ reset }) => reset)).toEqual(pages.map((_, index) => index === 0));
    expect(new Set(namesOf(records)).size).toBe(records.length);
    expect(namesOf(records)).toEqual(expect.arrayContaining([`request ${granted.id}`, 'session fed']));
    expect(namesOf(records)).not.toContain('session other');
    expect(pages.every((page) => isSealed(page, receiptKey))).toBe(true);
    expect(pages.slice(1).every(({ seal }, index) => seal.before === pages[index]?.seal.after)).toBe(true);
    const list = await asker.calls.requests.list({ scope: 'all', limit: 500 });
    expect(namesOf(records).filter((name) => name.startsWith('request'))).toHaveLength(list.items.length);
  });

  it('goes on with what has changed since, and has nothing to say when nothing has', async () => {
    const { cursor } = await readFeed(asker);
    expect((await readFeed(asker, cursor)).records).toEqual([]);
    const { viewingId } = await asker.calls.viewings.start({ sessionId: 'fed', kind: 'recording' });
    const begun = await readFeed(asker, cursor);
    expect(begun.pages[0]?.reset).toBe(false);
    expect(namesOf(begun.records)).toEqual(['session fed', `viewing ${viewingId}`]);
    expect(begun.records[0]).toMatchObject({ commands: 'sudo -i' });
    await asker.calls.viewings.snapshot({ id: viewingId, atMs: 5 });
    await asker.calls.viewings.end({ id: viewingId });
    const ended = await readFeed(asker, begun.cursor);
    expect(ended.records).toMatchObject([
      { what: 'viewing', viewing: { id: viewingId, why: 'closed', snapshots: 1, requestId: granted.id } },
    ]);
  });

  it('shows a viewing to who watched, who may see the request, and whose work it is; to nobody else', async () => {
    const watched = async (of: Gateway) =>
      (await readFeed(of)).records.flatMap((record) => (record.what === 'viewing' ? [record.viewing] : []));
    const mine: ViewingRecord[] = await watched(asker);
    expect(mine.length).toBeGreaterThan(0);
    for (const of of [approver, admin])
      expect((await watched(of)).map(({ id }) => id)).toEqual(expect.arrayContaining(mine.map(({ id }) => id)));
    const stranger = await personAt(gateway, 'rui.castro');
    expect((await watched(stranger)).filter(({ id }) => mine.some((one) => one.id === id))).toEqual([]);
  });

  it('gives the commands of a session to who may watch it now, and takes them back', async () => {
    const commands = async (of: Gateway) =>
      (await readFeed(of)).records.flatMap((record) =>
        record.what === 'session' && record.session.id === 'fed' ? [record.commands] : [],
      );
    expect(await commands(asker)).toEqual(['sudo -i']);
    expect(await commands(approver)).toEqual([null]);
    const { cursor } = await readFeed(asker);
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'That was all' });
    const { records } = await readFeed(asker, cursor);
    expect(records).toMatchObject([
      { what: 'session', commands: null },
      { what: 'request', request: { state: { status: 'revoked' } } },
    ]);
  });

  it('begins anew with other rights, with a policy that keeps less, and with a cursor that it does not know', async () => {
    const { cursor } = await readFeed(approver);
    expect((await approver.calls.changes.list({ cursor: 'made-up', limit: 10 })).reset).toBe(true);
    expect((await approver.calls.changes.list({ cursor: cursor.replace(/^\d+/, '999999999'), limit: 10 })).reset).toBe(true);
    await gateway.command('group', 'remove', 'Infrastructure approvers', 'jsouza');
    const without = await readFeed(approver, cursor);
    expect(without.pages[0]?.reset).toBe(true);
    await gateway.command('group', 'add', 'Infrastructure approvers', 'jsouza');
    expect((await readFeed(approver, without.cursor)).pages[0]?.reset).toBe(true);
    const { cursor: before } = await readFeed(asker);
    await gateway.command('policy', 'set', 'notKept=["justification","commands"]');
    const { receiptKey = '' } = await asker.calls.about();
    const { pages } = await readFeed(asker, before);
    expect(pages[0]).toMatchObject({ reset: true, seal: { notKept: ['justification', 'commands'] } });
    expect(pages.every((page) => isSealed(page, receiptKey))).toBe(true);
    await gateway.command('policy', 'set', 'notKept=[]');
  });

  it('says what was removed, and tells of a change of a session by its requests too', async () => {
    const { cursor } = await readFeed(admin);
    const db = new Sqlite(databaseFile(gateway.dataDir));
    db.prepare("update sessions set command_count = command_count + 1 where id = 'fed'").run();
    const changed = await readFeed(admin, cursor);
    expect(namesOf(changed.records)).toEqual(['session fed', `request ${granted.id}`]);
    db.pragma('foreign_keys = OFF');
    db.prepare('delete from requests where id = ?').run(granted.id);
    db.close();
    expect(namesOf((await readFeed(admin, changed.cursor)).records)).toEqual([`gone request ${granted.id}`]);
    expect(namesOf((await readFeed(admin)).records)).not.toContain(`gone request ${granted.id}`);
  });

  it('reads 10,000 changes in pages of 1,000 in seconds', async () => {
    const made = await asker.calls.requests.create({
      key: crypto.randomUUID(),
      sessionId: 'other',
      kind: 'recording',
      justification: 'Review of the change in the night',
      reasonId: 'audit',
      governanceCode: null,
      window: { start: new Date().toISOString(), end: new Date(Date.now() + 3_600_000).toISOString() },
    });
    const writer = openWriter(gateway);
    writer.copy(made.id, 10_000);
    writer.close();
    const began = performance.now();
    const { pages, records } = await readFeed(admin);
    const took = performance.now() - began;
    console.info(`${records.length} records in ${pages.length} pages: ${Math.round(took)} ms`);
    expect(records.length).toBeGreaterThan(10_000);
    expect(took).toBeLessThan(20_000);
    const stranger = await personAt(gateway, 'rui.castro');
    expect((await readFeed(stranger)).pages.length).toBeLessThanOrEqual(3);
  }, 60_000);
});

describe('an order to wipe', () => {
  it('ends the sign-ins that there are, says so to their tokens whenever they come, and to no later sign-in', async () => {
    const before = await httpSignIn(gateway.url, 'ana.prado');
    expect(JSON.parse(await gateway.command('user', 'wipe', 'ana.prado'))).toEqual({ user: 'ana.prado', signIns: 1 });
    const refused = { status: 401, body: { code: 'WIPE_ORDERED' } };
    expect(await before.get('/v1/me')).toMatchObject(refused);
    const refresh = () => httpCall(gateway.url, 'POST', '/v1/refresh', { refreshToken: before.refreshToken });
    expect(await refresh()).toMatchObject(refused);
    expect(await refresh()).toMatchObject(refused);
    const after = await httpSignIn(gateway.url, 'ana.prado');
    expect((await after.get('/v1/me')).status).toBe(200);
  });
});
