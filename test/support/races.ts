import { expect } from 'vitest';
import type { AccessRequest } from '../../contract/request.ts';
import type { TestGateway } from './gateway.ts';
import { type HttpAnswer, type HttpPerson, httpSignIn, newDecision, newRequest } from './http.ts';
import { until } from './processes.ts';

/** Repeats what the gateway refused for being too much at once: that is no part of a race. */
async function patiently<T>(call: () => Promise<HttpAnswer<T>>): Promise<HttpAnswer<T>> {
  for (;;) {
    const answer = await call();
    if (answer.body.code !== 'RATE_LIMITED') return answer;
    await new Promise((resolve) => setTimeout(resolve, Number(answer.body.data?.['retryAfterMs'] ?? 1000)));
  }
}

/**
 * Lets approvals, rejections, cancellations, revocations and the deadline race for one request after another, `rounds` times, over HTTP.
 * Exactly one wins each race, the request is in the state of the winner, and the losers are told why. Answers with how often who won.
 */
export async function raceAt(gateway: TestGateway, rounds: number): Promise<Record<string, number>> {
  const people: Record<string, HttpPerson> = {};
  for (const name of ['marta.reis', 'paulo.nunes', 'ana.prado', 'jsouza']) people[name] = await httpSignIn(gateway.url, name);
  const paulo2 = await httpSignIn(gateway.url, 'paulo.nunes');
  const by = (name: string) => people[name] as HttpPerson;
  const ask = async () => (await patiently(() => by('marta.reis').post<AccessRequest>('/v1/requests', newRequest('4f133')))).body;
  const now = async (id: string) => (await patiently(() => by('marta.reis').get<AccessRequest>(`/v1/requests/${id}`))).body;
  const decide = (person: HttpPerson, request: AccessRequest, over: object = {}) =>
    patiently(() => person.post<AccessRequest>(`/v1/requests/${request.id}/decision`, newDecision(request, over)));
  const cancel = ({ id, version }: AccessRequest) =>
    patiently(() => by('marta.reis').post<AccessRequest>(`/v1/requests/${id}/cancel`, { id, version }));
  const revoke = (name: string, { id, version }: AccessRequest) =>
    patiently(() => by(name).post<AccessRequest>(`/v1/requests/${id}/revoke`, { id, version, comment: 'Enough' }));
  const wins: Record<string, number> = {};
  const refusals = ['NOT_PENDING', 'STALE_VERSION', 'ALREADY_DECIDED', 'DEADLINE_PASSED', 'WINDOW_OVER', 'NOT_REVOCABLE'];

  async function judge(request: AccessRequest, answers: HttpAnswer<AccessRequest>[], mayExpire: boolean): Promise<AccessRequest> {
    const winners = answers.filter(({ status }) => status === 200);
    for (const { status, body } of answers) if (status !== 200) expect(refusals).toContain(body.code);
    let after = await now(request.id);
    if (mayExpire && winners.length === 0)
      after = await until('the expiry', async () => {
        const seen = await now(request.id);
        return seen.state.status === 'pending' ? null : seen;
      });
    expect(winners.length + Number(after.state.status === 'expired')).toBe(1);
    expect(after.version).toBe(request.version + 1);
    if (winners[0]) expect(after.state).toEqual(winners[0].body.state);
    wins[after.state.status] = (wins[after.state.status] ?? 0) + 1;
    return after;
  }

  const reject = { verdict: 'reject', comment: 'No' };
  const shuffled = <T>(list: T[]) => list.toSorted(() => Math.random() - 0.5);
  const plain = Math.ceil(rounds / 2);
  for (let round = 0; round < plain; round += 1) {
    const request = await ask();
    // Two approvers, the same person from two places, one who rejects, and the requester.
    const runners = shuffled([
      () => decide(by('paulo.nunes'), request),
      () => decide(paulo2, request),
      () => decide(by('ana.prado'), request),
      () => decide(by('jsouza'), request, reject),
      () => cancel(request),
    ]);
    const after = await judge(request, await Promise.all(runners.map((run) => run())), false);
    if (after.state.status !== 'approved') continue;
    await judge(after, await Promise.all([revoke('paulo.nunes', after), revoke('ana.prado', after)]), false);
  }
  // The deadline takes part: it falls while the others run.
  const deadlineMs = 60;
  await gateway.command('policy', 'set', `approvalDeadlineMs=${deadlineMs}`);
  for (let round = plain; round < rounds; round += 1) {
    const request = await ask();
    const startAt = Date.parse(request.deadline) - Math.random() * 25;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startAt - Date.now())));
    const runners = shuffled([
      () => decide(by('paulo.nunes'), request),
      () => decide(by('ana.prado'), request, reject),
      () => cancel(request),
    ]);
    await judge(request, await Promise.all(runners.map((run) => run())), true);
  }
  await gateway.command('policy', 'set', 'approvalDeadlineMs=3600000');
  return wins;
}
