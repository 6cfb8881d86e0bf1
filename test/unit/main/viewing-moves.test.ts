import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Failure, FailureError } from '../../../contract/failure.ts';
import { toInstant } from '../../../contract/time.ts';
import type { Picture } from '../../../contract/viewing.ts';
import { area, startMs, viewingWorld as world } from '../../support/viewing-world.ts';

const at = toInstant(startMs);
const picture: Picture = { atMs: 61_500, width: 16, height: 16, rgba: new Uint8Array(1024) };

beforeEach(() => {
  vi.useFakeTimers({ now: startMs });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('where a viewing lies', () => {
  it('moves to a window of its own at once, and stays visible though the main window has no room for it', async () => {
    const { viewings, laid, told } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.place('v1', area);
    viewings.move('v1', 'own');
    viewings.place('v1', null);
    expect(laid.at(-1)).toEqual({ frame: 'own', hidden: false, fullScreen: false });
    expect(viewings.list()).toMatchObject([{ viewingId: 'v1', frame: 'own' }]);
    expect(told.filter(({ name }) => name === 'viewing-visible').map(({ payload }) => payload)).toEqual([
      { viewingId: 'v1', visible: true },
    ]);
  });

  it('comes back when there is room for it, and after a second in any case', async () => {
    const { viewings, laid, told, focused } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.move('v1', 'own');
    viewings.move('v1', 'main');
    expect([laid.at(-1)?.frame, focused.includes('main'), told.some(({ name }) => name === 'viewing-comes')]).toEqual([
      'own',
      true,
      true,
    ]);
    viewings.place('v1', area);
    expect(laid.at(-1)).toEqual({ frame: 'main', area, fullScreen: false });
    viewings.move('v1', 'own');
    viewings.place('v1', null);
    viewings.move('v1', 'main');
    await vi.advanceTimersByTimeAsync(1_001);
    expect(laid.at(-1)).toEqual({ frame: 'main', area: null, fullScreen: false });
  });

  it('is hidden while its own window is minimised, and ends when that is closed', async () => {
    const { viewings, views, told } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.move('v1', 'own');
    views[0]?.reports.seen(false);
    views[0]?.reports.seen(true);
    expect(
      told.filter(({ name }) => name === 'viewing-visible').map(({ payload }) => (payload as { visible: boolean }).visible),
    ).toEqual([true, false, true]);
    views[0]?.reports.closed();
    await vi.advanceTimersByTimeAsync(300);
    expect([viewings.list(), views[0]?.destroyed]).toEqual([[], true]);
  });

  it('says in the main window how it ended where its own had to be taken away', async () => {
    const { viewings, views } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.move('v1', 'own');
    viewings.lock();
    await vi.advanceTimersByTimeAsync(251);
    expect(views[0]?.destroyed).toBe(true);
    expect(viewings.list()).toMatchObject([{ frame: 'main', end: { why: 'locked' } }]);
  });

  it('a new page of the main window has no room yet', async () => {
    const { viewings, views, laid } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.place('v1', area);
    views[0]?.reports.roomLost();
    expect(laid.at(-1)).toMatchObject({ area: null });
  });

  it('what is watched in a main window that goes out of sight is closed; what has a window of its own goes on', async () => {
    const { viewings } = world();
    await viewings.open('a', 'recording');
    await viewings.open('b', 'recording');
    viewings.move('v2', 'own');
    viewings.closeDocked();
    await vi.advanceTimersByTimeAsync(300);
    expect(viewings.list().map(({ sessionId }) => sessionId)).toEqual(['b']);
  });
});

describe('the lock of the screen', () => {
  it('ends every viewing, gives the leases back, and the same session opens where it stopped', async () => {
    const { viewings, ends, calls } = world();
    await viewings.open('a', 'recording');
    await viewings.open('b', 'recording');
    viewings.report('v1', [{ type: 'shown', at, fromMs: 0, toMs: 83_000, speed: 1 }]);
    viewings.lock();
    viewings.blanked('v1');
    viewings.blanked('v2');
    await vi.advanceTimersByTimeAsync(1);
    expect(ends().map(({ why }) => why)).toEqual(['locked', 'locked']);
    expect(calls.filter((call) => call === 'end')).toHaveLength(2);
    const { viewingId } = await viewings.open('a', 'recording');
    expect((await viewings.current(viewingId)).continueAtMs).toBe(83_000);
    expect(viewings.list().map(({ sessionId }) => sessionId)).toEqual(['b', 'a']);
  });
});

describe('a place that was chosen', () => {
  it('is where the recording begins, or goes on in the viewing that runs', async () => {
    const { viewings, told, focused } = world();
    const { viewingId } = await viewings.open('a', 'recording', 20_000);
    expect((await viewings.current(viewingId)).beginAtMs).toBe(20_000);
    told.splice(0);
    expect(await viewings.open('a', 'recording', 31_000)).toEqual({ viewingId });
    expect(told).toContainEqual({ name: 'viewing-go', payload: { viewingId, atMs: 31_000 } });
    expect(focused).toContain(viewingId);
    told.splice(0);
    await viewings.open('a', 'recording');
    expect(told.filter(({ name }) => name === 'viewing-go')).toEqual([]);
  });
});

describe('more time', () => {
  it('is asked for in the main window, in the words of the running request', async () => {
    const { viewings, led } = world();
    await viewings.open('4f1e9', 'recording');
    viewings.moreTime('v1');
    expect(led).toEqual([{ go: 'ask', sessionId: '4f1e9', kind: 'recording', likeRequestId: 'r1' }]);
  });

  it('is told where a viewing has ended and its session may be watched again', async () => {
    const { viewings, told } = world({ accessEndMs: startMs + 1_000 });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(1_001);
    const sessionEvent = (state: 'ask' | 'open') =>
      ({
        type: 'session',
        session: { id: '4f1e9', access: { recording: { state } } },
      }) as unknown as Parameters<typeof viewings.heard>[0];
    viewings.heard(sessionEvent('ask'));
    expect(told.some(({ name }) => name === 'viewing-allowed')).toBe(false);
    viewings.heard(sessionEvent('open'));
    expect(told.at(-1)).toEqual({ name: 'viewing-allowed', payload: { viewingId: 'v1' } });
  });
});

describe('a snapshot', () => {
  it('is put on record by the gateway before it is written, and stands in the receipts', async () => {
    const { viewings, calls, saved, sent } = world({ file: '/somewhere/kept.png' });
    await viewings.open('4f1e9', 'recording');
    expect(await viewings.snapshot('v1', picture)).toBe(true);
    expect([calls.at(-1), saved]).toEqual(['snapshot', ['/somewhere/kept.png']]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.flat().map(({ entry }) => entry)).toEqual([{ type: 'snapshot', at, atMs: 61_500 }]);
  });

  it('is not written when the person does not want it, nor when the gateway refuses it', async () => {
    const unwanted = world({ file: null });
    await unwanted.viewings.open('4f1e9', 'recording');
    expect(await unwanted.viewings.snapshot('v1', picture)).toBe(false);
    expect([unwanted.saved, unwanted.calls]).toEqual([[], ['start']]);

    const failure: Failure = { code: 'SNAPSHOT_NOT_ALLOWED', data: {} };
    const refused = world({ file: '/somewhere/kept.png', snapshot: () => Promise.reject(new FailureError(failure)) });
    await refused.viewings.open('4f1e9', 'recording');
    await expect(refused.viewings.snapshot('v1', picture)).rejects.toThrow('SNAPSHOT_NOT_ALLOWED');
    await vi.advanceTimersByTimeAsync(5_000);
    expect([refused.saved, refused.sent]).toEqual([[], []]);
  });

  it('is refused once the viewing has ended', async () => {
    const { viewings, saved } = world({ file: '/somewhere/kept.png', accessEndMs: startMs + 1_000 });
    await viewings.open('4f1e9', 'recording');
    await vi.advanceTimersByTimeAsync(1_001);
    await expect(viewings.snapshot('v1', picture)).rejects.toThrow('LEASE_OVER');
    expect(saved).toEqual([]);
  });
});
