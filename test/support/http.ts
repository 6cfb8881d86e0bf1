import type { AccessRequest } from '../../contract/request.ts';

export type HttpAnswer<T = unknown> = { status: number; body: T & { code?: string; data?: Record<string, unknown> } };

/** A person at a gateway over plain HTTP, as any other client would be. */
export type HttpPerson = {
  accessToken: string;
  refreshToken: string;
  post<T = unknown>(path: string, body: unknown): Promise<HttpAnswer<T>>;
  get<T = unknown>(path: string): Promise<HttpAnswer<T>>;
};

export async function httpCall<T>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<HttpAnswer<T>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json().catch(() => ({}))) as HttpAnswer<T>['body'] };
}

export async function httpSignIn(url: string, userName: string, more: object = {}): Promise<HttpPerson> {
  const { status, body } = await httpCall<{ accessToken: string; refreshToken: string }>(url, 'POST', '/v1/sign-in', {
    userName,
    password: 'demo-oversight',
    ...more,
  });
  if (status !== 200) throw new Error(`${userName} could not sign in: ${status} ${body.code}`);
  const { accessToken, refreshToken } = body;
  return {
    accessToken,
    refreshToken,
    post: (path, given) => httpCall(url, 'POST', path, given, accessToken),
    get: (path) => httpCall(url, 'GET', path, undefined, accessToken),
  };
}

/** What the Justification dialog would send, from a moment ago for an hour. */
export function newRequest(sessionId: string, over: object = {}) {
  const now = Date.now();
  return {
    key: crypto.randomUUID(),
    sessionId,
    kind: 'recording',
    justification: 'Investigating what happened there',
    reasonId: 'incident',
    governanceCode: null,
    window: { start: new Date(now - 1000).toISOString(), end: new Date(now + 3_600_000).toISOString() },
    ...over,
  };
}

export function newDecision(request: AccessRequest, over: object = {}) {
  return { key: crypto.randomUUID(), id: request.id, version: request.version, verdict: 'approve', comment: '', ...over };
}
