import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionDetails, SessionPage } from '../../contract/session.ts';
import type { Lease } from '../../contract/viewing.ts';
import { recordSession } from '../../gateway/session-changes.ts';
import { SessionFile } from '../../gateway/session-file.ts';
import { openDatabase } from '../../gateway/store/database.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type HttpPerson, httpSignIn } from '../support/http.ts';
import { type LowLatencyOrigin, startLowLatencyOrigin } from '../support/low-latency-origin.ts';
import { until } from '../support/processes.ts';

let gateway: TestGateway;
let person: HttpPerson;
let folder: string;

const session = (id: string, more: object) => ({
  id,
  user: 'jsouza',
  credential: 'root',
  device: 'web-07',
  originIp: '10.4.1.22',
  protocol: 'SSH',
  startedAt: new Date(Date.now() - 60_000).toISOString(),
  durationMs: null,
  state: 'live',
  route: 'Infrastructure approvers',
  ...more,
});

async function add(id: string, more: object): Promise<void> {
  const file = path.join(folder, `${id}.json`);
  await writeFile(file, JSON.stringify(session(id, more)));
  await gateway.command('session', 'add', file);
}

async function lease(sessionId: string, kind = 'livestream'): Promise<Lease> {
  const { status, body } = await person.post<Lease>('/v1/viewings', { sessionId, kind });
  expect(status).toBe(200);
  return body;
}

const media = (leaseId: string, name: string, init: RequestInit = {}) =>
  fetch(`${gateway.url}/v1/media/${leaseId}/${name}`, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${person.accessToken}` },
  });

beforeAll(async () => {
  gateway = await startGateway();
  folder = await mkdtemp(path.join(tmpdir(), 'oversight-live-'));
  // Clara is an operator: she watches at once.
  person = await httpSignIn(gateway.url, 'clara.nogueira');
});
afterAll(async () => {
  await gateway?.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('an origin of low-latency HLS behind the gateway', () => {
  let origin: LowLatencyOrigin;
  let leaseId: string;
  beforeAll(async () => {
    origin = await startLowLatencyOrigin();
    await add('latency-1', { livestream: { type: 'origin', url: origin.url } });
    ({ leaseId } = await lease('latency-1'));
  });
  afterAll(() => origin?.stop());

  const numberOfParts = (text: string) => [...text.matchAll(/#EXT-X-PART:/g)].length;
  const lastPart = (text: string) => /part-(\d+)-(\d+)\.m4s"\n$/.exec(text)?.slice(1).map(Number) ?? [];

  it('passes a blocking reload on, and its answer as soon as the part is there', async () => {
    const [segment = 0, part = 0] = lastPart(await (await media(leaseId, 'index.m3u8')).text());
    const wanted = segment * 5 + part + 3;
    const asked = Date.now();
    const answer = await media(leaseId, `index.m3u8?_HLS_msn=${Math.floor(wanted / 5)}&_HLS_part=${wanted % 5}`);
    const text = await answer.text();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(text).toContain(`part-${Math.floor(wanted / 5)}-${wanted % 5}.m4s`);
    expect(numberOfParts(text)).toBeGreaterThan(5);
    expect(Date.now() - asked).toBeGreaterThan(250);
    expect(origin.asked.at(-1)).toBe(`/index.m3u8?_HLS_msn=${Math.floor(wanted / 5)}&_HLS_part=${wanted % 5}`);
  });

  it.each(['_HLS_msn=x', '_HLS_msn=1&token=2', 'a=b', '_HLS_msn=1&_HLS_msn=2', '_HLS_msn=-1', '_HLS_skip=NO'])(
    'asks its origin nothing for %s',
    async (query) => {
      const before = origin.asked.length;
      const answer = await media(leaseId, `index.m3u8?${query}`);
      expect(answer.status).toBe(400);
      expect(origin.asked.length).toBe(before);
    },
  );

  it('sends nothing to who waited for it while the viewing ended', async () => {
    const { leaseId: waiting, viewingId } = await lease('latency-1');
    const wanted = (lastPart(await (await media(waiting, 'index.m3u8')).text())[0] ?? 0) + 2;
    const answer = media(waiting, `index.m3u8?_HLS_msn=${wanted}`);
    await until('the origin to be asked', () => origin.asked.at(-1)?.includes(`=${wanted}`));
    await person.post(`/v1/viewings/${viewingId}/end`, {});
    expect((await answer).status).toBeGreaterThanOrEqual(400);
    await until('the origin to be let go', () => origin.blocked() === 0);
  });

  it('lets the origin go when the client goes', async () => {
    const stop = new AbortController();
    const answer = media(leaseId, 'index.m3u8?_HLS_msn=100000', { signal: stop.signal }).catch(() => null);
    await until('the origin to be asked', () => origin.asked.at(-1)?.includes('100000'));
    expect(origin.blocked()).toBe(1);
    stop.abort();
    await answer;
    await until('the origin to be let go', () => origin.blocked() === 0);
  });
});

describe('an origin that misbehaves', () => {
  let server: Server;
  let url: string;
  const open = new Set<ServerResponse>();
  beforeAll(async () => {
    server = createServer((request, response) => {
      open.add(response);
      response.once('close', () => open.delete(response));
      if (request.url === '/camera.m3u8') response.end('#EXTM3U\n#EXTINF:1,\ncamera-0.ts\n');
      else if (request.url === '/slow.ts') response.write('first');
      else if (request.url === '/elsewhere.ts') response.writeHead(302, { location: '/camera.m3u8' }).end();
      else if (request.url === '/broken.ts') response.writeHead(500).end();
      else if (request.url !== '/silent.ts') response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await add('origin-1', { livestream: { type: 'origin', url, playlist: 'camera.m3u8' } });
  });
  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const code = async (name: string) => {
    const { leaseId } = await lease('origin-1');
    const answer = await media(leaseId, name);
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };

  it('answers index.m3u8 with the playlist that the source names', async () => {
    const { leaseId } = await lease('origin-1');
    expect(await (await media(leaseId, 'index.m3u8')).text()).toContain('camera-0.ts');
  });
  it('tells what is missing from what does not answer', async () => {
    expect(await code('nothing.ts')).toEqual([404, 'MEDIA_MISSING']);
    expect(await code('broken.ts')).toEqual([502, 'SOURCE_UNREACHABLE']);
    expect(await code('elsewhere.ts')).toEqual([502, 'SOURCE_UNREACHABLE']);
  });
  it('tells silence apart, and does not wait for it for ever', async () => {
    expect(await code('silent.ts')).toEqual([504, 'SOURCE_STALLED']);
    await until('the origin to be let go', () => open.size === 0);
  }, 30_000);
  it('sends what comes as it comes, and cuts it when the viewing ends', async () => {
    const { leaseId, viewingId } = await lease('origin-1');
    const answer = await media(leaseId, 'slow.ts');
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
    const rest = reader?.read().then(
      () => 'more',
      () => 'cut',
    );
    await person.post(`/v1/viewings/${viewingId}/end`, {});
    expect(await rest).toBe('cut');
    await until('the origin to be let go', () => open.size === 0);
  });
});

describe('a session that ends', () => {
  const stateOf = async (id: string) => (await person.get<SessionDetails>(`/v1/sessions/${id}`)).body.session;

  it('is converting, its stream is over, and is recorded when its recording is there', async () => {
    await add('ending-1', { livestream: { type: 'live-folder', path: folder } });
    await writeFile(path.join(folder, 'index.m3u8'), '#EXTM3U\n#EXTINF:1,\na.ts\n');
    const { leaseId } = await lease('ending-1');
    expect((await media(leaseId, 'index.m3u8')).status).toBe(200);
    await gateway.command('session', 'end', 'ending-1');
    const answer = await media(leaseId, 'index.m3u8');
    expect(await answer.json()).toMatchObject({ code: expect.stringMatching(/NOT_LIVE|LEASE_OVER/) });
    expect(await stateOf('ending-1')).toMatchObject({ state: 'converting', durationMs: expect.any(Number) });
    await expect(gateway.command('session', 'end', 'ending-1')).rejects.toThrow('is not running: it is converting');
  });

  it('may have its recording at once', async () => {
    const recording = path.join(folder, 'recording');
    await mkdir(recording);
    await add('ending-2', {});
    await expect(gateway.command('session', 'end', 'ending-2', '--recording', recording)).rejects.toThrow('no index.m3u8');
    await writeFile(path.join(recording, 'index.m3u8'), '#EXTM3U\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n');
    await gateway.command('session', 'end', 'ending-2', '--recording', recording);
    expect(await stateOf('ending-2')).toMatchObject({ state: 'recorded', access: { recording: { state: 'direct' } } });
    const { leaseId } = await lease('ending-2', 'recording');
    expect((await media(leaseId, 'index.m3u8')).status).toBe(200);
  });

  it('is given what an import made of it, and so is one that was not there', async () => {
    await add('ending-4', {});
    const db = await openDatabase(gateway.dataDir);
    const file = (id: string) => SessionFile.parse(session(id, { durationMs: 60_000, state: 'recorded' }));
    const made = { type: 'folder' as const, path: folder };
    expect(await recordSession(db, file('ending-4'), made, Date.now())).toBe(true);
    expect(await recordSession(db, file('ending-4'), made, Date.now())).toBe(false);
    expect(await recordSession(db, file('ending-5'), made, Date.now())).toBe(true);
    await db.destroy();
    for (const id of ['ending-4', 'ending-5']) expect(await stateOf(id)).toMatchObject({ state: 'recorded' });
  });

  it('takes more events while it runs, counts them and finds them', async () => {
    await add('ending-3', { events: [{ atMs: 1000, type: 'command', text: 'first words' }] });
    const file = path.join(folder, 'events.json');
    await writeFile(file, JSON.stringify([{ atMs: 2000, type: 'command', text: 'systemctl restart quibble' }]));
    await gateway.command('session', 'events', 'ending-3', file);
    const { body } = await person.get<SessionDetails>('/v1/sessions/ending-3');
    expect(body.session.commandCount).toBe(2);
    for (const text of ['quibble', 'first words']) {
      const found = await person.post<SessionPage>('/v1/sessions/search', { filter: { text } });
      expect(found.body.items.map(({ id }) => id)).toContain('ending-3');
    }
  });
});
