import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bridge, bridgeDouble, type MainEnd } from '../../../contract/bridge.ts';
import { fail } from '../../../contract/failure.ts';
import type { HistoryQuery, HistoryRow } from '../../../contract/history.ts';
import { toInstant } from '../../../contract/time.ts';
import { countOf, indexOf, missingPages, type Rows, rowAt, sortBy, withPage } from '../../../renderer/features/history/list.ts';
import type { HistoryList } from '../../../renderer/features/history/store.ts';
import { eventually } from '../../support/eventually.ts';
import { noonMs, sampleRequest } from '../../support/samples.ts';

function row(number: number): HistoryRow {
  const { version, kind, requester, governanceCode, window, deadline, state, session } = sampleRequest(number);
  return {
    ...{ version, kind, requester, governanceCode, window, deadline, state },
    id: `r${number}`,
    createdAt: toInstant(noonMs + number * 1000),
    reason: 'Incident',
    session: { id: session.id, user: session.user, device: session.device },
    decidedAt: null,
    approvers: [],
    watchedMs: 0,
  };
}

describe('rows by their number', () => {
  const page = (from: number, count = 100) => Array.from({ length: count }, (_, at) => row(from + at));
  const empty: Rows = { pages: new Map(), total: null };

  it('are found in their page, and nowhere else', () => {
    const rows = withPage({ ...empty, total: 1_000 }, 3, page(300));
    expect(rowAt(rows, 342)?.id).toBe('r342');
    expect(rowAt(rows, 442)).toBeNull();
    expect(indexOf(rows, 'r399')).toBe(399);
    expect(indexOf(rows, 'r1')).toBe(-1);
  });

  it('are counted by a page that is not full; else a few more are drawn until they are counted', () => {
    expect(countOf(withPage(empty, 0, page(0, 7)), 20)).toBe(7);
    expect(countOf(withPage(empty, 0, []), 20)).toBe(0);
    expect(countOf(withPage(empty, 0, page(0)), 20)).toBe(120);
    expect(countOf(withPage({ ...empty, total: 4_321 }, 0, page(0)), 20)).toBe(4_321);
  });

  it('are forgotten when they are far away, so that a million read are not a million kept', () => {
    let rows: Rows = { ...empty, total: 1_000_000 };
    for (let at = 0; at < 200; at += 1) rows = withPage(rows, at, page(at * 100));
    expect(rows.pages.size).toBe(30);
    expect(rows.pages.has(199)).toBe(true);
    expect(rows.pages.has(0)).toBe(false);
  });

  it('that are missing are named, those in the middle of what is looked at first, and none beyond the end', () => {
    const rows: Rows = withPage({ ...empty, total: 450 }, 1, page(100));
    expect(missingPages(rows, 0, 250)).toEqual([0, 2]);
    expect(missingPages(rows, 50, 9_000).sort()).toEqual([0, 2, 3, 4]);
    expect(missingPages({ ...empty, total: 0 }, 0, 50)).toEqual([0]);
  });

  it('are sorted in their natural direction first', () => {
    const newest = { by: 'createdAt', direction: 'desc' } as const;
    expect(sortBy('createdAt', newest)).toEqual({ by: 'createdAt', direction: 'asc' });
    expect(sortBy('device', newest)).toEqual({ by: 'device', direction: 'asc' });
  });
});

describe('the list of History', () => {
  let all: HistoryRow[];
  let asked: { query: HistoryQuery; from: number }[];
  let held: (() => void)[];
  let holding: boolean;
  let failing: boolean;
  let bridge: Bridge;
  let main: MainEnd;
  let history: HistoryList;

  beforeEach(async () => {
    vi.stubGlobal('window', { addEventListener: () => {}, postMessage: () => {}, location: { origin: '' } });
    const { createHistoryList } = await import('../../../renderer/features/history/store.ts');
    all = Array.from({ length: 5_000 }, (_, at) => row(4_999 - at));
    asked = [];
    held = [];
    holding = false;
    failing = false;
    const fitting = ({ filter }: HistoryQuery) => all.filter(({ id }) => id.includes(filter.text ?? ''));
    const double = bridgeDouble(
      { page: 'window', viewingId: null },
      {
        'history.page': async ({ query, from, limit }) => {
          asked.push({ query, from });
          if (holding) await new Promise<void>((resolve) => held.push(resolve));
          if (failing) fail('ARCHIVE_FAILED');
          return { rows: fitting(query).slice(from, from + limit), from };
        },
        'history.count': async ({ query }) => ({ total: fitting(query).length }),
      },
    );
    bridge = double.bridge;
    main = double.main;
    history = createHistoryList(bridge);
  });
  afterEach(() => vi.unstubAllGlobals());

  const shown = () => {
    const { list } = history.use.getState();
    if (list.name !== 'shown') throw new Error(list.name);
    return list;
  };
  const until = (condition: () => unknown) => eventually(() => expect(condition()).toBeTruthy());
  const isShown = () => history.use.getState().list.name === 'shown' && !shown().searching && shown().rows.total !== null;
  const atIndex = (index: number) => rowAt(shown().rows, index)?.id;

  it('reads only the pages that are looked at', async () => {
    history.open();
    await until(isShown);
    expect(shown().rows.total).toBe(5_000);
    history.look(3_010, 3_050);
    await until(() => atIndex(3_010));
    expect(atIndex(3_010)).toBe('r1989');
    expect(asked.map(({ from }) => from)).toEqual([0, 3_000]);
  });

  it('asks for where one is, not for everything that was flung past', async () => {
    history.open();
    await until(isShown);
    holding = true;
    for (let at = 0; at < 4_900; at += 50) history.look(at, at + 40);
    expect(asked.length).toBeLessThanOrEqual(3);
    holding = false;
    for (const release of held) release();
    await until(() => atIndex(4_860));
    expect(asked.length).toBeLessThanOrEqual(5);
  });

  it('reads nothing for who flings, and at once for who leaps', async () => {
    history.open();
    await until(isShown);
    history.look(4_010, 4_040);
    await until(() => atIndex(4_010));
    for (let at = 2_010; at < 3_000; at += 125) history.look(at, at + 40);
    await until(() => atIndex(2_890));
    const passed = asked.filter(({ from }) => from > 2_200 && from < 2_800);
    expect(passed).toEqual([]);
    // Two leaps, one right after the other, are no fling yet.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const waits = vi.spyOn(globalThis, 'setTimeout');
    for (const at of [1_010, 510]) history.look(at, at + 40);
    expect(waits.mock.calls, 'nobody waits for who leaps to come to rest').toEqual([]);
    waits.mockRestore();
    await until(() => asked.some(({ from }) => from === 500));
    expect(asked.map(({ from }) => from)).toContain(1_000);
  });

  it('shows the answer to the last of overlapping searches', async () => {
    history.open();
    await until(isShown);
    holding = true;
    history.find({ ...history.use.getState().query, filter: { text: 'r12' } });
    history.find({ ...history.use.getState().query, filter: { text: 'r4999' } });
    expect(shown().searching).toBe(true);
    await until(() => held.length === 2);
    held[1]?.();
    await until(isShown);
    held[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shown().rows.total).toBe(1);
    expect(atIndex(0)).toBe('r4999');
  });

  it('keeps what is in sight where it is when requests come in above it', async () => {
    history.open();
    await until(isShown);
    history.look(1_000, 1_030);
    await until(() => atIndex(1_000));
    history.keepScroll(1_000 * 32);
    history.makeCurrent({ index: 1_003, id: atIndex(1_003) ?? '' });
    all = [row(5_001), row(5_000), ...all];
    main.publish('history', {});
    await until(() => shown().rows.total === 5_002);
    expect(history.use.getState().move).toEqual({ by: 2 });
    expect(history.use.getState().current).toEqual({ index: 1_005, id: 'r3996' });
    expect(atIndex(1_002)).toBe('r3999');
  });

  it('shows what is new at the top to who is there', async () => {
    history.open();
    await until(isShown);
    const before = history.use.getState().move;
    all = [row(5_000), ...all];
    main.publish('history', {});
    await until(() => atIndex(0) === 'r5000');
    expect(history.use.getState().move).toBe(before);
  });

  it('says what could not be read and leaves what is there', async () => {
    history.open();
    await until(isShown);
    failing = true;
    history.look(2_000, 2_030);
    await until(() => shown().trouble);
    expect(shown().trouble).toMatchObject({ code: 'ARCHIVE_FAILED' });
    expect(atIndex(0)).toBe('r4999');
    failing = false;
    history.refresh();
    await until(() => atIndex(2_000));
    expect(shown().trouble).toBeNull();
  });

  it('comes back with filter, place and choice, and forgets all with the person', async () => {
    const close = history.open();
    await until(isShown);
    history.find({ ...history.use.getState().query, filter: { text: 'r1', device: ' ' } });
    await until(isShown);
    history.makeCurrent({ index: 0, id: 'r1999' });
    history.keepScroll(320);
    close();
    history.open();
    expect(history.use.getState()).toMatchObject({
      query: { filter: { text: 'r1' } },
      scrollTop: 320,
      current: { id: 'r1999' },
    });
    main.publish('account', {
      state: 'signed-out',
      remembered: [],
      suggestedGateway: '',
      keychain: 'ok',
      why: 'signed-out',
      unsentMs: 0,
    });
    await until(() => history.use.getState().list.name === 'waiting');
    expect(history.use.getState().query.filter).toEqual({});
  });
});
