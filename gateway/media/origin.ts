import { Readable } from 'node:stream';
import { fail } from '../../contract/failure.ts';
import type { MediaAnswer } from './serve.ts';
import type { MediaSource } from './source.ts';

type Origin = Extract<MediaSource, { type: 'origin' }>;

/** So long an origin may take to its first word; where a playlist is asked to wait for what is not there yet, it may take longer. */
const firstWordMs = 8_000;
const blockedMs = 30_000;
/** So long a body may pause while it is being read. */
const silenceMs = 15_000;

const passedOn = ['content-length', 'content-range', 'accept-ranges'];

/**
 * One file of an HTTP origin, passed on as it comes. `index.m3u8` is whatever playlist the source begins with; `directives` are those of
 * low-latency HLS. Fails with MEDIA_MISSING, SOURCE_UNREACHABLE when nothing answers or it cannot, SOURCE_STALLED when the origin takes
 * the question and keeps silent; a body that falls silent is cut.
 */
export async function fromOrigin(
  origin: Origin,
  name: string,
  type: string,
  init: { range?: string | undefined; directives: string; signal: AbortSignal },
): Promise<MediaAnswer> {
  const url = new URL(name === 'index.m3u8' ? origin.playlist : name, origin.url.endsWith('/') ? origin.url : `${origin.url}/`);
  url.search = init.directives;
  const stop = new AbortController();
  const gone = () => stop.abort();
  if (init.signal.aborted) gone();
  init.signal.addEventListener('abort', gone, { once: true });
  let late = false;
  const limit = init.directives.includes('_HLS_msn') ? blockedMs : firstWordMs;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, limit);
  const response = await fetch(url, {
    headers: init.range === undefined ? {} : { range: init.range },
    redirect: 'error',
    signal: stop.signal,
  })
    .catch(() => fail(late ? 'SOURCE_STALLED' : 'SOURCE_UNREACHABLE'))
    .finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) {
    stop.abort();
    return fail(response.status === 404 || response.status === 410 ? 'MEDIA_MISSING' : 'SOURCE_UNREACHABLE');
  }
  const encoded = response.headers.has('content-encoding');
  const headers = passedOn.flatMap((header) => {
    const value = response.headers.get(header);
    return value === null || (encoded && header === 'content-length') ? [] : [[header, value] as const];
  });
  return {
    status: response.status,
    headers: { ...Object.fromEntries(headers), 'content-type': type },
    body: unsilenced(response.body, stop),
  };
}

/**
 * A body that is cut when it falls silent while it is being read. Who stops reading it lets its source go at once. (`Readable.fromWeb`
 * would end a body that was cut as if it were whole.)
 */
function unsilenced(body: ReadableStream<Uint8Array>, stop: AbortController): Readable {
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  return new Readable({
    read() {
      timer = setTimeout(() => stop.abort(), silenceMs);
      reader.read().then(
        ({ done, value }) => {
          clearTimeout(timer);
          this.push(done ? null : value);
        },
        (error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      clearTimeout(timer);
      stop.abort();
      done(error);
    },
  });
}
