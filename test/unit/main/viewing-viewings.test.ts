import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Failure, FailureError } from '../../../contract/failure.ts';
import { toInstant } from '../../../contract/time.ts';
import type { ViewingEnd } from '../../../contract/viewing.ts';
import { area, session, startMs, viewingWorld as world } from '../../support/viewing-world.ts';

const refuse = (failure: Failure) => () => Promise.reject(new FailureError(failure));

beforeEach(() => {
  vi.useFakeTimers({ now: startMs });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('viewings', () => {
  it('opens with a lease and tells the page what to play, never more', async () => {
    const { viewings } = world();
    expect(await viewings.open('4f1e9', 'recording')).toEqual({ viewingId: 'v1' });
    expect(await viewings.current('v1')).toEqual({
      viewingId: 'v1',
      kind: 'recording',
      session,
      requestId: 'r1',
      accessEnd: toInstant(startMs + 3_600_000),
      source: 'media://abcdefghij0123456789/index.m3u8',
      viewer: 'marta.reis',
      events: [{ atMs: 0, type: 'session', text: 'akim from 10.4.1.80' }],
      recording: null,
      coverage: null,
      visible: false,
      frame: 'main',
      fullScreen: false,
      continueAtMs: null,
      beginAtMs: null,
      end: null,
    });
  });

  it('renews at half the lease’s life for as long as it runs', async () => {
    const { viewings, calls, ends } = world();
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(29_000);
    expect(calls).toEqual(['start']);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(calls.filter((call) => call === 'renew')).toHaveLength(20);
    expect(ends()).toEqual([]);
  });

  it('opening the same again brings it to the front; others run beside it, up to a limit', async () => {
    const { viewings, views, ends, calls, focused } = world();
    const [first, second] = await Promise.all([viewings.open('4f1e9', 'recording'), viewings.open('4f1e9', 'recording')]);
    expect([first, second, views.length, focused]).toEqual([{ viewingId: 'v1' }, { viewingId: 'v1' }, 1, ['v1']]);
    for (const other of ['b', 'c', 'd']) await viewings.open(other, 'recording');
    await expect(viewings.open('e', 'recording')).rejects.toThrow('TOO_MANY_VIEWINGS');
    expect([viewings.list().map(({ sessionId }) => sessionId), ends(), calls]).toEqual([
      ['4f1e9', 'b', 'c', 'd'],
      [],
      ['start', 'start', 'start', 'start'],
    ]);
    viewings.blanked('v2');
    await viewings.close('v2');
    expect(await viewings.open('e', 'recording')).toEqual({ viewingId: 'v5' });
  });

  it('ends when the window ends, to the moment', async () => {
    const { viewings, ends } = world({ accessEndMs: startMs + 90_000 });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(89_999);
    expect(ends()).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(ends()).toMatchObject([{ why: 'window-over', at: toInstant(startMs + 90_000) }]);
    expect(viewings.media('v1').leaseId()).toBeNull();
  });

  it.each([
    [
      { code: 'WINDOW_OVER', data: { until: toInstant(startMs) } },
      { why: 'window-over', at: toInstant(startMs) },
    ],
    [
      { code: 'REVOKED', data: { by: 'Bruno Costa', at: toInstant(startMs + 5), comment: 'wrong ticket' } },
      { why: 'revoked', by: 'Bruno Costa', comment: 'wrong ticket', at: toInstant(startMs + 5) },
    ],
    [{ code: 'ROLE_MISSING', data: { needed: [] } }, { why: 'role-lost' }],
    [{ code: 'PERMISSION_MISSING', data: { permission: 'p' } }, { why: 'role-lost' }],
    [{ code: 'SIGNED_OUT', data: {} }, { why: 'signed-out' }],
    [{ code: 'LEASE_OVER', data: {} }, { why: 'lease-lost' }],
  ] as [Failure, Partial<ViewingEnd>][])('a renewal refused with %j ends it', async (failure, end) => {
    const { viewings, ends } = world({ renew: refuse(failure) });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(30_001);
    expect(ends()).toMatchObject([end]);
  });

  it('tries on while the gateway is away, and ends when the lease does', async () => {
    let away = true;
    const failure: Failure = { code: 'UNREACHABLE', data: { host: 'h', why: 'refused' } };
    const { viewings, ends } = world({ renew: async () => (away ? refuse(failure)() : undefined) });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(45_000);
    away = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends()).toEqual([]);
    away = true;
    await vi.advanceTimersByTimeAsync(90_000);
    expect(ends()).toMatchObject([{ why: 'lease-lost', failure }]);
  });

  it('a hanging renewal does not outlive the lease', async () => {
    const { viewings, ends } = world({ renew: () => new Promise(() => undefined) });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(60_001);
    expect(ends()).toMatchObject([{ why: 'lease-lost' }]);
  });

  it('what the gateway pushes ends it at once: streams are cut before anybody is told', async () => {
    const { viewings, told, views } = world();
    await viewings.open('4f1e9', 'recording');
    const abort = new AbortController();
    viewings.media('v1').sending(abort);
    const order: string[] = [];
    abort.signal.addEventListener('abort', () => order.push(`cut, told ${told.length}`));
    const end: ViewingEnd = { why: 'revoked', at: toInstant(startMs), by: 'Bruno', comment: 'no', failure: null };
    viewings.heard({ type: 'viewing-ended', viewingId: 'v1', end });
    expect(order).toEqual(['cut, told 1']);
    expect(told[1]).toEqual({ name: 'viewing-ended', payload: { viewingId: 'v1', end } });
    expect(viewings.media('v1').leaseId()).toBeNull();
    viewings.blanked('v1');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(views[0]?.destroyed).toBe(false);
    expect((await viewings.current('v1')).end).toEqual(end);
  });

  it('destroys a page that does not blank within 250 ms', async () => {
    const { viewings, views } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.heard({
      type: 'viewing-ended',
      viewingId: 'v1',
      end: { why: 'revoked', at: toInstant(startMs), by: null, comment: null, failure: null },
    });
    await vi.advanceTimersByTimeAsync(249);
    expect(views[0]?.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(views[0]?.destroyed).toBe(true);
  });

  it('asks again after sleep before anything is shown', async () => {
    const asked = Promise.withResolvers<void>();
    const { viewings, laid, told } = world({ renew: () => asked.promise });
    const placed = () => laid.map((how) => how.frame === 'main' && how.area);
    await viewings.open('4f1e9', 'recording');
    viewings.place('v1', area);
    viewings.recheck();
    viewings.place('v1', area);
    expect(placed()).toEqual([area, null, null]);
    asked.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(placed()).toEqual([area, null, null, area]);
    const visible = told
      .filter(({ name }) => name === 'viewing-visible')
      .map(({ payload }) => (payload as { visible: boolean }).visible);
    expect(visible).toEqual([true, false, true]);
  });

  it('takes the last entries while it closes, numbered in order, and gives the lease back', async () => {
    const { viewings, sent, calls } = world();
    await viewings.open('4f1e9', 'recording');
    const at = toInstant(startMs);
    viewings.report('v1', [{ type: 'play', at, atMs: 0, speed: 1 }]);
    const closing = viewings.close('v1');
    viewings.report('v1', [{ type: 'end', at, atMs: 900 }]);
    viewings.blanked('v1');
    await closing;
    expect(sent.flat().map(({ sequence, entry }) => [sequence, entry.type])).toEqual([
      [0, 'play'],
      [1, 'end'],
    ]);
    expect(calls.at(-1)).toBe('end');
    expect(() => viewings.report('v1', [{ type: 'end', at, atMs: 900 }])).toThrow('NOT_FOUND');
  });

  it('leaving what has ended already takes its view away and says closed', async () => {
    const { viewings, views, ends } = world({ accessEndMs: startMs + 1_000 });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(1_001);
    viewings.blanked('v1');
    await vi.advanceTimersByTimeAsync(1);
    await viewings.close('v1');
    expect([views[0]?.destroyed, ends().map((end) => end.why)]).toEqual([true, ['window-over', 'closed']]);
  });

  it('signing out ends everything', async () => {
    const { viewings, views, ends, calls } = world();
    await viewings.open('4f1e9', 'recording');
    const closed = viewings.closeAll('signed-out');
    await vi.advanceTimersByTimeAsync(300);
    await closed;
    await vi.advanceTimersByTimeAsync(600_000);
    expect([views[0]?.destroyed, ends().map((end) => end.why), calls]).toEqual([true, ['signed-out'], ['start']]);
  });
});
