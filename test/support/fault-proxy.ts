import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with an answer. `after` bytes of its body pass first where a body is cut. */
export type Fault =
  | { kind: 'latency'; ms: number }
  | { kind: 'cut'; after: number }
  | { kind: 'truncate'; after: number }
  | { kind: 'garbage' }
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'replace'; body: string }
  | { kind: 'refuse' };

export type Passed = {
  method: string;
  path: string;
  status: number;
  bytes: number;
  startedMs: number;
  lastByteMs: number;
  open: boolean;
};

export type FaultProxy = {
  url: string;
  /** Answers to paths that match go wrong until `heal`. The last fault that matches counts. */
  fault(path: RegExp, fault: Fault): void;
  /** The same for the next answer to such a path alone. Several are used in the order they were set. */
  faultOnce(path: RegExp, fault: Fault): void;
  /** Answers with how many of the faults for one answer had met none. */
  heal(): number;
  /** Cuts every answer to such a path that is open now. Answers with how many there were. */
  cut(path: RegExp): number;
  /** From now on nothing more comes of the answers to such a path that are open now, and nobody says so. Answers with how many there are. */
  silence(path: RegExp): number;
  /** Every exchange so far, with the body bytes that reached the client. */
  passed: Passed[];
  /** Texts that were seen as tokens: of Authorization headers and of answers to sign-in and refresh. */
  tokens: Set<string>;
  stop(): Promise<void>;
};

/** A proxy before a gateway (its URL, plain http) that sees everything and can do harm. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const faults: [RegExp, Fault][] = [];
  const once: [RegExp, Fault][] = [];
  const passed: Passed[] = [];
  const open = new Map<ServerResponse, string>();
  const silent = new WeakSet<ServerResponse>();
  const tokens = new Set<string>();

  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const next = once.findIndex(([match]) => match.test(path));
    const fault = (next >= 0 ? once.splice(next, 1)[0] : faults.findLast(([match]) => match.test(path)))?.[1];
    const [, token] = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '') ?? [];
    if (token) tokens.add(token);
    const exchange: Passed = {
      method: incoming.method ?? '',
      path,
      status: 0,
      bytes: 0,
      startedMs: Date.now(),
      lastByteMs: 0,
      open: true,
    };
    passed.push(exchange);
    open.set(outgoing, path);
    outgoing.on('close', () => {
      exchange.open = false;
      open.delete(outgoing);
    });
    if (fault?.kind === 'refuse') return void incoming.socket.destroy();
    if (fault?.kind === 'status') {
      exchange.status = fault.status;
      return void outgoing.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body ?? '{}');
    }
    setTimeout(() => pass(target, incoming, outgoing, fault, exchange, tokens, silent), fault?.kind === 'latency' ? fault.ms : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: (path, fault) => void faults.push([path, fault]),
    faultOnce: (path, fault) => void once.push([path, fault]),
    heal: () => {
      faults.splice(0);
      return once.splice(0).length;
    },
    cut(path) {
      const hit = [...open].filter(([, asked]) => path.test(asked));
      for (const [outgoing] of hit) outgoing.destroy();
      return hit.length;
    },
    silence(path) {
      const hit = [...open].filter(([, asked]) => path.test(asked));
      for (const [outgoing] of hit) silent.add(outgoing);
      return hit.length;
    },
    passed,
    tokens,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
  exchange: Passed,
  tokens: Set<string>,
  silent: WeakSet<ServerResponse>,
): void {
  const upstream = httpRequest(
    new URL(incoming.url ?? '/', target),
    { method: incoming.method, headers: incoming.headers },
    (answer) => {
      exchange.status = answer.statusCode ?? 0;
      const headers = { ...answer.headers };
      if (fault?.kind === 'truncate' || fault?.kind === 'garbage' || fault?.kind === 'replace') delete headers['content-length'];
      outgoing.writeHead(exchange.status, headers);
      if (fault?.kind === 'replace') return void outgoing.end(fault.body);
      if (fault?.kind === 'garbage') return void outgoing.end('<!doctype html>\u0000 this is not what was asked for {{{');
      const secret = /\/v1\/(sign-in|refresh)/.test(exchange.path);
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        if (silent.has(outgoing)) return;
        if (secret) text += chunk;
        const left =
          fault?.kind === 'cut' || fault?.kind === 'truncate' ? fault.after - exchange.bytes : Number.POSITIVE_INFINITY;
        const part = chunk.subarray(0, Math.max(0, left));
        exchange.bytes += part.length;
        exchange.lastByteMs = Date.now();
        outgoing.write(part);
        if (part.length < chunk.length) {
          if (fault?.kind === 'cut') outgoing.destroy();
          else outgoing.end();
          upstream.destroy();
        }
      });
      answer.on('end', () => {
        for (const [, token = ''] of text.matchAll(/"(?:accessToken|refreshToken)":"([^"]+)"/g)) tokens.add(token);
        outgoing.end();
      });
      answer.on('error', () => outgoing.destroy());
    },
  );
  upstream.on('error', () => outgoing.destroy());
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}
