import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type FailureCode, FailureError } from '../../../contract/failure.ts';
import { isLoopback, parseAddress } from '../../../main/gateway/address.ts';
import { createGateway, pauseBefore } from '../../../main/gateway/client.ts';
import { createClock } from '../../../main/gateway/clock.ts';
import { networkFailure } from '../../../main/gateway/transport.ts';
import { redact } from '../../../main/log.ts';

const code = (work: () => unknown): string => {
  try {
    return String(work());
  } catch (error) {
    return error instanceof FailureError ? error.failure.code : String(error);
  }
};

it.each([
  ['pam.example.com', 'https://pam.example.com'],
  ['https://pam.example.com/', 'https://pam.example.com'],
  ['https://pam.example.com:8443', 'https://pam.example.com:8443'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://localhost', 'http://localhost'],
  ['http://[::1]:80', 'http://[::1]'],
  ['http://2130706433', 'http://127.0.0.1'],
  ['http://pam.example.com', 'PLAIN_HTTP_REFUSED'],
  ['http://127.0.0.1.example.com', 'PLAIN_HTTP_REFUSED'],
  ['http://localhost.example.com', 'PLAIN_HTTP_REFUSED'],
  ['https://user:secret@pam.example.com', 'ADDRESS_INVALID'],
  ['https://pam.example.com/path', 'ADDRESS_INVALID'],
  ['https://pam.example.com?x=1', 'ADDRESS_INVALID'],
  ['ftp://pam.example.com', 'ADDRESS_INVALID'],
  ['javascript:alert(1)', 'ADDRESS_INVALID'],
  ['', 'ADDRESS_INVALID'],
  ['not an address', 'ADDRESS_INVALID'],
])('the address %s becomes %s', (typed, expected) => {
  expect(code(() => parseAddress(typed))).toBe(expected);
});

it('knows this computer by nothing but its own names', () => {
  expect(['127.9.9.9', 'localhost', '[::1]'].every(isLoopback)).toBe(true);
  expect(['128.0.0.1', 'localhost.', '[::2]', '127.0.0.1.example'].some(isLoopback)).toBe(false);
});

it.each<[string, string, string, FailureCode]>([
  ['a page', 'text/html', '<html></html>', 'NOT_A_GATEWAY'],
  ['another product', 'application/json', '{"product":"another"}', 'NOT_A_GATEWAY'],
  ['half an answer', 'application/json', '{"product":"oversight-gat', 'NOT_A_GATEWAY'],
  ['an older contract', 'application/json', about(0, 9), 'GATEWAY_TOO_OLD'],
  ['a newer contract', 'application/json', about(2, 0), 'GATEWAY_TOO_NEW'],
])('%s at the address is said as it is', async (_what, type, body, expected) => {
  const server = createServer((_request, response) => void response.writeHead(200, { 'content-type': type }).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway = createGateway({
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetch,
    certificates: () => null,
    credentials: { accessToken: async () => null, renew: async () => undefined },
    clock: createClock(),
    wait: async () => undefined,
  });
  const failed = await gateway.about().catch((error) => error);
  server.close();
  expect(failed.failure.code).toBe(expected);
});

function about(major: number, minor: number): string {
  return JSON.stringify({
    product: 'oversight-gateway',
    name: 'x',
    contract: { major, minor },
    time: new Date().toISOString(),
    zoneMinutes: 0,
  });
}

it('tries again what may pass, never what a person did wrong, and not for ever', () => {
  const half = () => 0.5;
  expect(pauseBefore({ code: 'GATEWAY_FAILED', data: { status: 503 } }, 1, half)).toBe(250);
  expect(pauseBefore({ code: 'GATEWAY_FAILED', data: { status: 503 } }, 2, half)).toBe(500);
  expect(pauseBefore({ code: 'GATEWAY_FAILED', data: { status: 503 } }, 3, half)).toBeNull();
  expect(pauseBefore({ code: 'RATE_LIMITED', data: { retryAfterMs: 700 } }, 1)).toBe(700);
  expect(pauseBefore({ code: 'RATE_LIMITED', data: { retryAfterMs: 60_000 } }, 1)).toBeNull();
  expect(pauseBefore({ code: 'UNREACHABLE', data: { host: 'x', why: 'name' } }, 1)).toBeNull();
  expect(pauseBefore({ code: 'SIGN_IN_FAILED', data: {} }, 1)).toBeNull();
});

it('reads network errors in the words of Chromium and of Node', () => {
  const why = (message: string, cause?: string) => {
    const failure = networkFailure(Object.assign(new Error(message), cause ? { cause: { code: cause } } : {}), 'h', () => null);
    return failure.code === 'UNREACHABLE' ? failure.data.why : failure.code;
  };
  expect(why('net::ERR_CONNECTION_REFUSED')).toBe('refused');
  expect(why('fetch failed', 'ECONNREFUSED')).toBe('refused');
  expect(why('net::ERR_NAME_NOT_RESOLVED')).toBe('name');
  expect(why('fetch failed', 'ENOTFOUND')).toBe('name');
  expect(why('net::ERR_TUNNEL_CONNECTION_FAILED')).toBe('proxy');
  expect(why('net::ERR_CERT_AUTHORITY_INVALID')).toBe('UNTRUSTED_CERTIFICATE');
});

it('the clock is the gateway’s: setting the computer’s changes nothing, a better observation does', () => {
  let monotonic = 1000;
  let wall = 5_000_000;
  const clock = createClock(
    () => monotonic,
    () => wall,
  );
  expect(clock.now()).toBe(5_000_000);
  clock.observe(1000, 1100, new Date(8_000_000).toISOString());
  monotonic = 2000;
  expect(clock.now()).toBe(8_000_950);
  wall += 86_400_000;
  expect(clock.now()).toBe(8_000_950);
  // Worse, and in agreement: not taken.
  clock.observe(2000, 3000, new Date(8_001_460).toISOString());
  expect(clock.now()).toBe(8_000_950);
  // The computer slept while its clock stood still: the contradiction is taken.
  clock.observe(2000, 2200, new Date(9_000_000).toISOString());
  expect(clock.now()).toBe(8_999_900);
});

it('nothing secret is logged, by name or by form', () => {
  const logged = JSON.stringify(
    redact({
      password: 'hunter2',
      url: 'x',
      nested: { refreshToken: 'abc' },
      text: 'Bearer abc.def',
      more: ['eyJhbGciOi.eyJzdWIi.c2ln', 'ovr_abcdef'],
    }),
  );
  for (const secret of ['hunter2', 'abc', 'eyJ', 'ovr_abc']) expect(logged).not.toContain(secret);
});
