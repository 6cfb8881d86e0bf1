import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventName } from '../../contract/events.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { toInstant } from '../../contract/time.ts';
import type { ViewingEnd } from '../../contract/viewing.ts';
import { createGateway, type Gateway } from '../../main/gateway/client.ts';
import { createClock } from '../../main/gateway/clock.ts';
import { answerMedia } from '../../main/viewing/media-protocol.ts';
import { createViewings, type Viewings } from '../../main/viewing/viewings.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/processes.ts';
import { memoryReceiptLog } from '../support/receipt-log.ts';

let gateway: TestGateway;
let origin: Server;
let folder: string;
/** Answers of the origin that are still being sent. */
const open = new Set<ServerResponse>();
let served = 0;
let bytes = 0;

/** An origin: a playlist, segments that end, one that never does, one that is missing, a playlist that points elsewhere. */
function startOrigin(): Promise<string> {
  origin = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    served += 1;
    open.add(response);
    response.once('close', () => open.delete(response));
    if (name === 'index.m3u8') response.end('#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nseg.m4s\n#EXT-X-ENDLIST\n');
    else if (name === 'elsewhere.m3u8') response.end('#EXTM3U\n#EXTINF:4,\nhttps://evil.example/seg.m4s\n');
    else if (name === 'seg.m4s')
      response.setHeader('content-type', 'video/iso.segment').setHeader('set-cookie', 'a=b').end(Buffer.alloc(200_000));
    else if (name === 'endless.m4s') {
      const chunk = Buffer.alloc(16_384);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) bytes += chunk.length;
      };
      response.on('drain', more);
      more();
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) =>
    origin.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(origin.address() as AddressInfo).port}/`)),
  );
}

async function client(userName: string): Promise<Gateway> {
  const clock = createClock();
  let token: string | null = null;
  const made = createGateway({
    address: gateway.url,
    fetch: (url, init) => fetch(url, init),
    certificates: () => null,
    credentials: { accessToken: async () => token, renew: async () => undefined },
    clock,
  });
  token = (await made.calls.identity.signIn({ userName, password: 'demo-oversight' })).accessToken;
  return made;
}

type Told = { name: EventName; payload: unknown };
function viewingsOf(of: Gateway): { viewings: Viewings; told: Told[]; ends: () => ViewingEnd[] } {
  const told: Told[] = [];
  const viewings = createViewings({
    gateway: () => of,
    clock: { now: () => Date.now() },
    viewer: () => 'somebody',
    receiptLog: memoryReceiptLog(),
    signer: () => async () => true,
    report: (error) => {
      throw error;
    },
    openView: () => ({ lay: () => undefined, focus: () => undefined, chooseFile: async () => null, destroy: () => undefined }),
    positions: { get: async () => null, put: () => undefined },
    savePicture: async () => undefined,
    showMain: () => undefined,
    lead: () => undefined,
    publish: (name, payload) => told.push({ name, payload }),
  });
  return {
    viewings,
    told,
    ends: () => told.filter(({ name }) => name === 'viewing-ended').map(({ payload }) => (payload as { end: ViewingEnd }).end),
  };
}

/** Does what the player page does: loads `media://<lease>/<name>`. */
async function load(viewings: Viewings, viewingId: string, name: string): Promise<Response> {
  const { source } = await viewings.current(viewingId);
  return answerMedia(
    { url: source.replace('index.m3u8', name), method: 'GET', headers: new Headers() },
    viewings.media(viewingId),
  );
}

async function grant(asker: Gateway, approver: Gateway, sessionId: string, windowMs: number): Promise<AccessRequest> {
  const { reasons } = await asker.calls.policy();
  const request = await asker.calls.requests.create({
    key: randomUUID(),
    sessionId,
    kind: 'recording',
    justification: 'Review of the change in the night',
    reasonId: reasons[0]?.id ?? '',
    governanceCode: 'CHG-0001',
    window: { start: toInstant(Date.now()), end: toInstant(Date.now() + windowMs) },
  });
  return approver.calls.requests.decide({
    key: randomUUID(),
    id: request.id,
    version: request.version,
    verdict: 'approve',
    comment: '',
  });
}

beforeAll(async () => {
  gateway = await startGateway();
  folder = await mkdtemp(path.join(tmpdir(), 'oversight-viewing-'));
  const url = await startOrigin();
  for (const id of ['watched', 'asked-1', 'asked-2']) {
    const file = path.join(folder, `${id}.json`);
    const session = {
      id,
      user: 'akim',
      credential: 'root',
      device: 'web-1',
      originIp: '10.4.1.80',
      protocol: 'SSH',
      startedAt: toInstant(Date.now() - 3_600_000),
      durationMs: 60_000,
      state: 'recorded',
      route: 'Infrastructure approvers',
      events: [{ atMs: 41_000, type: 'command', text: 'sudo -i' }],
      recording: { type: 'origin', url },
    };
    await writeFile(file, JSON.stringify(session));
    await gateway.command('session', 'add', file);
  }
});

afterAll(async () => {
  origin?.closeAllConnections();
  origin?.close();
  await gateway?.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('a viewing against the real gateway', () => {
  it('plays through the media protocol, with what happened in the session', async () => {
    const { viewings } = viewingsOf(await client('clara.nogueira'));
    const { viewingId } = await viewings.open('watched', 'recording');
    const viewing = await viewings.current(viewingId);
    expect([viewing.session.id, viewing.requestId, viewing.events.map((event) => event.text)]).toEqual([
      'watched',
      null,
      ['sudo -i'],
    ]);
    expect(await (await load(viewings, viewingId, 'index.m3u8')).text()).toContain('seg.m4s');
    const segment = await load(viewings, viewingId, 'seg.m4s');
    expect([segment.status, segment.headers.get('set-cookie'), (await segment.arrayBuffer()).byteLength]).toEqual([
      200,
      null,
      200_000,
    ]);
    await viewings.closeAll('closed');
  });

  it('says what is missing and what points elsewhere', async () => {
    const { viewings } = viewingsOf(await client('clara.nogueira'));
    const { viewingId } = await viewings.open('watched', 'recording');
    const why = async (name: string) => (await load(viewings, viewingId, name)).headers.get('x-oversight-failure');
    expect([await why('gone.m4s'), await why('elsewhere.m3u8')]).toEqual(['missing', 'elsewhere']);
    await viewings.closeAll('closed');
  });

  it('lets go of the source within milliseconds when the page does', async () => {
    const { viewings } = viewingsOf(await client('clara.nogueira'));
    const { viewingId } = await viewings.open('watched', 'recording');
    const took: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const reader = (await load(viewings, viewingId, 'endless.m4s')).body?.getReader();
      await reader?.read();
      expect(open.size).toBe(1);
      const canceled = performance.now();
      await reader?.cancel();
      await until('the source to be let go of', () => open.size === 0, 60_000, 1);
      took.push(performance.now() - canceled);
    }
    expect(took.sort((a, b) => a - b)[5]).toBeLessThan(100);
    await viewings.closeAll('closed');
  });

  it('leaves nothing open after a thousand requests that were given up', async () => {
    const { viewings } = viewingsOf(await client('clara.nogueira'));
    const { viewingId } = await viewings.open('watched', 'recording');
    const before = served;
    for (let round = 0; round < 100; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const response = await load(viewings, viewingId, 'endless.m4s');
          expect(response.status).toBe(200);
          const reader = response.body?.getReader();
          if (index % 2 === 0) await reader?.read();
          await reader?.cancel();
        }),
      );
    }
    expect(served - before).toBe(1_000);
    await until('nothing is open', () => open.size === 0);
    await viewings.closeAll('closed');
  });

  it('a revocation ends it: streams are cut, nothing is served any more, and it is said by whom and why', async () => {
    const [asker, approver] = await Promise.all([client('marta.reis'), client('paulo.nunes')]);
    const granted = await grant(asker, approver, 'asked-1', 600_000);
    const { viewings, ends } = viewingsOf(asker);
    const { viewingId } = await viewings.open('asked-1', 'recording');
    expect((await viewings.current(viewingId)).accessEnd).toBe(granted.window.end);
    const stop = new AbortController();
    const heard = (async () => {
      for await (const event of await asker.calls.events(undefined, { signal: stop.signal })) viewings.heard(event);
    })().catch(() => undefined);
    const reader = (await load(viewings, viewingId, 'endless.m4s')).body?.getReader();
    const playing = (async () => {
      while (!(await reader?.read())?.done);
    })().catch(() => undefined);
    await until('it plays', () => bytes > 1_000_000);

    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'wrong ticket' });
    await until('it has ended', () => ends().length > 0);
    await playing;
    expect(ends()).toMatchObject([{ why: 'revoked', by: 'Paulo Nunes', comment: 'wrong ticket' }]);
    const before = served;
    expect((await load(viewings, viewingId, 'seg.m4s')).headers.get('x-oversight-failure')).toBe('lease-over');
    expect([served - before, open.size]).toEqual([0, 0]);
    await expect(viewings.open('asked-1', 'recording')).rejects.toThrow();
    stop.abort();
    await heard;
    await viewings.closeAll('closed');
  });

  it('without the push, the gateway’s refusal of a file ends it too', async () => {
    const [asker, approver] = await Promise.all([client('marta.reis'), client('paulo.nunes')]);
    const granted = await grant(asker, approver, 'asked-2', 600_000);
    const { viewings, ends } = viewingsOf(asker);
    const { viewingId } = await viewings.open('asked-2', 'recording');
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'over' });
    const refused = await load(viewings, viewingId, 'seg.m4s');
    expect(refused.headers.get('x-oversight-failure')).toBe('lease-over');
    await until('it has ended', () => ends().length > 0);
    expect(ends()).toMatchObject([{ why: 'revoked', comment: 'over' }]);
    await viewings.closeAll('closed');
  });

  it('a lease is refused to who may not watch', async () => {
    const { viewings } = viewingsOf(await client('bruno.lima'));
    await expect(viewings.open('watched', 'recording')).rejects.toThrow('PERMISSION_MISSING');
  });

  it('a signed-out person’s viewing is over', async () => {
    const { viewings, ends } = viewingsOf(await client('clara.nogueira'));
    const { viewingId } = await viewings.open('watched', 'recording');
    const { source } = await viewings.current(viewingId);
    const access = viewings.media(viewingId);
    await viewings.closeAll('signed-out');
    expect(ends()).toMatchObject([{ why: 'signed-out' }]);
    const response = await answerMedia({ url: source, method: 'GET', headers: new Headers() }, access);
    expect(response.headers.get('x-oversight-failure')).toBe('lease-over');
  });
});
