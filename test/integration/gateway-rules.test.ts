import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRequest, RequestPage } from '../../contract/request.ts';
import type { SessionDetails, SessionPage } from '../../contract/session.ts';
import type { Lease } from '../../contract/viewing.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type HttpPerson, httpCall, httpSignIn, newDecision, newRequest } from '../support/http.ts';
import { until } from '../support/processes.ts';

/** The rules of the workflow, each over HTTP against a real gateway: a hidden button proves nothing. */
describe('the gateway enforces the workflow', () => {
  let gateway: TestGateway;
  const people: Record<string, HttpPerson> = {};
  const by = (name: string) => people[name] as HttpPerson;

  beforeAll(async () => {
    gateway = await startGateway();
    for (const name of [
      'marta.reis',
      'marta.admin',
      'paulo.nunes',
      'ana.prado',
      'bruno.lima',
      'rui.castro',
      'clara.nogueira',
      'diego.alves',
      'helena.melo',
      'jsouza',
      'yuki.tanaka',
    ]) {
      people[name] = await httpSignIn(gateway.url, name);
    }
  });
  afterAll(() => gateway?.remove());

  const ask = async (name: string, sessionId: string, over: object = {}) =>
    (await by(name).post<AccessRequest>('/v1/requests', newRequest(sessionId, over))).body;
  const decide = (name: string, request: AccessRequest, over: object = {}) =>
    by(name).post<AccessRequest>(`/v1/requests/${request.id}/decision`, newDecision(request, over));
  const start = (name: string, sessionId: string, kind = 'recording') =>
    by(name).post<Lease>('/v1/viewings', { sessionId, kind });
  const cancel = (name: string, request: AccessRequest) =>
    by(name).post(`/v1/requests/${request.id}/cancel`, { id: request.id, version: request.version });
  const load = (name: string, lease: Lease, file: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/v1/media/${lease.leaseId}/${file}`, {
      headers: { authorization: `Bearer ${by(name).accessToken}`, ...headers },
    });

  it('role and permission, each apart (rule 2)', async () => {
    expect((await start('rui.castro', '4f1aa')).body.code).toBe('ROLE_MISSING');
    expect((await start('bruno.lima', '4f1aa')).body.code).toBe('PERMISSION_MISSING');
    expect((await start('diego.alves', '4f21c', 'livestream')).body.code).toBe('PERMISSION_MISSING');
    expect((await start('yuki.tanaka', '4f1aa')).body.code).toBe('PERMISSION_MISSING');
    expect((await start('marta.reis', '4f1aa')).body.code).toBe('APPROVAL_NEEDED');
    expect((await start('marta.reis', '4f1aa', 'livestream')).body.code).toBe('NOT_LIVE');
  });

  it('operators watch at once and need not ask (rule 3)', async () => {
    const lease = await start('clara.nogueira', '4f1aa');
    expect(lease).toMatchObject({ status: 200, body: { requestId: null, accessEnd: null } });
    expect((await by('clara.nogueira').post('/v1/requests', newRequest('4f1aa'))).body.code).toBe('APPROVAL_NOT_NEEDED');
  });

  it('what a request must say (rule 4), and who is there to decide', async () => {
    const code = async (over: object, name = 'marta.reis', id = '4f1aa') =>
      (await by(name).post('/v1/requests', newRequest(id, over))).body.code;
    expect(await code({ justification: 'short' })).toBe('JUSTIFICATION_REQUIRED');
    expect(await code({ reasonId: 'nothing' })).toBe('REASON_UNKNOWN');
    expect(await code({ window: { start: '2026-11-24T10:00:00Z', end: '2026-11-24T09:00:00Z' } })).toBe('WINDOW_INVALID');
    expect(await code({ window: { start: 'yesterday', end: 'today' } })).toBe('INVALID_INPUT');
    const { items } = (
      await by('helena.melo').post<SessionPage>('/v1/sessions/search', { filter: { device: 'sql-fin' }, limit: 50 })
    ).body;
    expect(items.length).toBeGreaterThan(0);
    const preflight = await by('helena.melo').post<{ levels: unknown[]; problem: { code: string } | null }>(
      '/v1/requests/preflight',
      { sessionId: '4f1d0', kind: 'recording', window: newRequest('4f1d0').window },
    );
    expect(preflight.body.problem).toBeNull();
  });

  it('nobody approves a request of their own, whatever account; nor one about their own session (rule 6)', async () => {
    const request = await ask('marta.reis', '4f1aa');
    expect((await decide('marta.reis', request)).body.code).toBe('SELF_APPROVAL');
    expect((await decide('marta.admin', request)).body.code).toBe('SELF_APPROVAL');
    expect((await decide('jsouza', request)).body.code).toBe('RECORDED_PERSON');
    expect((await decide('helena.melo', request)).body.code).toBe('NOT_AN_APPROVER');
    expect((await decide('diego.alves', request)).body.code).toBe('NOT_AN_APPROVER');
    expect((await by('diego.alves').get(`/v1/requests/${request.id}`)).body.code).toBe('NOT_FOUND');
    expect((await start('marta.reis', '4f1aa')).body.code).toBe('APPROVAL_NEEDED');
    await cancel('marta.reis', request);
  });

  it('a decision names the version that was seen; a rejection needs a comment; the window is never widened', async () => {
    const request = await ask('marta.reis', '4f1aa');
    expect((await decide('paulo.nunes', request, { version: 7 })).body).toMatchObject({
      code: 'STALE_VERSION',
      data: { seen: 7, current: 1 },
    });
    expect((await decide('paulo.nunes', request, { verdict: 'reject', comment: ' ' })).body.code).toBe('COMMENT_REQUIRED');
    const wider = { start: request.window.start, end: new Date(Date.parse(request.window.end) + 60_000).toISOString() };
    expect((await decide('paulo.nunes', request, { window: wider })).body.code).toBe('WINDOW_WIDENED');
    const rejected = await decide('paulo.nunes', request, { verdict: 'reject', comment: 'Not with this reason' });
    expect(rejected.body.state).toMatchObject({ status: 'rejected', comment: 'Not with this reason' });
    expect((await decide('ana.prado', rejected.body)).body.code).toBe('NOT_PENDING');
  });

  it('of decisions and a cancellation that race, exactly one wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const request = await ask('marta.reis', '4f133');
      const answers = await Promise.all([
        decide('paulo.nunes', request),
        decide('ana.prado', request, { verdict: 'reject', comment: 'no' }),
        cancel('marta.reis', request),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const { body } = await by('marta.reis').get<AccessRequest>(`/v1/requests/${request.id}`);
      if (body.state.status === 'approved')
        await by('paulo.nunes').post(`/v1/requests/${request.id}/revoke`, {
          id: request.id,
          version: body.version,
          comment: 'next',
        });
    }
  });

  it('creating is idempotent by key, also twenty at once; the key is good for nothing else', async () => {
    const input = newRequest('4f1e9');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => by('marta.reis').post<AccessRequest>('/v1/requests', input)),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const [first] = answers;
    expect((await by('marta.reis').post('/v1/requests', newRequest('4f1e9'))).body.code).toBe('ALREADY_ASKED');
    // Other words under the same key are another request: who sends them learns which one was made.
    const other = await by('marta.reis').post('/v1/requests', { ...input, justification: 'Other words than before' });
    expect([other.status, other.body.code, other.body.data]).toEqual([409, 'KEY_REUSED', { requestId: first?.body.id }]);
    if (first) await cancel('marta.reis', first.body);
  });

  it('a decision sent again counts once; the other verdict under its key is not taken for it', async () => {
    const request = await ask('marta.reis', '4f1e9');
    const decision = { key: crypto.randomUUID(), id: request.id, version: request.version, verdict: 'approve', comment: 'Go on' };
    const send = (over: object = {}) =>
      by('paulo.nunes').post<AccessRequest>(`/v1/requests/${request.id}/decision`, { ...decision, ...over });
    expect((await send()).body.state.status).toBe('approved');
    expect((await send()).body.decisions).toHaveLength(1);
    const other = await send({ verdict: 'reject', comment: 'On second thoughts, no' });
    expect([other.body.code, other.body.data]).toEqual(['KEY_REUSED', { requestId: request.id }]);
    await by('paulo.nunes').post(`/v1/requests/${request.id}/revoke`, {
      id: request.id,
      version: request.version + 1,
      comment: 'Over',
    });
  });

  it('a granted window opens the media and nobody else’s token does; Range is honoured; nothing outside is served', async () => {
    const request = await ask('marta.reis', '4f1aa');
    expect((await decide('paulo.nunes', request)).body.state.status).toBe('approved');
    const { body: lease } = await start('marta.reis', '4f1aa');
    const playlist = await (await load('marta.reis', lease, 'index.m3u8')).text();
    expect(playlist).toContain('#EXTM3U');
    const part = await load('marta.reis', lease, 'segment-000.m4s', { range: 'bytes=0-99' });
    expect([part.status, part.headers.get('content-range')?.split('/')[0], (await part.arrayBuffer()).byteLength]).toEqual([
      206,
      'bytes 0-99',
      100,
    ]);
    expect((await load('paulo.nunes', lease, 'index.m3u8')).status).toBe(403);
    for (const name of ['session.json', '../nginx-checkout/session.json', '..%2F..%2Fpackage.json', '.git/config'])
      expect((await load('marta.reis', lease, name)).status, name).toBeGreaterThanOrEqual(403);
    expect((await fetch(`${gateway.url}/v1/media/${lease.leaseId}/index.m3u8`)).status).toBe(401);
    const details = await by('marta.reis').get<SessionDetails>('/v1/sessions/4f1aa');
    expect(details.body.events?.length).toBeGreaterThan(5);
    expect((await by('diego.alves').get<SessionDetails>('/v1/sessions/4f1aa')).body.events).toBeNull();
  });

  it('revoking ends it at once, for the lease and for every renewal (rule 9)', async () => {
    const { items } = (await by('marta.reis').get<RequestPage>('/v1/requests?scope=mine')).body;
    const request = items.find((one) => one.state.status === 'approved' && one.session.id === '4f1aa') as AccessRequest;
    const { body: lease } = await start('marta.reis', '4f1aa');
    expect(
      (
        await by('diego.alves').post(`/v1/requests/${request.id}/revoke`, {
          id: request.id,
          version: request.version,
          comment: 'me',
        })
      ).body.code,
    ).toBe('NOT_A_REVOKER');
    const revoked = await by('ana.prado').post<AccessRequest>(`/v1/requests/${request.id}/revoke`, {
      id: request.id,
      version: request.version,
      comment: 'Enough',
    });
    expect(revoked.body.state).toMatchObject({ status: 'revoked', comment: 'Enough' });
    const refused = await load('marta.reis', lease, 'segment-000.m4s');
    expect(refused.status).toBe(403);
    const renewal = await by('marta.reis').post(`/v1/viewings/${lease.viewingId}/renew`, { id: lease.viewingId });
    expect(renewal.body).toMatchObject({ code: 'REVOKED', data: { by: 'Ana Prado', comment: 'Enough' } });
    expect((await start('marta.reis', '4f1aa')).body.code).toBe('REVOKED');
  });

  it('two levels: the second is told only when the first has granted, and needs other people (rule 7)', async () => {
    await gateway.command('user', 'list');
    const session = {
      id: 'two-levels',
      user: 'akim',
      credential: 'oracle',
      device: 'ora-erp',
      originIp: '10.0.0.1',
      protocol: 'Database',
      startedAt: '2026-11-20T10:00:00Z',
      durationMs: 60_000,
      state: 'recorded',
      route: 'Databases, two levels',
      recording: { type: 'folder', path: '/nowhere' },
    };
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${gateway.dataDir}/session.json`, JSON.stringify(session));
    await gateway.command('session', 'add', `${gateway.dataDir}/session.json`);
    const request = await ask('marta.reis', 'two-levels');
    expect(request.levels.map((level) => level.group.name)).toEqual(['Database owners', 'Security']);
    // Paulo is in Security alone, but a PAM Administrator too: he may see it, and may not decide it yet.
    expect((await decide('paulo.nunes', request)).body.code).toBe('NOT_AN_APPROVER');
    const first = await decide('ana.prado', request);
    expect(first.body.state).toEqual({ status: 'pending', level: 2 });
    expect((await decide('paulo.nunes', first.body)).body.state.status).toBe('approved');
    expect((await start('marta.reis', 'two-levels')).status).toBe(200);
  });

  it('a deadline passes by itself, and kill -9 loses nothing acknowledged (rule 8)', async () => {
    await gateway.command('policy', 'set', 'approvalDeadlineMs=1500');
    const request = await ask('marta.reis', '4f1d0');
    await gateway.kill9();
    await gateway.restart();
    const again = await until('the deadline to be written down', async () => {
      const { body } = await by('marta.reis').get<AccessRequest>(`/v1/requests/${request.id}`);
      return body.state?.status === 'expired' ? body : null;
    });
    expect(again.justification).toBe(request.justification);
    expect((await decide('paulo.nunes', again)).body.code).toBe('NOT_PENDING');
    await gateway.command('policy', 'set', 'approvalDeadlineMs=3600000');
  });

  it('a role that is taken away ends what runs, without a restart', async () => {
    const { body: lease } = await start('clara.nogueira', '4f1aa');
    expect((await load('clara.nogueira', lease, 'index.m3u8')).status).toBe(200);
    await gateway.command('user', 'access', 'clara.nogueira', '--role', 'PAM User');
    const refused = await by('clara.nogueira').post(`/v1/viewings/${lease.viewingId}/renew`, { id: lease.viewingId });
    expect(refused.body.code).toBe('ROLE_MISSING');
  });

  it('the live source moves on', async () => {
    const request = await ask('marta.reis', '4f21c', { kind: 'livestream' });
    await decide('paulo.nunes', request);
    const { body: lease } = await start('marta.reis', '4f21c', 'livestream');
    const sequence = async () =>
      Number(/MEDIA-SEQUENCE:(\d+)/.exec(await (await load('marta.reis', lease, 'index.m3u8')).text())?.[1]);
    const before = await sequence();
    await until('the next segment', async () => (await sequence()) > before, 60_000, 500);
  });
});

describe('signing in', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway?.remove());
  const signIn = (userName: string, password: string, more: object = {}) =>
    httpCall<{ refreshToken: string }>(gateway.url, 'POST', '/v1/sign-in', { userName, password, ...more });
  const refresh = (refreshToken: string) =>
    httpCall<{ refreshToken: string; accessToken: string }>(gateway.url, 'POST', '/v1/refresh', { refreshToken });

  it('answers alike for a wrong password and a name that is not there, and locks both', async () => {
    for (const name of ['diego.alves', 'nobody.here']) {
      for (let tries = 0; tries < 5; tries += 1)
        expect((await signIn(name, 'wrong wrong')).body.code, name).toBe('SIGN_IN_FAILED');
      expect((await signIn(name, 'demo-oversight')).body.code, name).toBe('ACCOUNT_LOCKED');
    }
  });

  it('asks for a one-time code, and takes each once', async () => {
    const { generate } = await import('otplib');
    expect((await signIn('otto.klein', 'demo-oversight')).body.code).toBe('ONE_TIME_CODE_NEEDED');
    const oneTimeCode = await generate({ secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
    expect((await signIn('otto.klein', 'demo-oversight', { oneTimeCode })).status).toBe(200);
    expect((await signIn('otto.klein', 'demo-oversight', { oneTimeCode })).body.code).toBe('SIGN_IN_FAILED');
  });

  it('rotates refresh tokens; a lost answer may be asked for again; a copy ends the sign-in', async () => {
    const first = (await signIn('marta.reis', 'demo-oversight')).body.refreshToken;
    const lost = (await refresh(first)).body.refreshToken;
    const again = (await refresh(first)).body;
    expect(again.refreshToken).toBeTruthy();
    // The one that was thought lost turns up: somebody has a copy.
    expect((await refresh(lost)).body.code).toBe('SIGNED_OUT');
    expect((await refresh(again.refreshToken)).body.code).toBe('SIGNED_OUT');
    expect((await httpCall(gateway.url, 'GET', '/v1/me', undefined, again.accessToken)).body.code).toBe('SIGNED_OUT');
  });

  it('passwords that are tried side by side count each for themselves', async () => {
    await Promise.all(Array.from({ length: 6 }, () => signIn('yuki.tanaka', 'wrong wrong')));
    expect((await signIn('yuki.tanaka', 'demo-oversight')).body.code).toBe('ACCOUNT_LOCKED');
  });

  it('an event stream tells nothing more once its sign-in has ended', async () => {
    const listener = await httpSignIn(gateway.url, 'ana.prado');
    const asker = await httpSignIn(gateway.url, 'marta.reis');
    const stream = await fetch(`${gateway.url}/v1/events`, { headers: { authorization: `Bearer ${listener.accessToken}` } });
    const reader = stream.body?.getReader();
    const heard: string[] = [];
    const ended = (async () => {
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
        heard.push(new TextDecoder().decode(next.value));
    })();
    await until('the stream to begin', () => heard.join('').includes('hello'));
    await httpCall(gateway.url, 'POST', '/v1/sign-out', { refreshToken: listener.refreshToken });
    expect((await asker.post('/v1/requests', newRequest('4f1aa'))).status).toBe(200);
    await ended;
    expect(heard.join('')).not.toContain('Investigating');
  });
});
