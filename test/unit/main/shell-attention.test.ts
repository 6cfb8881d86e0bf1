import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessRequest, RequestQuery } from '../../../contract/request.ts';
import { defaultSettings } from '../../../contract/settings.ts';
import { toInstant } from '../../../contract/time.ts';
import { createAttention } from '../../../main/shell/attention.ts';
import type { Shown } from '../../../main/shell/notices.ts';
import type { TrayState } from '../../../main/shell/tray-model.ts';
import { hourMs, noonMs, sampleRequest } from '../../support/samples.ts';

const minute = 60_000;
const yes = { allowed: true } as const;
const no = { allowed: false, why: 'SELF_APPROVAL' } as const;
const forMe = (number: number, more: Partial<AccessRequest> = {}) =>
  sampleRequest(number, { may: { decide: yes, cancel: no, revoke: no }, ...more });
const approved = (number: number) =>
  forMe(number, {
    version: 2,
    state: { status: 'approved', at: toInstant(noonMs) },
    may: { decide: no, cancel: no, revoke: yes },
  });

/** One computer: what is told is kept between two lives of the app. */
function computer(waiting: AccessRequest[] = []) {
  const disk: { told: string[] | null } = { told: null };
  const gateway = { waiting, reachable: true };
  const desktop = { listens: true };
  const settings = { ...defaultSettings };
  const shown: Shown[] = [];
  const trays: TrayState[] = [];
  const start = () =>
    createAttention({
      async list({ scope }: RequestQuery) {
        if (!gateway.reachable) throw new Error('unreachable');
        return { items: scope === 'waiting' ? gateway.waiting : [], nextCursor: null };
      },
      personId: () => 'p-me',
      clock: { now: () => Date.now() },
      settings: () => settings,
      told: {
        read: async () => disk.told,
        async write(keys) {
          disk.told = keys;
        },
      },
      async show(what) {
        if (desktop.listens) shown.push(...what);
        return desktop.listens;
      },
      changed: (state) => trays.push(state),
      report: (error) => {
        throw error;
      },
    });
  const ids = () => shown.map((one) => (one.what === 'one' ? `${one.notice.request.id} ${one.notice.kind}` : `${one.count}`));
  return { start, disk, gateway, desktop, settings, shown, trays, ids };
}

beforeEach(() => void vi.useFakeTimers({ now: noonMs }));
afterEach(() => void vi.useRealTimers());
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('attention', () => {
  it('tells of what waits at the start, and of what comes later, once each', async () => {
    const { start, ids, trays } = computer([forMe(1)]);
    const attention = start();
    await attention.begin();
    await later(0);
    expect(ids()).toEqual(['R-000001 waiting']);
    attention.heard({ changed: [forMe(2)], removed: [] });
    attention.heard({ changed: [forMe(2, { version: 2 })], removed: [] });
    await later(1_000);
    expect(ids()).toEqual(['R-000001 waiting', 'R-000002 waiting']);
    expect(trays.at(-1)?.waiting.map(({ id }) => id)).toEqual(['R-000002', 'R-000001'].sort());
    attention.recheck();
    await later(1_000);
    expect(ids()).toHaveLength(2);
  });

  it('tells nothing twice after a restart, and what was missed meanwhile', async () => {
    const one = computer([forMe(1)]);
    const first = one.start();
    await first.begin();
    await later(1_000);
    first.end();
    one.gateway.waiting = [forMe(1), forMe(2)];
    await one.start().begin();
    await later(1_000);
    expect(one.ids()).toEqual(['R-000001 waiting', 'R-000002 waiting']);
  });

  it('counts what comes one by one without end, and names single ones again when it is over', async () => {
    const { start, ids } = computer();
    const attention = start();
    await attention.begin();
    for (let number = 1; number <= 12; number += 1) {
      attention.heard({ changed: [forMe(number)], removed: [] });
      await later(500);
    }
    expect(ids().slice(0, 5)).toEqual([1, 2, 3, 4, 5].map((number) => `R-00000${number} waiting`));
    expect(ids().slice(5)).toEqual(['6', '7', '8', '9', '10', '11', '12']);
    await later(10_000);
    attention.heard({ changed: [forMe(13)], removed: [] });
    await later(500);
    expect(ids().at(-1)).toBe('R-000013 waiting');
  });

  it('warns of the deadline by itself, also when the computer slept across it', async () => {
    const { start, ids, trays } = computer([forMe(1)]);
    const attention = start();
    await attention.begin();
    await later(50 * minute + 1_000);
    expect(ids()).toEqual(['R-000001 waiting', 'R-000001 deadline']);
    vi.setSystemTime(noonMs + hourMs - 30_000);
    attention.recheck();
    await later(100);
    expect(ids()).toEqual(['R-000001 waiting', 'R-000001 deadline', 'R-000001 deadline']);
    expect(trays.at(-1)?.waiting).toHaveLength(1);
    await later(31_000);
    expect(trays.at(-1)?.waiting, 'what nobody decided in time waits no more').toEqual([]);
  });

  it('keeps quiet while paused, and tells by itself what waited when the pause is over', async () => {
    const one = computer([forMe(1)]);
    one.settings.noticesPausedUntil = toInstant(noonMs + 55 * minute);
    await one.start().begin();
    await later(54 * minute);
    expect(one.ids()).toEqual([]);
    await later(minute + 100);
    expect(one.ids(), 'with the time that is left by then').toEqual(['R-000001 deadline']);
    await later(5 * minute);
    expect(one.ids()).toEqual(['R-000001 deadline', 'R-000001 deadline']);
  });

  it('tries again when nobody on the desktop listened', async () => {
    const { start, ids, desktop } = computer([forMe(1)]);
    desktop.listens = false;
    const attention = start();
    await attention.begin();
    await later(1_000);
    expect(ids()).toEqual([]);
    desktop.listens = true;
    attention.recheck();
    await later(0);
    expect(ids()).toEqual(['R-000001 waiting']);
  });

  it('forgets what was decided or taken away, and knows what may be revoked', async () => {
    const { start, trays } = computer([forMe(1), forMe(2)]);
    const attention = start();
    await attention.begin();
    attention.heard({ changed: [approved(1)], removed: ['R-000002'] });
    await later(1_000);
    expect(trays.at(-1)?.waiting).toEqual([]);
    expect(trays.at(-1)?.revocable.map(({ id }) => id)).toEqual(['R-000001']);
  });

  it('does not repeat to somebody new here what was settled before', async () => {
    const one = computer();
    one.gateway.waiting = [
      sampleRequest(5, {
        requester: { id: 'p-me', userName: 'me', displayName: 'Mara Evers' },
        state: { status: 'rejected', at: toInstant(noonMs), by: { id: 'x', userName: 'x', displayName: 'X' }, comment: 'no' },
      }),
    ];
    await one.start().begin();
    await later(1_000);
    expect(one.ids()).toEqual([]);
  });

  it('sets no timer while nothing waits, and says nothing to nobody', async () => {
    const { start, trays, ids } = computer();
    const attention = start();
    attention.heard({ changed: [forMe(1)], removed: [] });
    await later(1_000);
    expect(ids()).toEqual([]);
    attention.heard({ changed: [], removed: ['R-000001'] });
    await attention.begin();
    await later(1_000);
    expect(vi.getTimerCount()).toBe(0);
    attention.end();
    expect(trays.at(-1)?.signedIn).toBe(false);
  });

  it('tells nothing twice however much waits, and forgets what is gone in the end', async () => {
    const count = 6_000;
    const one = computer(Array.from({ length: count }, (_, index) => forMe(index + 1)));
    const first = one.start();
    await first.begin();
    await later(1_000);
    expect(one.ids()).toEqual([`${count}`]);
    first.recheck();
    await later(1_000);
    first.end();
    const second = one.start();
    await second.begin();
    await later(1_000);
    expect(one.ids()).toEqual([`${count}`]);
    second.heard({ changed: [forMe(count + 1)], removed: one.gateway.waiting.map(({ id }) => id) });
    await later(1_000);
    expect(one.ids()).toHaveLength(2);
    expect(one.disk.told).toHaveLength(5_000);
  });
});
