import { createORPCClient, ORPCError } from '@orpc/client';
import { type ContractRouterClient, ValidationError } from '@orpc/contract';
import { ResponseValidationPlugin } from '@orpc/contract/plugins';
import type { JsonifiedClient } from '@orpc/openapi-client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { Failure, FailureError, fail } from '../../contract/failure.ts';
import { contractVersion, gatewayContract } from '../../contract/gateway.ts';
import type { Clock } from './clock.ts';
import { type CertificateNotes, createTransport, type Fetch, networkFailure } from './transport.ts';

export type GatewayCalls = JsonifiedClient<ContractRouterClient<typeof gatewayContract>>;

export interface Gateway {
  /** The routes of the contract. They reject with FailureError alone. */
  calls: GatewayCalls;
  /** A file below a lease, as it comes. The caller ends it with `signal`. Rejects with FailureError. */
  media(leaseId: string, name: string, init: { range?: string | undefined; signal: AbortSignal }): Promise<Response>;
  /** The key under its checkpoints as `about` last said it; null when it has none. */
  receiptKey(): string | null;
  /** Asks what answers at the address; fails unless it is an Oversight gateway whose contract fits. */
  about(): Promise<Awaited<ReturnType<GatewayCalls['about']>>>;
}

export type Credentials = {
  /** A token that is good now; null while nobody is signed in. */
  accessToken(): Promise<string | null>;
  /** The gateway did not take the token: get another. Rejects when there is none to get. */
  renew(spent: string | null): Promise<void>;
};

const tries = 3;
const firstWaitMs = 250;
const longestWaitMs = 5_000;

/** Calls that may be repeated because a second time changes nothing: reads, and writes with a key or a sequence number. */
const repeatable = new Set([
  'about',
  'policy',
  'identity.me',
  'sessions.search',
  'sessions.get',
  'requests.list',
  'requests.get',
  'requests.preflight',
  'requests.create',
  'requests.decide',
  'requests.decideMany',
  'requests.context',
  'reviews.get',
  'reviews.comment',
  'reviews.withdraw',
  'reviews.mark',
  'changes.list',
  'viewings.renew',
  'viewings.end',
  'viewings.receipts',
  'exports.record',
]);

/** Calls that are made before there is a token, or to get one. */
const withoutToken = new Set(['about', 'identity.signIn', 'identity.refresh', 'identity.signOut']);

/**
 * The gateway at `address` (an origin, by parseAddress). `fetch` is a role: Electron's in the app. Tokens stay in here: they are
 * added to each call and renewed once when the gateway says that one has expired.
 */
export function createGateway(options: {
  address: string;
  fetch: Fetch;
  certificates: CertificateNotes;
  credentials: Credentials;
  clock: Clock;
  wait?: (ms: number) => Promise<void>;
}): Gateway {
  const { address, credentials, clock, wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) } = options;
  const host = new URL(address).host;
  const transport = createTransport(options.fetch, options.certificates);
  let used: string | null = null;
  let receiptKey: string | null = null;

  const link = new OpenAPILink(gatewayContract, {
    url: address,
    headers: async (_options, path) => {
      if (withoutToken.has(path.join('.'))) return {};
      used = await credentials.accessToken();
      return used === null ? {} : { authorization: `Bearer ${used}` };
    },
    // The caller's own signal: one that a Request follows is forgotten when that Request is collected, and then aborts nothing.
    fetch: (request, init, { signal }) => transport(request, { ...(init as RequestInit), signal: signal ?? null }),
    plugins: [new ResponseValidationPlugin(gatewayContract)],
    interceptors: [
      async ({ next, path, signal }) => {
        const name = path.join('.');
        let renewed = false;
        for (let attempt = 1; ; attempt += 1) {
          try {
            return await next();
          } catch (error) {
            if (signal?.aborted) throw new FailureError({ code: 'CANCELED', data: {} });
            const failure = failureOf(error, host);
            if (failure.code === 'TOKEN_EXPIRED' && !renewed && !name.startsWith('identity.')) {
              renewed = true;
              await credentials.renew(used);
              continue;
            }
            const pause = pauseBefore(failure, attempt);
            if (pause === null || !repeatable.has(name)) throw new FailureError(failure);
            await wait(pause);
          }
        }
      },
    ],
  });
  const calls: GatewayCalls = createORPCClient(link);

  return {
    calls,
    receiptKey: () => receiptKey,
    async about() {
      const asked = clock.monotonic();
      const about = await calls.about().catch((error) => {
        if (error instanceof FailureError && ['BAD_ANSWER', 'NOT_FOUND', 'GATEWAY_FAILED'].includes(error.failure.code))
          return fail('NOT_A_GATEWAY', { host });
        throw error;
      });
      clock.observe(asked, clock.monotonic(), about.time);
      receiptKey = about.receiptKey ?? null;
      const versions = {
        gateway: `${about.contract.major}.${about.contract.minor}`,
        client: `${contractVersion.major}.${contractVersion.minor}`,
      };
      if (about.contract.major > contractVersion.major) fail('GATEWAY_TOO_NEW', versions);
      if (about.contract.major < contractVersion.major || about.contract.minor < contractVersion.minor)
        fail('GATEWAY_TOO_OLD', versions);
      return about;
    },
    async media(leaseId, name, { range, signal }) {
      for (let renewed = false; ; renewed = true) {
        const token = await credentials.accessToken();
        const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(range && { range }) };
        const response = await options
          .fetch(`${address}/v1/media/${leaseId}/${name}`, {
            headers,
            redirect: 'error',
            credentials: 'omit',
            cache: 'no-store',
            signal,
          })
          .catch((error) => {
            throw new FailureError(
              signal.aborted ? { code: 'CANCELED', data: {} } : networkFailure(error, host, options.certificates),
            );
          });
        if (response.ok || response.status === 416) return response;
        const failure = Failure.safeParse(await response.json().catch(() => null));
        if (failure.success && failure.data.code === 'TOKEN_EXPIRED' && !renewed) await credentials.renew(token);
        else
          throw new FailureError(failure.success ? failure.data : { code: 'GATEWAY_FAILED', data: { status: response.status } });
      }
    },
  };
}

/** The failure that an error of a call stands for. */
export function failureOf(error: unknown, host: string): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof ORPCError) {
    const failure = Failure.safeParse({ code: error.code, data: error.data });
    if (failure.success) return failure.data;
    if (error.status === 404) return { code: 'NOT_A_GATEWAY', data: { host } };
    return { code: 'GATEWAY_FAILED', data: { status: error.status } };
  }
  if (error instanceof ValidationError) return { code: 'BAD_ANSWER', data: {} };
  if (error instanceof Error && /JSON|parse|deserialize|validation/i.test(`${error.message} ${String(error.cause)}`))
    return { code: 'BAD_ANSWER', data: {} };
  return networkFailure(error, host, () => null);
}

/** How long to wait before trying again (ms), or null for not at all: what a person did wrong stays wrong. */
export function pauseBefore(failure: Failure, attempt: number, random: () => number = Math.random): number | null {
  if (attempt >= tries) return null;
  if (failure.code === 'RATE_LIMITED') return failure.data.retryAfterMs <= longestWaitMs ? failure.data.retryAfterMs : null;
  const passing =
    (failure.code === 'UNREACHABLE' && failure.data.why !== 'name') ||
    failure.code === 'GATEWAY_FAILED' ||
    failure.code === 'INTERNAL';
  return passing ? Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1)) * (0.5 + random()) : null;
}
