import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../contract/events.ts';
import { fail } from '../../contract/failure.ts';
import { User } from '../../contract/identity.ts';
import type { AccessRequest, NewRequest } from '../../contract/request.ts';
import { SessionQuery } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { createArchive } from '../../main/archive/archive.ts';
import { createGateway, type Gateway } from '../../main/gateway/client.ts';
import { createClock } from '../../main/gateway/clock.ts';
import { createConnection } from '../../main/gateway/connection.ts';
import { createRequests, type RequestService } from '../../main/requests/service.ts';
import { createSessions, type SessionService } from '../../main/sessions/service.ts';
import { forkArchive } from '../support/archive-process.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/processes.ts';
import { sampleDraft } from '../support/samples.ts';

let gateway: TestGateway;
let userData: string;

/** Main's services of one signed-in person, as main makes them, without windows. */
type Client = {
  user: User;
  gateway: Gateway;
  requests: RequestService;
  sessions: SessionService;
  connection(): Connection['state'];
  retryNow(): void;
  told: AccessRequest[];
  stop(): Promise<void>;
};
let clients: Client[] = [];

async function client(userName: string): Promise<Client> {
  const clock = createClock();
  const told: AccessRequest[] = [];
  let token: string | null = null;
  const made = createGateway({
    address: gateway.url,
    fetch: (url, init) => fetch(url, init),
    certificates: () => null,
    credentials: { accessToken: async () => token, renew: async () => fail('SIGNED_OUT') },
    clock,
  });
  const given = await made.calls.identity.signIn({ userName, password: 'demo-oversight' });
  token = given.accessToken;
  const user = User.parse(given.user);
  const archive = createArchive({ userData, fork: forkArchive, report: () => '', lost: () => undefined });
  expect(await archive.open(user.accountId, Buffer.alloc(32, 5))).toEqual([]);
  const connection = createConnection(
    clock,
    () => undefined,
    () => undefined,
  );
  const publish: Parameters<typeof createRequests>[0]['publish'] = (name, payload) => {
    if (name === 'requests') told.push(...(payload as { changed: AccessRequest[] }).changed);
  };
  const requests = createRequests({ gateway: () => made, archive, clock, personId: () => user.id, publish });
  const line = () => connection.get().state;
  const sessions = createSessions({ gateway: () => made, line, archive, clock, publish, chooseFile: async () => null });
  connection.start(made, async (event) => {
    sessions.heard(event);
    await requests.heard(event);
  });
  await until('the line to the gateway', () => line() === 'online', 20_000, 10);
  const one: Client = {
    user,
    gateway: made,
    requests,
    sessions,
    connection: line,
    retryNow: connection.retryNow,
    told,
    async stop() {
      connection.stop();
      await archive.stop();
    },
  };
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
    await asker.requests.putDraft(sampleDraft({ sessionId: input.sessionId }));
    const made = await asker.requests.create(input);
    expect(await ids(asker, 'mine')).toContain(made.id);
    expect(await asker.requests.draft(input.sessionId, 'recording')).toBeNull();

    const arrived = await until('the request at the approver', () => approver.told.find(({ id }) => id === made.id), 5_000, 5);
    expect(await ids(approver, 'waiting')).toContain(made.id);
    expect(arrived.may.decide).toEqual({ allowed: true });

    const decision = { key: randomUUID(), id: made.id, version: arrived.version, verdict: 'approve', comment: 'Go on' } as const;
    expect((await approver.requests.decide(decision)).state.status).toBe('approved');
    expect(await ids(approver, 'waiting')).not.toContain(made.id);
    expect(await ids(approver, 'decided')).toContain(made.id);
    await until(
      'the approval at the requester',
      () => asker.told.some(({ id, state }) => id === made.id && state.status === 'approved'),
      5_000,
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
    await until('the synchronisation', async () => (await ids(back, 'waiting')).includes(made.id), 5_000, 5);
    expect(await back.requests.get(made.id)).toMatchObject({ version: made.version, may: { decide: { allowed: true } } });
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
    await asker.requests.putDraft(sampleDraft({ sessionId, justification: 'Half a sen' }));

    await gateway.kill9();
    await until('the line to be down', () => asker.connection() === 'offline', 20_000, 10);
    expect(await ids(asker, 'all')).toEqual(before);
    expect((await asker.requests.policy()).reasons.length).toBeGreaterThan(0);
    const kept = await asker.sessions.page(query);
    expect(kept).toMatchObject({ from: 'archive', total: 1 });
    expect((await asker.sessions.get(sessionId)).session).toEqual(kept.items[0]);
    await expect(asker.requests.create(input)).rejects.toMatchObject({ failure: { code: 'UNREACHABLE' } });
    expect((await asker.requests.draft(sessionId, 'recording'))?.justification).toBe('Half a sen');

    await gateway.restart();
    asker.retryNow();
    await until('the line to be up', () => asker.connection() === 'online', 20_000, 10);
    const made = await asker.requests.create(input);
    expect(await asker.requests.draft(sessionId, 'recording')).toBeNull();
    expect(await ids(asker, 'mine')).toContain(made.id);
  });
});
