import rateLimit from '@fastify/rate-limit';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { onError } from '@orpc/server';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { fail, failures } from '../contract/failure.ts';
import { playlistDirectives } from '../contract/media.ts';
import { createChanges } from './changes.ts';
import { createEvents } from './events.ts';
import { toError, toFailure } from './failures.ts';
import { createIdentity } from './identity/sign-in.ts';
import { serveMedia } from './media/serve.ts';
import { openSigner } from './receipts.ts';
import { createRequests } from './requests.ts';
import { createReviews } from './reviews.ts';
import { createRouter } from './router.ts';
import { createSessions } from './sessions.ts';
import { openDatabase } from './store/database.ts';
import { createHousekeeping } from './store/housekeeping.ts';
import { createTimers, type Timers } from './timers.ts';
import { createViewings } from './viewings.ts';

export type Gateway = { url: string; stop(): Promise<void> };

const perMinute = { signIn: 30, calls: 3000 };

/** Builds the gateway from its parts, in order, and listens. `port` 0 takes any free port. */
export async function startGateway(options: { folder: string; host: string; port: number; name: string }): Promise<Gateway> {
  const db = await openDatabase(options.folder);
  const now = Date.now;
  let timers: Timers | undefined;
  const events = createEvents(db, options.folder, now, () => void timers?.tick());
  const signer = await openSigner(options.folder);
  const viewings = createViewings(db, events, signer, now, async () => timers?.arm());
  const identity = await createIdentity(db, now, viewings.endFamily);
  const requests = createRequests(db, events, now, async (id) => {
    await viewings.review(id);
    await timers?.arm();
  });
  timers = await createTimers({ db, events, requests, viewings, housekeeping: createHousekeeping(db, now), now });
  const sessions = createSessions(db, now);
  const reviews = createReviews(db, events, now);
  const server = await createServer();
  const handler = new OpenAPIHandler(
    createRouter({
      db,
      name: options.name,
      now,
      identity,
      events,
      requests,
      sessions,
      viewings,
      changes: createChanges(db, signer, now),
      reviews,
      receiptKey: signer.publicKey,
    }),
    {
      eventIteratorKeepAliveInterval: 30_000,
      clientInterceptors: [
        onError((error) => {
          throw toError(toFailure(error, server.log));
        }),
      ],
    },
  );

  server.get('/v1/media/:leaseId/*', async (request, reply) => {
    const { leaseId, '*': name } = request.params as { leaseId: string; '*': string };
    const signIn = await identity.authenticate(request.headers.authorization);
    const [, query = ''] = /\?(.*)$/.exec(request.url) ?? [];
    const directives = playlistDirectives(query) ?? fail('INVALID_INPUT', { issues: ['query: not a directive of HLS'] });
    // Before anybody is asked: a source may let one wait, and the viewing may end meanwhile.
    const stop = new AbortController();
    const letGo = viewings.sending(leaseId, stop);
    reply.raw.once('close', () => {
      letGo();
      stop.abort();
    });
    const source = await viewings.sourceOf(signIn, leaseId);
    const media = await serveMedia(source, name, {
      range: request.headers.range,
      directives: name.endsWith('.m3u8') ? directives : '',
      signal: stop.signal,
      nowMs: now(),
    });
    const cut = () => media.body.destroy();
    stop.signal.addEventListener('abort', cut, { once: true });
    if (stop.signal.aborted) {
      cut();
      return fail('LEASE_OVER');
    }
    return reply
      .status(media.status)
      .headers({ ...media.headers, 'cache-control': 'no-store' })
      .send(media.body);
  });

  server.all('/v1/*', async (request, reply) => {
    const { matched } = await handler.handle(request, reply, { context: { authorization: request.headers.authorization } });
    if (!matched) reply.status(404).send({ code: 'NOT_FOUND', data: { what: 'route' } });
  });

  await timers.tick();
  const url = await server.listen({ host: options.host, port: options.port });
  return {
    url,
    async stop() {
      timers?.stop();
      server.server.closeAllConnections();
      await server.close();
      events.close();
      await db.destroy();
    },
  };
}

/** The HTTP server: limits, headers that deny by default, failures as `{ code, data }`, a log without secrets. */
async function createServer(): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: 256 * 1024,
    trustProxy: false,
    forceCloseConnections: true,
    logger: {
      level: 'warn',
      stream: process.stderr,
      serializers: { req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? '' }) },
    },
  });
  await server.register(rateLimit, {
    max: (request) => (request.url.startsWith('/v1/sign-in') ? perMinute.signIn : perMinute.calls),
    timeWindow: '1 minute',
    keyGenerator: (request) => `${request.ip} ${request.url.startsWith('/v1/sign-in') ? 'sign-in' : 'calls'}`,
    allowList: (request) => request.url.startsWith('/v1/media/'),
    errorResponseBuilder: (_request, { ttl }) => ({
      statusCode: 429,
      code: 'RATE_LIMITED',
      data: { retryAfterMs: ttl },
      limited: true,
    }),
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      ...(reply.hasHeader('cache-control') ? {} : { 'cache-control': 'no-store' }),
    });
  });
  server.setErrorHandler((error: Error & { limited?: boolean; data?: unknown; statusCode?: number }, _request, reply) => {
    const failure = error.limited
      ? ({ code: 'RATE_LIMITED', data: error.data } as const)
      : (clientError(error) ?? toFailure(error, server.log));
    reply.status(failures[failure.code].status).send({
      defined: true,
      code: failure.code,
      status: failures[failure.code].status,
      message: failures[failure.code].meaning,
      data: failure.data,
    });
  });
  return server;
}

/** What Fastify itself refuses: bodies that are too large or not JSON. */
function clientError(error: { statusCode?: number; message: string }) {
  const { statusCode = 500 } = error;
  return statusCode >= 400 && statusCode < 500 ? ({ code: 'INVALID_INPUT', data: { issues: [error.message] } } as const) : null;
}
