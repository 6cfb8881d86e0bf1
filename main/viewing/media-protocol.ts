import type { Session } from 'electron';
import { FailureError } from '../../contract/failure.ts';
import { playlistDirectives } from '../../contract/media.ts';
import { type MediaFailure, mediaFailureHeader } from '../../contract/viewing.ts';
import { cleanPlaylist, isMediaPath } from './playlist.ts';

/** What the files of one viewing need of it. */
export interface MediaAccess {
  /** The lease that is good at this very moment, or null. */
  leaseId(): string | null;
  /** A file below the lease, as the gateway sends it; a playlist's name may end in its directives. Rejects with FailureError. */
  fetch(leaseId: string, name: string, init: { range?: string | undefined; signal: AbortSignal }): Promise<Response>;
  /** Keeps what is being sent in hand, so that the end of the viewing aborts it. Answers with the way to let go. */
  sending(abort: AbortController): () => void;
  /** The gateway refused a file under this lease: whether the viewing may go on has to be asked. */
  refused(): void;
}

export type MediaRequest = { url: string; method: string; headers: Headers };

/** A page that gives a file up is heard of only once its answer has begun: so many may wait for their beginning, then the oldest gives way. */
const mostUnanswered = 4;
const gaveWay = 'gave way';
const tooSlow = 'too slow';
const playlistLimitMs = 20_000;
const playlistLimitBytes = 4 * 1024 * 1024;
const fileLimitBytes = 64 * 1024 * 1024;
const page = 'app://oversight';
const passedOn = ['content-type', 'content-length', 'content-range', 'accept-ranges'];
const statuses: Record<MediaFailure, number> = {
  'not-allowed': 403,
  'lease-over': 403,
  missing: 404,
  'source-unreachable': 502,
  'source-stalled': 504,
  'gateway-unreachable': 503,
  // Not 5xx: a player would ask again for what will not change.
  elsewhere: 422,
  unreadable: 422,
  'too-large': 422,
  failed: 502,
};

/** Requests of one viewing that wait for the beginning of their answer. */
export type Unanswered = { parts: Set<AbortController>; pictures: Set<AbortController> };

/** Serves `media://<lease>/…` in the session of one viewing's page, and nothing but the files of that viewing. */
export function handleMedia(session: Session, access: MediaAccess): void {
  const unanswered: Unanswered = { parts: new Set(), pictures: new Set() };
  session.protocol.handle('media', (request) => answerMedia(request, access, unanswered));
}

/**
 * The answer to one request of the player: a file of its viewing, passed through as it comes, or an empty answer whose header says why
 * not. The lease is checked on each; nothing of the gateway passes but the bytes and the headers that describe them.
 */
export async function answerMedia(
  request: MediaRequest,
  access: MediaAccess,
  unanswered: Unanswered = { parts: new Set(), pictures: new Set() },
): Promise<Response> {
  const [, host = '', path = '', query = ''] = /^media:\/\/([a-z0-9]+)\/([^?]*)(?:\?(.*))?$/.exec(request.url) ?? [];
  const directives = playlistDirectives(query);
  const allowed = isMediaPath(path) && directives !== null && (directives === '' || path.endsWith('.m3u8'));
  if (request.method !== 'GET' || !allowed) return refusal('not-allowed');
  const leaseId = access.leaseId();
  if (leaseId === null || host !== leaseId) return refusal('lease-over');
  const abort = new AbortController();
  const letGo = access.sending(abort);
  const refuse = (why: MediaFailure) => {
    letGo();
    abort.abort();
    return refusal(why);
  };
  const answered = path.endsWith('.m3u8')
    ? () => undefined
    : takeTurn(path.endsWith('.jpg') ? unanswered.pictures : unanswered.parts, abort);
  try {
    const name = directives === '' ? path : `${path}?${directives}`;
    const response = await access
      .fetch(leaseId, name, { range: rangeOf(request.headers), signal: abort.signal })
      .finally(answered);
    if (abort.signal.aborted) throw new FailureError({ code: 'CANCELED', data: {} });
    if (path.endsWith('.m3u8')) return await playlist(response, directives, abort).finally(letGo);
    const headers = headersOf(response);
    if (Number(headers.get('content-length') ?? 0) > fileLimitBytes) return refuse('too-large');
    // Passing the response itself on would leave it open when the page aborts (electron#47097): only `cancel` hears of that.
    if (!response.body) letGo();
    const body = response.body && limited(response.body, fileLimitBytes, abort, letGo);
    return new Response(body, { status: response.status, headers });
  } catch (error) {
    if (abort.signal.reason === gaveWay) return refuse('failed');
    if (abort.signal.reason === tooSlow) return refuse('source-stalled');
    const why = whyOf(error);
    if (why === 'lease-over' && !abort.signal.aborted) access.refused();
    return refuse(why);
  }
}

/** Lets the oldest that still waits give way to one more. Answers with what is to be called when that one is answered. */
function takeTurn(waiting: Set<AbortController>, abort: AbortController): () => void {
  const [oldest] = waiting;
  if (oldest && waiting.size >= mostUnanswered) {
    waiting.delete(oldest);
    oldest.abort(gaveWay);
  }
  waiting.add(abort);
  return () => waiting.delete(abort);
}

async function playlist(response: Response, directives: string, abort: AbortController): Promise<Response> {
  if (!response.ok || !response.body) return refusal('failed');
  const limit = setTimeout(() => abort.abort(tooSlow), playlistLimitMs);
  return readPlaylist(response.body, directives, abort).finally(() => clearTimeout(limit));
}

async function readPlaylist(body: ReadableStream<Uint8Array>, directives: string, abort: AbortController): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > playlistLimitBytes) {
      abort.abort();
      return refusal('too-large');
    }
    chunks.push(value);
  }
  const cleaned = cleanPlaylist(Buffer.concat(chunks).toString('utf8'), directives);
  if (abort.signal.aborted) return refusal('lease-over');
  return 'refused' in cleaned
    ? refusal(cleaned.refused)
    : new Response(cleaned.clean, { headers: ownHeaders({ 'content-type': 'application/vnd.apple.mpegurl' }) });
}

/** A body of `maxBytes` at most. Who stops reading it stops its source; whoever aborts the source ends it at once. */
function limited(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  abort: AbortController,
  done: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let sent = 0;
  let over = false;
  const finish = (end: () => void) => {
    if (over) return;
    over = true;
    done();
    end();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        abort.signal.addEventListener('abort', () => finish(() => controller.error(new Error('aborted'))), { once: true });
      },
      async pull(controller) {
        try {
          const next = await reader.read();
          if (over) return;
          if (next.done) return finish(() => controller.close());
          sent += next.value.byteLength;
          if (sent > maxBytes) abort.abort();
          else controller.enqueue(next.value);
        } catch (error) {
          finish(() => controller.error(error));
        }
      },
      cancel() {
        finish(() => abort.abort());
        void reader.cancel().catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function rangeOf(headers: Headers): string | undefined {
  const range = headers.get('range') ?? '';
  return /^bytes=\d{1,15}-\d{0,15}$/.test(range) ? range : undefined;
}

function headersOf(response: Response): Headers {
  const encoded = response.headers.has('content-encoding');
  const passed = passedOn.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null || (encoded && name === 'content-length') ? [] : [[name, value] as const];
  });
  return ownHeaders(Object.fromEntries(passed));
}

function ownHeaders(more: Record<string, string>): Headers {
  return new Headers({
    ...more,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': page,
    'access-control-expose-headers': mediaFailureHeader,
  });
}

function refusal(why: MediaFailure): Response {
  return new Response(null, { status: statuses[why], headers: ownHeaders({ [mediaFailureHeader]: why }) });
}

function whyOf(error: unknown): MediaFailure {
  if (!(error instanceof FailureError)) return 'failed';
  switch (error.failure.code) {
    case 'MEDIA_MISSING':
    case 'NOT_FOUND':
      return 'missing';
    case 'SOURCE_UNREACHABLE':
      return 'source-unreachable';
    case 'SOURCE_STALLED':
      return 'source-stalled';
    case 'UNREACHABLE':
    case 'UNTRUSTED_CERTIFICATE':
      return 'gateway-unreachable';
    case 'CANCELED':
    case 'LEASE_OVER':
    case 'REVOKED':
    case 'WINDOW_OVER':
    case 'WINDOW_NOT_OPEN':
    case 'APPROVAL_NEEDED':
    case 'ROLE_MISSING':
    case 'PERMISSION_MISSING':
    case 'TOKEN_EXPIRED':
    case 'SIGNED_OUT':
    case 'NOT_LIVE':
      return 'lease-over';
    default:
      return 'failed';
  }
}
