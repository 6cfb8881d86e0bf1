import { describe, expect, it, vi } from 'vitest';
import { type FailureCode, FailureError } from '../../../contract/failure.ts';
import { answerMedia, type MediaAccess } from '../../../main/viewing/media-protocol.ts';

const lease = 'abcdefghij0123456789';
const text = '#EXTM3U\n#EXTINF:4,\nseg-0.m4s\n';

function access(answer: (path: string, signal: AbortSignal) => Response | Promise<Response>, more: Partial<MediaAccess> = {}) {
  const open = new Set<AbortController>();
  const role: MediaAccess = {
    leaseId: () => lease,
    fetch: async (_lease, path, { signal }) => answer(path, signal),
    sending(abort) {
      open.add(abort);
      return () => open.delete(abort);
    },
    refused: vi.fn(),
    ...more,
  };
  return { role, open };
}
const get = (path: string, more: { method?: string; headers?: Record<string, string> } = {}) => ({
  url: `media://${lease}/${path}`,
  method: more.method ?? 'GET',
  headers: new Headers(more.headers),
});
const failing =
  (code: FailureCode, data: object = {}) =>
  () =>
    Promise.reject(new FailureError({ code, data } as never));
/** A body that never ends, and says when its source was let go. */
function endless(signal: AbortSignal) {
  const state = { pulled: 0, canceled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.pulled += 1;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
    cancel() {
      state.canceled = true;
    },
  });
  return { state, signal, response: new Response(body, { headers: { 'content-type': 'video/iso.segment' } }) };
}

describe('answerMedia', () => {
  it('passes on what a playlist of low latency is asked for, and no other query', async () => {
    const asked: string[] = [];
    const { role } = access((path) => {
      asked.push(path);
      return new Response(text);
    });
    expect((await answerMedia(get('index.m3u8?_HLS_msn=7&_HLS_part=2'), role)).status).toBe(200);
    for (const path of ['index.m3u8?a=b', 'seg-0.m4s?_HLS_msn=7', 'index.m3u8?_HLS_msn=7&a=b', 'index.m3u8?_HLS_msn=x'])
      expect((await answerMedia(get(path), role)).status).toBe(403);
    expect(asked).toEqual(['index.m3u8?_HLS_msn=7&_HLS_part=2']);
  });

  it('passes bytes on with the headers that describe them and no others', async () => {
    const { role, open } = access(
      () =>
        new Response('bytes', {
          headers: {
            'content-type': 'video/mp4',
            'content-range': 'bytes 0-4/5',
            'accept-ranges': 'bytes',
            server: 'x',
            'set-cookie': 'a=b',
            location: '/x',
          },
          status: 206,
        }),
    );
    const response = await answerMedia(get('init.mp4'), role);
    expect(response.status).toBe(206);
    expect(Object.fromEntries(response.headers)).toEqual({
      'accept-ranges': 'bytes',
      'access-control-allow-origin': 'app://oversight',
      'access-control-expose-headers': 'x-oversight-failure',
      'cache-control': 'no-store',
      'content-range': 'bytes 0-4/5',
      'content-type': 'video/mp4',
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe('bytes');
    expect(open.size).toBe(0);
  });

  it.each([
    ['another method', get('init.mp4', { method: 'POST' })],
    ['a query', get('init.mp4?x=1')],
    ['a way up', get('../init.mp4')],
    ['a coded way up', get('%2e%2e/init.mp4')],
    ['an unknown kind of file', get('init.html')],
    ['another scheme', { ...get('init.mp4'), url: `http://${lease}/init.mp4` }],
    ['a port', { ...get('init.mp4'), url: `media://${lease}:80/init.mp4` }],
    ['a name and password', { ...get('init.mp4'), url: `media://a:b@${lease}/init.mp4` }],
  ])('refuses %s without asking the gateway', async (_what, request) => {
    const fetch = vi.fn();
    const response = await answerMedia(request, access(() => new Response(), { fetch }).role);
    expect([response.status, response.headers.get('x-oversight-failure')]).toEqual([403, 'not-allowed']);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('refuses another lease, and every lease once the viewing has ended', async () => {
    const fetch = vi.fn();
    const other = await answerMedia(
      { ...get('init.mp4'), url: 'media://zzzzzzzzzzzzzzzzzzzz/init.mp4' },
      access(() => new Response(), { fetch }).role,
    );
    const ended = await answerMedia(get('init.mp4'), access(() => new Response(), { fetch, leaseId: () => null }).role);
    expect([other, ended].map((one) => [one.status, one.headers.get('x-oversight-failure')])).toEqual([
      [403, 'lease-over'],
      [403, 'lease-over'],
    ]);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('passes a plain byte range on and drops anything else', async () => {
    const ranges: unknown[] = [];
    const { role } = access(() => new Response('x'), {
      async fetch(_lease, _path, { range }) {
        ranges.push(range);
        return new Response('x');
      },
    });
    await answerMedia(get('a.ts', { headers: { range: 'bytes=0-99' } }), role);
    await answerMedia(get('a.ts', { headers: { range: 'bytes=0-1,5-6' } }), role);
    expect(ranges).toEqual(['bytes=0-99', undefined]);
  });

  it.each([
    ['MEDIA_MISSING', {}, 404, 'missing'],
    ['SOURCE_UNREACHABLE', {}, 502, 'source-unreachable'],
    ['SOURCE_STALLED', {}, 504, 'source-stalled'],
    ['UNREACHABLE', { host: 'h', why: 'refused' }, 503, 'gateway-unreachable'],
    ['LEASE_OVER', {}, 403, 'lease-over'],
    ['GATEWAY_FAILED', { status: 500 }, 502, 'failed'],
  ] as const)('says %s as an empty answer', async (code, data, status, why) => {
    const { role, open } = access(failing(code, data));
    const response = await answerMedia(get('init.mp4'), role);
    expect([response.status, response.headers.get('x-oversight-failure'), await response.text(), open.size]).toEqual([
      status,
      why,
      '',
      0,
    ]);
    expect(vi.mocked(role.refused)).toHaveBeenCalledTimes(why === 'lease-over' ? 1 : 0);
  });

  it('says nothing of what nobody foresaw', async () => {
    const response = await answerMedia(get('init.mp4'), access(() => Promise.reject(new Error('http://10.0.0.1 secret'))).role);
    expect([response.status, response.headers.get('x-oversight-failure'), await response.text()]).toEqual([502, 'failed', '']);
  });

  it('reads a playlist whole and refuses one that points elsewhere', async () => {
    const good = await answerMedia(get('index.m3u8'), access(() => new Response(text)).role);
    expect([good.headers.get('content-type'), await good.text()]).toEqual(['application/vnd.apple.mpegurl', text]);
    const bad = await answerMedia(get('index.m3u8'), access(() => new Response(`${text}https://evil.example/a.ts\n`)).role);
    expect([bad.status, bad.headers.get('x-oversight-failure'), await bad.text()]).toEqual([422, 'elsewhere', '']);
  });

  it('reads no more than 4 MB of a playlist', async () => {
    let source: ReturnType<typeof endless> | undefined;
    const { role, open } = access((_path, signal) => {
      source = endless(signal);
      return source.response;
    });
    const response = await answerMedia(get('index.m3u8'), role);
    expect([response.headers.get('x-oversight-failure'), source?.signal.aborted, open.size]).toEqual(['too-large', true, 0]);
    expect(source?.state.pulled).toBeLessThan(70);
  });

  it('lets through no more than 64 MB of a file, declared or not', async () => {
    const declared = await answerMedia(
      get('a.m4s'),
      access(() => new Response('x', { headers: { 'content-length': String(65 * 1024 * 1024) } })).role,
    );
    expect(declared.headers.get('x-oversight-failure')).toBe('too-large');
    const { role, open } = access((_path, signal) => endless(signal).response);
    const response = await answerMedia(get('a.m4s'), role);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(open.size).toBe(0);
  });

  it('takes nothing from the gateway before the page reads, and lets go when the page does', async () => {
    let source: ReturnType<typeof endless> | undefined;
    const { role, open } = access((_path, signal) => {
      source = endless(signal);
      return source.response;
    });
    const reader = (await answerMedia(get('a.m4s'), role)).body?.getReader();
    await reader?.read();
    expect([source?.signal.aborted, open.size]).toEqual([false, 1]);
    await reader?.cancel();
    expect([source?.signal.aborted, source?.state.canceled, open.size]).toEqual([true, true, 0]);
  });

  it('cuts what is being sent when the viewing ends', async () => {
    const { role, open } = access((_path, signal) => endless(signal).response);
    const reader = (await answerMedia(get('a.m4s'), role)).body?.getReader();
    await reader?.read();
    for (const abort of open) abort.abort();
    await expect(reader?.read()).rejects.toThrow();
  });

  it('sends nothing when the viewing ended while the gateway was asked', async () => {
    const { role, open } = access(() => {
      for (const abort of open) abort.abort();
      return new Response('late');
    });
    const response = await answerMedia(get('a.m4s'), role);
    expect([response.status, await response.text()]).toEqual([403, '']);
    expect(role.refused).not.toHaveBeenCalled();
  });
});
