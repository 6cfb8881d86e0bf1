import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../contract/request.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type HttpPerson, httpSignIn, newDecision, newRequest } from '../support/http.ts';
import { noticesOn } from '../support/notices.ts';
import { type Running, until } from '../support/processes.ts';

const minute = 60_000;
const hour = 60 * minute;
/** How far the gateway's clock is ahead of every desktop's: nothing here may notice. */
const aheadMs = 3 * hour;
/** So soon come the moments that are waited for. */
const soonMs = 6_000;
const gatewayMs = () => Date.now() + aheadMs;
const at = (ms: number) => new Date(ms).toISOString();

/**
 * Every kind of notice on real desktops: an approver's, and the requester's, who sits at a second account that is in the approvers' group
 * itself. The gateway's clock is three hours ahead of all of them.
 */
describe('what is told outside the window', () => {
  let gateway: TestGateway;
  let approversDesktop: Desktop;
  let requestersDesktop: Desktop;
  let approver: App;
  let requester: App;
  let marta: HttpPerson;
  let ana: HttpPerson;
  let paulo: HttpPerson;
  let diego: HttpPerson;

  beforeAll(async () => {
    gateway = await startGateway({ clock: '+3h' });
    await gateway.command(
      ...['route', 'set', 'Infrastructure approvers'],
      ...['--level', '1:Database owners:1', '--level', '2:Infrastructure approvers:1'],
    );
    [approversDesktop, requestersDesktop] = [await startDesktop(), await startDesktop()];
    [marta, ana, paulo, diego] = [
      await httpSignIn(gateway.url, 'marta.reis'),
      await httpSignIn(gateway.url, 'ana.prado'),
      await httpSignIn(gateway.url, 'paulo.nunes'),
      await httpSignIn(gateway.url, 'diego.alves'),
    ];
    approver = await launchApp(approversDesktop, { userData: 'approver', gateway: gateway.url });
    await signIn(approver, 'paulo.nunes');
    requester = await launchApp(requestersDesktop, { userData: 'requester', gateway: gateway.url });
    await signIn(requester, 'marta.admin');
    for (const app of [approver, requester]) await app.window.getByText('Synchronised').waitFor();
  });
  afterAll(async () => {
    await approver?.close();
    await requester?.close();
    await approversDesktop?.stop();
    await requestersDesktop?.stop();
    await gateway?.remove();
  });
  beforeEach(() => gateway.command('policy', 'set', `approvalDeadlineMs=${hour}`));

  /** Asks as Marta, or another, for a window around the gateway's now. */
  async function ask(
    sessionId: string,
    window: { startMs?: number; endMs?: number } = {},
    person = marta,
  ): Promise<AccessRequest> {
    const { startMs = gatewayMs() - 1_000, endMs = gatewayMs() + 2 * hour } = window;
    const { status, body } = await person.post<AccessRequest>(
      '/v1/requests',
      newRequest(sessionId, { window: { start: at(startMs), end: at(endMs) } }),
    );
    expect(status, body.code).toBe(200);
    return body;
  }
  const decide = async (person: HttpPerson, { id }: AccessRequest, over: object = {}) => {
    const { body: now } = await person.get<AccessRequest>(`/v1/requests/${id}`);
    const { status, body } = await person.post<AccessRequest>(`/v1/requests/${id}/decision`, newDecision(now, over));
    expect(status, body.code).toBe(200);
    return body;
  };
  const granted = async (request: AccessRequest) => {
    await decide(ana, request);
    return decide(paulo, request);
  };
  /** The titles about a session, oldest first. */
  const titles = async (desktop: Desktop, sessionId: string) =>
    (await noticesOn(desktop))
      .filter(({ body }) => body.includes(` ${sessionId} `))
      .map(({ title }) => title)
      .reverse();
  const told = (desktop: Desktop, sessionId: string, title: string | RegExp) =>
    until(`"${title}" about ${sessionId}`, async () =>
      (await noticesOn(desktop)).find((one) => one.body.includes(` ${sessionId} `) && one.title.match(title)),
    );

  it('a level that has granted: the next one hears of it only then, the requester at once, and nobody of their own', async () => {
    const request = await ask('4f1aa');
    await approver.window.getByRole('link', { name: 'Approvals' }).click();
    await decide(ana, request);
    const next = await told(approversDesktop, '4f1aa', 'Marta Reis asks for access');
    expect(next.body).toMatch(/^Level 1 has approved the session video of 4f1aa on web-07\. (1 h 00|59) min left to decide\.$/);
    await told(requestersDesktop, '4f1aa', 'One level has approved');
    await decide(paulo, request);
    const decided = await told(requestersDesktop, '4f1aa', 'Your request is approved');
    expect(decided.body).toMatch(/can be watched now\. (2 h 00|1 h 59) min left\.$/);
    expect(await titles(approversDesktop, '4f1aa'), 'told once, and nothing of the first level').toEqual([
      'Marta Reis asks for access',
    ]);
    expect(await titles(requestersDesktop, '4f1aa'), 'an approver of others, not of this').toEqual([
      'One level has approved',
      'Your request is approved',
    ]);
  });

  it('a rejection and a revocation, to the requester alone', async () => {
    const rejected = await ask('4f1d0');
    await decide(ana, rejected, { verdict: 'reject', comment: 'No ticket' });
    const why = await told(requestersDesktop, '4f1d0', 'Ana Prado rejected your request');
    expect(why.body, 'what was said is not for the screen').not.toContain('No ticket');
    const { id, version } = await granted(await ask('4f1e9'));
    await told(requestersDesktop, '4f1e9', 'Your request is approved');
    await ana.post(`/v1/requests/${id}/revoke`, { id, version, comment: 'Enough' });
    await told(requestersDesktop, '4f1e9', 'Your access was revoked');
    expect(await titles(approversDesktop, '4f1d0')).toEqual([]);
  });

  it('a window that opens, and one that ends soon', async () => {
    await granted(await ask('4f133', { startMs: gatewayMs() + soonMs, endMs: gatewayMs() + 5 * minute + 2 * soonMs }));
    const decided = await told(requestersDesktop, '4f133', 'Your request is approved');
    expect(decided.body).toMatch(/opens in 1 min\.$/);
    await told(requestersDesktop, '4f133', 'Your access is open');
    await told(requestersDesktop, '4f133', 'Your access ends in 5 min');
    // Two levels within a moment are one decision.
    expect((await titles(requestersDesktop, '4f133')).filter((title) => title !== 'One level has approved')).toEqual([
      'Your request is approved',
      'Your access is open',
      'Your access ends in 5 min',
    ]);
  });

  it.each([10, 2])('a deadline that is %i minutes away, to who may still decide', async (minutes) => {
    const sessionId = minutes === 10 ? '4f1aa' : '4f1d0';
    await gateway.command('policy', 'set', `approvalDeadlineMs=${minutes * minute + soonMs}`);
    const before = await titles(approversDesktop, sessionId);
    const request = await ask(sessionId);
    await decide(ana, request);
    await told(approversDesktop, sessionId, `${minutes} min left to decide`);
    const shown = (await titles(approversDesktop, sessionId)).slice(before.length);
    // Within ten minutes of its deadline a request is told of by what is left.
    expect(shown).toEqual([
      minutes === 10 ? 'Marta Reis asks for access' : '3 min left to decide',
      `${minutes} min left to decide`,
    ]);
    expect(await titles(requestersDesktop, sessionId)).not.toContain(`${minutes} min left to decide`);
    await decide(paulo, request, { verdict: 'reject', comment: 'Not today' });
  });

  it('a deadline that passed, to who asked; the tray has nothing of it any more', async () => {
    await gateway.command('policy', 'set', `approvalDeadlineMs=${soonMs}`);
    const request = await ask('4f1e9');
    await decide(ana, request);
    const count = approver.window.getByText('1 request waits for you');
    await count.waitFor({ state: 'attached' });
    await told(requestersDesktop, '4f1e9', 'Nobody decided in time');
    await count.waitFor({ state: 'detached' });
  });

  it('takes back what another decided meanwhile, and everything when the person signs out', async () => {
    await gateway.command('route', 'set', 'Infrastructure approvers', '--level', '1:Infrastructure approvers:1');
    const closings = watchClosings(approversDesktop);
    await until('the bus to be watched', () => closings.lines.length > 0);
    const closed = () => closings.lines.filter((line) => line.includes('member=CloseNotification')).length;
    const shown = async () => Number(await approversDesktop.run('dunstctl', 'count', 'displayed'));
    await approversDesktop.run('dunstctl', 'close-all');
    const request = await ask('4f1aa');
    await until('it to be on the screen', async () => (await shown()) === 1);
    await decide(ana, request);
    await until('it to be taken back', () => closed() === 1);
    expect(await shown()).toBe(0);
    const another = await ask('4f1d0');
    await until('the next one to be on the screen', async () => (await shown()) === 1);
    await approver.window.getByRole('button', { name: /Paulo Nunes/ }).click();
    await approver.window.getByRole('menuitem', { name: 'Sign out' }).click();
    await until('that to be taken back, too', () => closed() === 2);
    expect(await shown()).toBe(0);
    await closings.stop();
    await decide(ana, another, { verdict: 'reject', comment: 'Done' });
  });

  it('counts on the screen what comes in numbers, without names where the setting says so', async () => {
    await signIn(approver, 'paulo.nunes');
    await approver.window.getByText('Synchronised').waitFor();
    await approver.window.getByRole('link', { name: 'Settings' }).click();
    await approver.window.getByRole('switch', { name: 'Say no names' }).click();
    const first = await ask('4f1aa');
    const plain = await until('a notice without a name', async () =>
      (await noticesOn(approversDesktop)).find(({ body }) => body === 'A request waits for you.'),
    );
    expect(plain.title).toBe('Oversight');
    const others = await Promise.all([
      ...['4f133', '4f1d0', '4f1e9'].map((id) => ask(id)),
      ...['4f133', '4f1d0', '4f1e9'].map((id) => ask(id, {}, diego)),
    ]);
    await until('one notice that counts', async () =>
      (await noticesOn(approversDesktop)).some(({ title }) => title === '7 requests wait for you'),
    );
    for (const request of [first, ...others]) await decide(ana, request, { verdict: 'reject', comment: 'Done' });
  });
});

/** Sees on the bus which notices are taken back. */
const watchClosings = (desktop: Desktop): Running =>
  desktop.launch('dbus-monitor', '--session', "interface='org.freedesktop.Notifications',member='CloseNotification'");
