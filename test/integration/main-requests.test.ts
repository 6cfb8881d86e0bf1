import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../../contract/failure.ts';
import type { NewRequest } from '../../contract/request.ts';
import { SessionQuery } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type MainClient, startMainClient } from '../support/main-client.ts';
import { until } from '../support/processes.ts';
import { sampleDraft } from '../support/samples.ts';

let gateway: TestGateway;
let userData: string;

type Client = MainClient;
let clients: Client[] = [];

async function client(userName: string): Promise<Client> {
  const one = await startMainClient(gateway.url, userName, userData);
  clients.push(one);
  return one;
}

async function newRequest(of: Client, sessionId: string): Promise<NewRequest> {
  const { reasons } = await of.requests.policy();
  return {
    key: randomUUID(),
    sessionId,
    kind: 'recording',
    justification: 'Review of the change in the night',
    reasonId: reasons[0]?.id ?? '',
    governanceCode: 'CHG-0001',
    window: { start: toInstant(Date.now()), end: toInstant(Date.now() + 600_000) },
  };
}

/** Sessions that a person may ask to watch, each for one test. */
async function askable(of: Client): Promise<string> {
  const { items } = await of.gateway.calls.sessions.search(SessionQuery.parse({ filter: { states: ['recorded'] }, limit: 200 }));
  const found = items.find((session) => session.access.recording.state === 'ask' && !used.has(session.id));
  used.add(found?.id ?? '');
  return found?.id ?? fail('NOT_FOUND', { what: 'session' });
}
const used = new Set<string>();

const ids = async (of: Client, scope: 'mine' | 'waiting' | 'decided' | 'all') =>
  (await of.requests.list({ scope, limit: 500 })).items.map(({ id }) => id);

beforeAll(async () => {
  gateway = await startGateway();
  userData = mkdtempSync(path.join(tmpdir(), 'oversight-requests-'));
});
afterEach(async () => {
  await Promise.all(clients.map((one) => one.stop()));
  clients = [];
});
afterAll(async () => {
  await gateway.remove();
  rmSync(userData, { recursive: true, force: true });
});

describe('requests, from one person to the other', () => {
  it('are in both archives as they change, without asking', async () => {
    const asker = await client('marta.reis');
    const approver = await client('paulo.nunes');
    const input = await newRequest(asker, await askable(asker));
    await asker.drafts.put(sampleDraft({ sessionId: input.sessionId }));
    const made = await asker.requests.create(input);
    expect(await ids(asker, 'mine')).toContain(made.id);
    expect(await asker.drafts.get(input.sessionId, 'recording')).toBeNull();

    const arrived = await until('the request at the approver', () => approver.told.find(({ id }) => id === made.id), 60_000, 5);
    expect(await ids(approver, 'waiting')).toContain(made.id);
    expect(arrived.may.decide).toEqual({ allowed: true });

    const decision = { key: randomUUID(), id: made.id, version: arrived.version, verdict: 'approve', comment: 'Go on' } as const;
    expect((await approver.requests.decide(decision)).state.status).toBe('approved');
    expect(await ids(approver, 'waiting')).not.toContain(made.id);
    expect(await ids(approver, 'decided')).toContain(made.id);
    await until(
      'the approval at the requester',
      () => asker.told.some(({ id, state }) => id === made.id && state.status === 'approved'),
      60_000,
      5,
    );
    expect((await asker.requests.get(made.id)).state.status).toBe('approved');
  });

  it('that came while the client was away are there after the next start', async () => {
    const asker = await client('marta.reis');
    const approver = await client('paulo.nunes');
    await approver.stop();
    const made = await asker.requests.create(await newRequest(asker, await askable(asker)));
    const back = await client('paulo.nunes');
    await until('the synchronisation', async () => (await ids(back, 'waiting')).includes(made.id), 60_000, 5);
    expect(await back.requests.get(made.id)).toMatchObject({ version: made.version, may: { decide: { allowed: true } } });
  });
});

describe('what one may not see any more', () => {
  it('leaves the archive and the open lists at once', async () => {
    const asker = await client('marta.reis');
    const approver = await client('jsouza');
    const made = await asker.requests.create(await newRequest(asker, await askable(asker)));
    await until('the request at the approver', () => approver.told.some(({ id }) => id === made.id), 60_000, 5);
    await gateway.command('group', 'remove', 'Infrastructure approvers', 'jsouza');
    await until('the request to be gone', () => approver.removed.includes(made.id), 60_000, 5);
    expect(await ids(approver, 'all')).not.toContain(made.id);
    await gateway.command('group', 'add', 'Infrastructure approvers', 'jsouza');
    await until('it to be back', async () => (await ids(approver, 'waiting')).includes(made.id), 60_000, 5);
    await asker.requests.cancel({ id: made.id, version: made.version });
  });
});

describe('a gateway that goes away', () => {
  it('leaves lists, policy, sessions and the draft; what it comes back with is made good', async () => {
    const asker = await client('marta.reis');
    const sessionId = await askable(asker);
    const input = await newRequest(asker, sessionId);
    const before = await ids(asker, 'all');
    const query = SessionQuery.parse({ filter: { id: sessionId } });
    expect((await asker.sessions.page(query)).from).toBe('gateway');
    await asker.drafts.put(sampleDraft({ sessionId, justification: 'Half a sen' }));

    await gateway.kill9();
    await until('the line to be down', () => asker.line() === 'offline', 60_000, 10);
    expect(await ids(asker, 'all')).toEqual(before);
    expect((await asker.requests.policy()).reasons.length).toBeGreaterThan(0);
    const kept = await asker.sessions.page(query);
    expect(kept).toMatchObject({ from: 'archive', total: 1 });
    expect((await asker.sessions.get(sessionId)).session).toEqual(kept.items[0]);
    await expect(asker.requests.create(input)).rejects.toMatchObject({ failure: { code: 'UNREACHABLE' } });
    expect((await asker.drafts.get(sessionId, 'recording'))?.justification, 'what was sent').toBe(input.justification);

    await gateway.restart();
    asker.retryNow();
    await until('the line to be up', () => asker.line() === 'online', 60_000, 10);
    const made = await asker.requests.create(input);
    expect(await asker.drafts.get(sessionId, 'recording')).toBeNull();
    expect(await ids(asker, 'mine')).toContain(made.id);
  });
});
