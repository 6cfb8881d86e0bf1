import { type Failure, FailureError } from '../../contract/failure.ts';
import { maxAnswerBytes } from '../../contract/gateway.ts';

/** As much of fetch as we use. Electron's `net.fetch` (system proxy, system certificates) in the app; Node's in tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What is known of the last certificate that a host showed and Chromium did not trust. */
export type CertificateNotes = (host: string) => { fingerprint: string; issuer: string; why: string } | null;

const answerLimitMs = 30_000;
/** The gateway says something every 30 s on the event stream (each time wakes this computer); half as long again in silence is a dead line. */
const silenceLimitMs = 45_000;

/**
 * A fetch that cannot hang, swallow the memory or leave the gateway: redirects are refused, JSON answers limited in size and time,
 * event streams in silence. What goes wrong on the way is a FailureError.
 */
export function createTransport(
  fetch: Fetch,
  certificates: CertificateNotes,
): (request: Request, init?: RequestInit) => Promise<Response> {
  return async (request, init = {}) => {
    const { host } = new URL(request.url);
    const stop = new AbortController();
    const outer = init.signal ?? request.signal;
    const abort = () => stop.abort(outer.reason);
    if (outer.aborted) abort();
    outer.addEventListener('abort', abort, { once: true });
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      stop.abort();
    }, answerLimitMs);
    const explain = (error: unknown): never => {
      if (error instanceof FailureError || outer.aborted) throw error;
      throw new FailureError(
        late ? { code: 'UNREACHABLE', data: { host, why: 'timeout' } } : networkFailure(error, host, certificates),
      );
    };
    try {
      const body = request.method === 'GET' ? undefined : await request.text();
      const response = await fetch(request.url, {
        method: request.method,
        headers: Object.fromEntries(request.headers),
        ...(body === undefined ? {} : { body }),
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        signal: stop.signal,
      });
      const type = response.headers.get('content-type') ?? '';
      if (type.startsWith('text/event-stream')) {
        clearTimeout(limit);
        return withBody(response, watched(response.body, stop, silenceLimitMs, explain));
      }
      if (!type.includes('json')) {
        stop.abort();
        throw new FailureError({
          code: response.status >= 500 ? 'GATEWAY_FAILED' : 'NOT_A_GATEWAY',
          data: { host, status: response.status },
        } as Failure);
      }
      return withBody(response, await wholeBody(response, stop));
    } catch (error) {
      return explain(error);
    } finally {
      clearTimeout(limit);
    }
  };
}

function withBody(response: Response, body: BodyInit | null): Response {
  const { status, statusText } = response;
  const headers = new Headers({ 'content-type': response.headers.get('content-type') ?? '' });
  return new Response(status === 204 ? null : body, { status, statusText, headers });
}

async function wholeBody(response: Response, stop: AbortController): Promise<ArrayBuffer | null> {
  if (!response.body) return null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).arrayBuffer();
    length += value.byteLength;
    if (length > maxAnswerBytes) {
      stop.abort();
      throw new FailureError({ code: 'ANSWER_TOO_LARGE', data: { maxBytes: maxAnswerBytes } });
    }
    chunks.push(value);
  }
}

/** A body that ends with a failure when nothing comes for too long, and takes its request with it when it is no longer read. */
function watched(
  body: ReadableStream<Uint8Array> | null,
  stop: AbortController,
  silenceMs: number,
  explain: (error: unknown) => never,
) {
  const reader = body?.getReader();
  let timer: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      timer = setTimeout(() => stop.abort(), silenceMs);
      try {
        const { done = true, value } = (await reader?.read()) ?? {};
        if (done || !value) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        try {
          explain(error);
        } catch (explained) {
          controller.error(explained);
        }
      } finally {
        clearTimeout(timer);
      }
    },
    cancel() {
      clearTimeout(timer);
      stop.abort();
    },
  });
}

/** What a network error says, in the words of Chromium (`net::ERR_…`) and of Node. */
export function networkFailure(error: unknown, host: string, certificates: CertificateNotes): Failure {
  const text = `${error instanceof Error ? `${error.message} ${String((error.cause as { code?: string } | undefined)?.code ?? '')}` : error}`;
  if (/ERR_CERT|ERR_SSL|CERT_|SELF_SIGNED|UNABLE_TO_VERIFY/.test(text)) {
    const known = certificates(host);
    const why = /ERR_\w+/.exec(text)?.[0] ?? 'certificate';
    return {
      code: 'UNTRUSTED_CERTIFICATE',
      data: { host, fingerprint: known?.fingerprint ?? '', issuer: known?.issuer ?? '', why: known?.why ?? why },
    };
  }
  const whys = {
    REFUSED: 'refused',
    NAME: 'name',
    ENOTFOUND: 'name',
    EAI_AGAIN: 'name',
    TIMED_OUT: 'timeout',
    TIMEOUT: 'timeout',
    PROXY: 'proxy',
    TUNNEL: 'proxy',
    RESET: 'cut',
    CLOSED: 'cut',
    EMPTY: 'cut',
    terminated: 'cut',
    'other side': 'cut',
  } as const;
  const found = Object.entries(whys).find(([word]) => text.includes(word));
  return { code: 'UNREACHABLE', data: { host, why: found?.[1] ?? 'network' } };
}
