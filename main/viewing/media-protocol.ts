import type { Session } from 'electron';
import { type FailureCode, FailureError, failures } from '../../contract/failure.ts';
import type { Gateway } from '../gateway/client.ts';
import { origin } from '../shell/origin.ts';
import { isSafeName, staysInside } from './playlist.ts';

/** What the media protocol needs to know of the viewings. */
export interface Leases {
  /** The gateway of a lease that runs, and a signal that ends everything under it; null for any other lease. */
  running(leaseId: string): { gateway: Gateway; signal: AbortSignal } | null;
  /** A playlist under this lease pointed elsewhere: the viewing cannot go on. */
  distrusted(leaseId: string): void;
}

const largestPlaylistBytes = 4 * 1024 * 1024;
const largestFileBytes = 256 * 1024 * 1024;
const passedOn = ['content-type', 'content-length', 'content-range', 'accept-ranges'];

/** Answers `media://<lease>/<name>` in the session of a player page. */
export function handleMedia(session: Session, leases: Leases): void {
  session.protocol.handle('media', (request) => answerMedia(request, leases));
}

/**
 * One file below a running lease. The lease is checked here and at the gateway; the token is added behind this border; playlists must
 * stay inside the lease; only listed headers pass. A failure is an empty answer with its code in `x-oversight-failure`.
 */
export async function answerMedia(request: Request, leases: Leases): Promise<Response> {
  const url = new URL(request.url);
  const name = url.pathname.slice(1);
  if (request.method !== 'GET' || url.search !== '' || !isSafeName(name)) return refusal('MEDIA_MISSING');
  const lease = leases.running(url.host);
  if (!lease) return refusal('LEASE_OVER');
  // A handler that passes upstream's answer through never closes it when the page stops reading (electron#47097): the stream that
  // the page reads ends upstream by `stop`.
  const stop = new AbortController();
  const end = () => stop.abort();
  lease.signal.addEventListener('abort', end, { once: true });
  const release = () => lease.signal.removeEventListener('abort', end);
  try {
    const response = await lease.gateway.media(url.host, name, { range: request.headers.get('range') ?? undefined, signal: stop.signal });
    const headers = new Headers({ 'access-control-allow-origin': origin, 'cache-control': 'no-store' });
    for (const header of passedOn) {
      const value = response.headers.get(header);
      if (value !== null) headers.set(header, value);
    }
    if (name.endsWith('.m3u8')) {
      const text = await limitedText(response, stop);
      release();
      if (!staysInside(text)) {
        leases.distrusted(url.host);
        return refusal('BAD_ANSWER');
      }
      headers.delete('content-length');
      return new Response(text, { status: 200, headers });
    }
    return new Response(limitedStream(response, stop, release), { status: response.status, headers });
  } catch (error) {
    release();
    end();
    return refusal(error instanceof FailureError ? error.failure.code : 'UNREACHABLE');
  }
}

function refusal(code: FailureCode): Response {
  const headers = { 'x-oversight-failure': code, 'access-control-allow-origin': origin, 'access-control-expose-headers': 'x-oversight-failure' };
  const { status } = failures[code];
  return new Response(null, { status: status >= 400 && status < 500 ? status : 502, headers });
}

async function limitedText(response: Response, stop: AbortController): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (const reader = response.body?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.length > largestPlaylistBytes) {
      stop.abort();
      throw new FailureError({ code: 'ANSWER_TOO_LARGE', data: { maxBytes: largestPlaylistBytes } });
    }
  }
  return text;
}

function limitedStream(response: Response, stop: AbortController, release: () => void): ReadableStream<Uint8Array> {
  const reader = response.body?.getReader();
  let length = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done = true, value } = (await reader?.read()) ?? {};
        if (done || !value) {
          release();
          controller.close();
          return;
        }
        length += value.byteLength;
        if (length > largestFileBytes) throw new Error('the file is too large');
        controller.enqueue(value);
      } catch (error) {
        release();
        stop.abort();
        controller.error(error);
      }
    },
    cancel() {
      release();
      stop.abort();
    },
  });
}
