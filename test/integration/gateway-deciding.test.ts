import { generate } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRequest, DecisionResults, Preflight, RequesterContext, RequestPage } from '../../contract/request.ts';
import { demoOneTimeSecret } from '../../gateway/seed/people.ts';
import { listen } from '../support/events.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type HttpPerson, httpSignIn, newDecision, newRequest } from '../support/http.ts';
import { until } from '../support/processes.ts';

/** Deciding at the gateway, over HTTP: levels, step-up, batches, who else may decide, and what happens while it is down. */
describe('deciding', () => {
  let gateway: TestGateway;
  const people: Record<string, HttpPerson> = {};
  const by = (name: string) => people[name] as HttpPerson;

  beforeAll(async () => {
    gateway = await startGateway();
    for (const name of ['marta.reis', 'paulo.nunes', 'ana.prado', 'helena.melo', 'diego.alves', 'jsouza', 'clara.nogueira'])
      people[name] = await httpSignIn(gateway.url, name);
  });
  afterAll(() => gateway?.remove());

  const ask = async (sessionId = '4f1aa', over: object = {}, name = 'marta.reis') => {
    const { status, body } = await by(name).post<AccessRequest>('/v1/requests', newRequest(sessionId, over));
    expect(status, body.code).toBe(200);
    return body;
  };
  const decide = (name: string, request: AccessRequest, over: object = {}) =>
    by(name).post<AccessRequest>(`/v1/requests/${request.id}/decision`, newDecision(request, over));
  const revoke = (name: string, { id, version }: AccessRequest, over: object = {}) =>
    by(name).post<AccessRequest>(`/v1/requests/${id}/revoke`, { id, version, comment: 'Enough', ...over });
  const cancel = (request: AccessRequest, name = 'marta.reis') =>
    by(name).post(`/v1/requests/${request.id}/cancel`, { id: request.id, version: request.version });
  const waitingOf = async (name: string, more = '') =>
    (await by(name).get<RequestPage>(`/v1/requests?scope=waiting&limit=500${more}`)).body.items;
  const set = (...pairs: string[]) => gateway.command('policy', 'set', ...pairs);

  describe('in levels', () => {
    it('tells the next level only when the one below has granted by as many people as it needs', async () => {
      const route = 'Infrastructure approvers';
      await gateway.command('group', 'add', 'Second line', 'helena.melo');
      await gateway.command('group', 'add', 'Last line', 'diego.alves');
      await gateway.command(
        ...['route', 'set', route, '--level', '1:Infrastructure approvers:2'],
        ...['--level', '2:Second line:1', '--level', '3:Last line:1'],
      );
      const told = (['ana.prado', 'helena.melo', 'diego.alves'] as const).map((name) => ({
        name,
        events: listen(gateway.url, by(name).accessToken),
      }));
      const heardBy = (name: string, id: string) =>
        told
          .find((one) => one.name === name)
          ?.events.heard.filter(({ event }) => event.type === 'request' && event.request.id === id).length ?? 0;
      await until('three lines', () => told.every(({ events }) => events.heard.length > 0));

      const request = await ask();
      expect(request.levels.map(({ needed }) => needed)).toEqual([2, 1, 1]);
      await until('the first level to hear', () => heardBy('ana.prado', request.id) > 0);
      const one = await decide('paulo.nunes', request);
      expect(one.body.state).toEqual({ status: 'pending', level: 1 });
      expect((await decide('paulo.nunes', one.body)).body.code).toBe('ALREADY_DECIDED');
      expect((await waitingOf('helena.melo')).map(({ id }) => id)).not.toContain(request.id);
      expect((await by('helena.melo').get(`/v1/requests/${request.id}`)).body.code).toBe('NOT_FOUND');
      expect((await decide('helena.melo', one.body)).body.code).toBe('NOT_AN_APPROVER');

      const context = await by('ana.prado').get<RequesterContext>(`/v1/requests/${request.id}/context`);
      expect(context.body.mayDecide.map(({ level, people }) => [level, people.map(({ userName }) => userName)])).toEqual([
        [1, ['ana.prado']],
        [2, ['helena.melo']],
        [3, ['diego.alves']],
      ]);
      expect(context.body.sessionEvents, 'the session in figures').toEqual({ command: 13, window: 0, file: 0, alert: 1 });
      const own = await by('marta.reis').get<RequesterContext>(`/v1/requests/${request.id}/context`);
      expect(own.body.mayDecide, 'the requester knows the groups, not whom to press').toEqual([]);

      expect(heardBy('helena.melo', request.id)).toBe(0);
      const two = await decide('ana.prado', one.body);
      expect(two.body.state).toEqual({ status: 'pending', level: 2 });
      await until('the second level to hear', () => heardBy('helena.melo', request.id) > 0);
      expect(heardBy('diego.alves', request.id)).toBe(0);
      const seen = await by('helena.melo').get<AccessRequest>(`/v1/requests/${request.id}`);
      expect(seen.body).toMatchObject({ may: { decide: { allowed: true } }, decisions: [{ level: 1 }, { level: 1 }] });
      expect((await by('marta.reis').get<AccessRequest>(`/v1/requests/${request.id}`)).body.decisions).toHaveLength(2);
      const three = await decide('helena.melo', two.body);
      await until('the third level to hear', () => heardBy('diego.alves', request.id) > 0);
      const granted = await decide('diego.alves', three.body);
      expect(granted.body.state.status).toBe('approved');
      for (const { events } of told) events.stop();
      await revoke('paulo.nunes', granted.body);
    });

    it('a request keeps the levels it was made with; who lost the group may not decide any more', async () => {
      const request = await ask();
      await gateway.command('route', 'set', 'Infrastructure approvers', '--level', '1:Infrastructure approvers:1');
      expect((await by('marta.reis').get<AccessRequest>(`/v1/requests/${request.id}`)).body.levels).toHaveLength(3);
      await gateway.command('group', 'remove', 'Infrastructure approvers', 'ana.prado');
      expect((await decide('ana.prado', request)).body.code).toBe('NOT_AN_APPROVER');
      expect((await waitingOf('ana.prado')).map(({ id }) => id)).not.toContain(request.id);
      await gateway.command('group', 'add', 'Infrastructure approvers', 'ana.prado');
      await cancel(request);
    });

    it('says before Save that too few may decide, level by level', async () => {
      await gateway.command(
        'route',
        'set',
        'Infrastructure approvers',
        '--level',
        '1:Second line:1',
        '--level',
        '2:Second line:1',
      );
      const preflight = await by('marta.reis').post<Preflight>('/v1/requests/preflight', {
        sessionId: '4f1aa',
        kind: 'recording',
        window: newRequest('4f1aa').window,
      });
      expect(preflight.body.problem).toEqual({
        code: 'NO_ELIGIBLE_APPROVER',
        data: { group: 'Second line', level: 2, needed: 2, eligible: 1 },
      });
      expect((await by('marta.reis').post('/v1/requests', newRequest('4f1aa'))).body.code).toBe('NO_ELIGIBLE_APPROVER');
      await gateway.command('route', 'set', 'Infrastructure approvers', '--level', '1:Infrastructure approvers:1');
    });

    it('refuses levels on the command line that make no sense', async () => {
      for (const levels of [[], ['2:A:1'], ['1:A:0'], ['1::1'], ['1:A:1', '1:B:1'], ['4:A:1']]) {
        const args = levels.flatMap((level) => ['--level', level]);
        await expect(gateway.command('route', 'set', 'Wrong', ...args), levels.join()).rejects.toThrow();
      }
      expect(await gateway.command('route', 'list')).not.toContain('Wrong');
      expect(await gateway.command('group', 'list')).toMatch(/^Second line\thelena\.melo$/m);
    });
  });

  describe('with a fresh proof', () => {
    it('asks for the password again, binds the proof to the sign-in, and takes it for nothing else', async () => {
      await set('stepUp="password"');
      const request = await ask();
      expect((await decide('paulo.nunes', request)).body).toMatchObject({ code: 'STEP_UP_NEEDED', data: { how: 'password' } });
      // The rules come first: who may not decide is not asked for a password.
      expect((await decide('marta.reis', request)).body.code).toBe('SELF_APPROVAL');
      expect((await by('paulo.nunes').post('/v1/step-up', { password: 'not this one' })).body.code).toBe('STEP_UP_FAILED');
      expect((await by('paulo.nunes').post('/v1/step-up', {})).body.code).toBe('INVALID_INPUT');
      const { body } = await by('paulo.nunes').post<{ proof: string; expiresInMs: number }>('/v1/step-up', {
        password: 'demo-oversight',
      });
      expect(body.expiresInMs).toBeLessThanOrEqual(120_000);
      const asToken = await fetch(`${gateway.url}/v1/me`, { headers: { authorization: `Bearer ${body.proof}` } });
      expect(asToken.status, 'a proof is no access token').toBe(401);
      const { proof } = body;
      expect((await decide('ana.prado', request, { proof })).body.code, 'the proof of another person').toBe('STEP_UP_NEEDED');
      const elsewhere = await httpSignIn(gateway.url, 'paulo.nunes');
      const other = await elsewhere.post(`/v1/requests/${request.id}/decision`, { ...newDecision(request), proof });
      expect(other.body.code, 'the proof of another sign-in').toBe('STEP_UP_NEEDED');
      const access = by('paulo.nunes').accessToken;
      expect((await decide('paulo.nunes', request, { proof: access })).body.code).toBe('STEP_UP_NEEDED');
      const approved = await decide('paulo.nunes', request, { proof });
      expect(approved.body.state.status).toBe('approved');
      expect((await revoke('paulo.nunes', approved.body)).body.code).toBe('STEP_UP_NEEDED');
      expect((await revoke('paulo.nunes', approved.body, { proof })).body.state.status).toBe('revoked');
      await set('stepUp="none"');
    });

    it('asks for a one-time code where the policy says so; a password does not do, nor an account without a code', async () => {
      await gateway.command('group', 'add', 'Infrastructure approvers', 'otto.klein');
      await set('stepUp="one-time-code"');
      const request = await ask();
      const codeAt = (offset: number) =>
        generate({ secret: demoOneTimeSecret, epoch: Math.floor(Date.now() / 1000) + offset * 30 });
      const otto = await httpSignIn(gateway.url, 'otto.klein', { oneTimeCode: await codeAt(-1) });
      const decided = (proof?: string) =>
        otto.post<AccessRequest>(`/v1/requests/${request.id}/decision`, { ...newDecision(request), proof });
      expect((await decided()).body).toMatchObject({ code: 'STEP_UP_NEEDED', data: { how: 'one-time-code' } });
      const byPassword = await otto.post<{ proof: string }>('/v1/step-up', { password: 'demo-oversight' });
      expect((await decided(byPassword.body.proof)).body.code).toBe('STEP_UP_NEEDED');
      expect((await by('paulo.nunes').post('/v1/step-up', { oneTimeCode: '123456' })).body.code).toBe('NO_ONE_TIME_CODE');
      const oneTimeCode = await codeAt(1);
      const given = await otto.post<{ proof: string }>('/v1/step-up', { oneTimeCode });
      expect((await otto.post('/v1/step-up', { oneTimeCode })).body.code, 'a code is good once').toBe('STEP_UP_FAILED');
      const approved = await decided(given.body.proof);
      expect(approved.body.state.status).toBe('approved');
      await set('stepUp="none"');
      await revoke('paulo.nunes', approved.body);
    });

    it('locks the user name after five wrong proofs, as after five wrong sign-ins', async () => {
      const person = await httpSignIn(gateway.url, 'clara.nogueira');
      for (let attempt = 0; attempt < 5; attempt += 1)
        expect((await person.post('/v1/step-up', { password: 'wrong again' })).body.code).toBe('STEP_UP_FAILED');
      expect((await person.post('/v1/step-up', { password: 'demo-oversight' })).body.code).toBe('ACCOUNT_LOCKED');
      await expect(httpSignIn(gateway.url, 'clara.nogueira')).rejects.toThrow('ACCOUNT_LOCKED');
      expect((await person.get('/v1/me')).status, 'who is signed in stays signed in').toBe(200);
    });
  });

  describe('several at once', () => {
    it('is refused unless the policy allows it; then each stands for itself', async () => {
      const first = await ask('4f1aa');
      const second = await ask('4f133');
      const third = await ask('4f1d0');
      await cancel(third);
      const decisions = [
        newDecision(first, { comment: 'One' }),
        newDecision(second, { verdict: 'reject', comment: 'Two' }),
        newDecision(third, { comment: 'Three' }),
        newDecision(second, { key: crypto.randomUUID(), verdict: 'reject', comment: ' ' }),
      ];
      expect((await by('paulo.nunes').post('/v1/decisions', { decisions })).body.code).toBe('BATCH_NOT_ALLOWED');
      await set('batchDecisionsAllowed=true', 'stepUp="password"');
      expect((await by('paulo.nunes').post('/v1/decisions', { decisions })).body.code).toBe('STEP_UP_NEEDED');
      const { body: step } = await by('paulo.nunes').post<{ proof: string }>('/v1/step-up', { password: 'demo-oversight' });
      const { body } = await by('paulo.nunes').post<DecisionResults>('/v1/decisions', { decisions, proof: step.proof });
      await set('stepUp="none"');
      expect(body.results.map((one) => (one.decided ? one.request.state.status : one.failure.code))).toEqual([
        'approved',
        'rejected',
        'NOT_PENDING',
        'NOT_PENDING',
      ]);
      expect(body.results[0]).toMatchObject({ request: { decisions: [{ comment: 'One' }] } });
      // The same again after an answer that was lost: nothing is decided twice.
      const again = await by('paulo.nunes').post<DecisionResults>('/v1/decisions', { decisions: decisions.slice(0, 2) });
      expect(again.body.results.map((one) => one.decided && one.request.version)).toEqual([2, 2]);
      await set('batchDecisionsAllowed=false');
      expect((await by('paulo.nunes').post('/v1/decisions', { decisions })).body.code).toBe('BATCH_NOT_ALLOWED');
      await revoke('paulo.nunes', (body.results[0] as { request: AccessRequest }).request);
    });
  });

  describe('in time', () => {
    it('lists what is due first, finds by words, and pages without repeating', async () => {
      const soon = Date.now() + 600_000;
      const ids: string[] = [];
      for (const [index, sessionId] of ['4f1aa', '4f133', '4f1d0'].entries()) {
        const end = new Date(soon + (3 - index) * 60_000).toISOString();
        const window = { start: new Date().toISOString(), end };
        ids.unshift((await ask(sessionId, { window, justification: `Looking for needle${index} here` })).id);
      }
      expect((await waitingOf('paulo.nunes')).map(({ id }) => id)).toEqual(ids);
      expect((await waitingOf('paulo.nunes', '&text=NEEDLE1%20marta')).map(({ id }) => id)).toEqual([ids[1]]);
      const paged: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await by('paulo.nunes').get<RequestPage>(`/v1/requests?scope=waiting&limit=1${cursor}`);
        paged.push(...body.items.map(({ id }) => id));
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      expect(paged).toEqual(ids);
      for (const request of await waitingOf('paulo.nunes')) await cancel(request);
    });

    it('refuses a decision after the deadline, which it has written down by then', async () => {
      await set('approvalDeadlineMs=1200');
      const request = await ask();
      await until('the deadline', () => Date.now() >= Date.parse(request.deadline));
      const late = await decide('paulo.nunes', request);
      expect(['DEADLINE_PASSED', 'NOT_PENDING']).toContain(late.body.code);
      await until(
        'the expiry to be on record',
        async () => (await by('paulo.nunes').get<AccessRequest>(`/v1/requests/${request.id}`)).body.state.status === 'expired',
      );
      await set('approvalDeadlineMs=3600000');
    });

    it('tells at its start what turned while it was down: a window that opened, one that ended, a deadline that passed', async () => {
      const at = (ms: number) => new Date(Date.now() + ms).toISOString();
      const opening = await ask('4f1aa', { window: { start: at(2_500), end: at(600_000) } });
      const ending = await ask('4f133', { window: { start: at(-1_000), end: at(2_500) } });
      const expiring = await ask('4f1d0', { window: { start: at(-1_000), end: at(2_500) } });
      await decide('paulo.nunes', opening);
      await decide('paulo.nunes', ending);
      const before = listen(gateway.url, by('marta.reis').accessToken);
      const last = await until('where the events are', () => before.heard.at(-1)?.id);
      before.stop();
      await gateway.kill9();
      await until('the moments to pass', () => Date.now() > Date.parse(opening.window.start) + 100);
      await gateway.restart();

      const after = listen(gateway.url, by('marta.reis').accessToken, last);
      const about = (id: string) => after.heard.filter(({ event }) => event.type === 'request' && event.request.id === id);
      const sessions = (id: string) => after.heard.filter(({ event }) => event.type === 'session' && event.session.id === id);
      await until('the three', () => [opening, ending, expiring].every(({ id }) => about(id).length > 0));
      await until('their sessions', () => ['4f1aa', '4f133', '4f1d0'].every((id) => sessions(id).length > 0));
      expect(about(expiring.id)[0]?.event).toMatchObject({ request: { state: { status: 'expired' } } });
      expect(sessions('4f1aa')[0]?.event).toMatchObject({ session: { access: { recording: { state: 'open' } } } });
      expect(sessions('4f133')[0]?.event).toMatchObject({ session: { access: { recording: { state: 'ask', after: 'over' } } } });
      after.stop();

      // Told once: another restart has nothing new to tell.
      const newest = after.heard.at(-1)?.id;
      await gateway.kill9();
      await gateway.restart();
      const again = listen(gateway.url, by('marta.reis').accessToken, newest);
      await until('the line', () => again.heard.length > 0);
      const marker = await ask('4f133');
      await until('the newest', () =>
        again.heard.some(({ event }) => event.type === 'request' && event.request.id === marker.id),
      );
      expect(again.heard.filter(({ event }) => event.type === 'request').map(({ event }) => event)).toMatchObject([
        { request: { id: marker.id } },
      ]);
      again.stop();
      await cancel(marker);
      await revoke('paulo.nunes', (await by('paulo.nunes').get<AccessRequest>(`/v1/requests/${opening.id}`)).body);
    });
  });
});
