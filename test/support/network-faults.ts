import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { FailureError } from '../../contract/failure.ts';
import { SessionQuery } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { refusals } from '../../contract/unsent.ts';
import { type Fault, startFaultProxy } from './fault-proxy.ts';
import { startGateway } from './gateway.ts';
import { startMainClient } from './main-client.ts';
import { personAt } from './people.ts';
import { randomFrom } from './random.ts';

const faultsOf: readonly Fault[] = [
  { kind: 'refuse' },
  { kind: 'cut', after: 0 },
  { kind: 'cut', after: 60 },
  { kind: 'truncate', after: 200 },
  { kind: 'garbage' },
  { kind: 'replace', body: '{"id":"somebody else"}' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  {
    kind: 'status',
    status: 429,
    body: JSON.stringify({ defined: true, code: 'RATE_LIMITED', status: 429, message: '', data: { retryAfterMs: 5 } }),
  },
  { kind: 'latency', ms: 20 },
];
/** More faults in a row than the client tries by itself, at the most. */
const longestRun = 4;

/**
 * A person writes, sends and cancels requests over a line on which `faults` scripted faults meet creating and canceling. They send again
 * until they hear that it arrived, sometimes other words, and the app is sometimes started anew in between. Fails when the gateway has
 * more or other requests than were meant, or a draft is gone before its request is there.
 */
export async function requestsThroughFaults(faults: number, seed: number): Promise<{ requests: number; lostAnswers: number }> {
  const random = randomFrom(seed);
  const gateway = await startGateway();
  const proxy = await startFaultProxy(gateway.url);
  const userData = mkdtempSync(path.join(tmpdir(), 'oversight-faults-'));
  const start = () => startMainClient(proxy.url, 'marta.reis', userData, { wait: async () => undefined });
  let client = await start();
  const direct = await personAt(gateway, 'marta.reis');
  let set = 0;
  let lostAnswers = 0;
  let requests = 0;
  /** Lets the next answers to such a path go wrong. */
  const spoil = (match: RegExp) => {
    set -= proxy.heal();
    for (let run = 1 + random.below(longestRun); run > 0 && set < faults; run -= 1, set += 1)
      proxy.faultOnce(match, random.pick(faultsOf));
  };
  const codeOf = async (work: Promise<unknown>) => {
    try {
      await work;
      return null;
    } catch (error) {
      if (error instanceof FailureError) return error.failure;
      throw error;
    }
  };
  try {
    const { items } = await direct.calls.sessions.search(SessionQuery.parse({ filter: { id: '4f133' } }));
    const session = items[0];
    if (!session) throw new Error('the demo has no such session');
    const sessionId = session.id;
    const reasonId = (await direct.calls.policy()).reasons[0]?.id ?? '';
    const there = async () => {
      const page = await direct.calls.requests.list({ scope: 'mine', limit: 500 });
      return page.items.filter((one) => one.session.id === sessionId);
    };
    while (set < faults) {
      requests += 1;
      let words = `The ${requests}. request, as it was first written`;
      const draft = {
        sessionId,
        kind: 'recording',
        key: crypto.randomUUID(),
        justification: words,
        reasonId,
        governanceCode: 'CHG-0001',
        start: toInstant(Date.now()),
        end: toInstant(Date.now() + 3_600_000),
      } as const;
      await client.drafts.keep(draft, session);
      let known: string | null = null;
      for (let tries = 1; known === null; tries += 1) {
        expect(tries, 'tries to send one request').toBeLessThan(20);
        spoil(/^\/v1\/requests$/);
        const failure = await codeOf(
          client.drafts.request(sessionId, 'recording').then(async (request) => {
            known = (await client.requests.create(request)).id;
          }),
        );
        if (!failure) break;
        const [left] = await client.drafts.unsent();
        expect(left?.draft.justification, `the draft after ${failure.code}`).toBe(words);
        if (failure.code === 'KEY_REUSED') {
          // The words of before have arrived: the person is told which request it is, and leaves it at that.
          known = failure.data.requestId ?? null;
          expect(known, 'the request that was made').not.toBeNull();
          await client.drafts.drop(sessionId, 'recording');
          words = '';
          break;
        }
        expect(refusals.has(failure.code), `${failure.code} is no refusal`).toBe(false);
        lostAnswers += 1;
        if (random.below(4) === 0) {
          await client.stop();
          set -= proxy.heal();
          client = await start();
          const [again] = await client.drafts.unsent();
          expect(again?.draft, 'the draft after another start').toEqual(left?.draft);
        }
        const still = (await client.drafts.unsent())[0]?.draft;
        if (still && random.below(3) === 0) {
          words = `The ${requests}. request, in other words after ${tries} tries`;
          await client.drafts.put({ ...still, justification: words });
        }
      }
      expect(await client.drafts.unsent(), 'nothing is left to send').toEqual([]);
      const pending = (await there()).filter(({ state }) => state.status === 'pending');
      expect(
        pending.map(({ id }) => id),
        'exactly one request',
      ).toEqual([known]);
      if (words !== '') expect(pending[0]?.justification).toBe(words);

      for (let tries = 1; ; tries += 1) {
        expect(tries, 'tries to cancel').toBeLessThan(20);
        spoil(/\/cancel$/);
        const { id, version } = pending[0] ?? { id: '', version: 0 };
        const failure = await codeOf(client.requests.cancel({ id, version }));
        // An answer that was lost: the second time says that it is done already.
        if (!failure || failure.code === 'STALE_VERSION' || failure.code === 'NOT_PENDING') break;
      }
      set -= proxy.heal();
      const after = await there();
      expect(after.length, 'requests in all').toBe(requests);
      expect(after.every(({ state }) => state.status === 'canceled')).toBe(true);
    }
    return { requests, lostAnswers };
  } finally {
    await client.stop();
    await proxy.stop();
    await gateway.remove();
    rmSync(userData, { recursive: true, force: true });
  }
}
