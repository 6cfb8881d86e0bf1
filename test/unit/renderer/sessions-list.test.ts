import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bridge, bridgeDouble, type Handlers, type MainEnd } from '../../../contract/bridge.ts';
import { fail } from '../../../contract/failure.ts';
import type { Session, SessionQuery } from '../../../contract/session.ts';
import { toInstant } from '../../../contract/time.ts';
import { sortBy, tidy } from '../../../renderer/features/sessions/list.ts';
import type { SessionsList } from '../../../renderer/features/sessions/store.ts';
import { eventually } from '../../support/eventually.ts';

const now = Date.parse('2026-11-24T17:02:11.000Z');

function session(number: number, change: Partial<Session> = {}): Session {
  return {
    id: `s${number}`,
    user: 'jsouza',
    credential: 'root',
    device: 'web-07',
    protocol: 'SSH',
    startedAt: toInstant(now - number * 60_000),
    durationMs: 531_000,
    state: 'recorded',
    commandCount: 3,
    alertCount: 0,
    originIp: '10.4.1.22',
    proxy: '',
    reason: '',
    justification: '',
    audited: null,
    access: { recording: { state: 'ask', after: 'nothing' }, livestream: { state: 'unavailable', why: 'not-live' } },
    ...change,
  };
}

type Answer = Awaited<ReturnType<Handlers['sessions.page']>>;

describe('the list of sessions', () => {
  let all: Session[];
  let asked: SessionQuery[];
  let held: (() => void)[];
  let holding: boolean;
  let failing: boolean;
  let bridge: Bridge;
  let main: MainEnd;
  let sessions: SessionsList;

  beforeEach(async () => {
    vi.stubGlobal('window', { addEventListener: () => {}, postMessage: () => {}, location: { origin: '' } });
    const { createSessionsList } = await import('../../../renderer/features/sessions/store.ts');
    all = Array.from({ length: 250 }, (_, index) => session(index));
    asked = [];
    held = [];
    holding = false;
    failing = false;
    const double = bridgeDouble(
      { page: 'window', viewingId: null },
      {
        'sessions.page': async (query): Promise<Answer> => {
          asked.push(query);
          if (holding) await new Promise<void>((resolve) => held.push(resolve));
          if (failing) fail('GATEWAY_FAILED', { status: 500 });
          const fitting = all.filter((one) => one.user.includes(query.filter.user ?? ''));
          const from = Number(query.cursor ?? 0);
          const to = from + query.limit;
          return {
            items: fitting.slice(from, to),
            nextCursor: to < fitting.length ? String(to) : null,
            total: from === 0 ? fitting.length : null,
            from: 'gateway',
            asOf: toInstant(now),
          };
        },
      },
    );
    bridge = double.bridge;
    main = double.main;
    sessions = createSessionsList(bridge);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const list = () => sessions.use.getState().list;
  const found = () => {
    const state = list();
    if (state.name !== 'shown') throw new Error(`the list is ${state.name}`);
    return state.found;
  };
  const settled = () => eventually(() => expect(list()).toMatchObject({ name: 'shown', searching: false, next: 'idle' }));

  it('is read page after page, each asked for once', async () => {
    sessions.open();
    await settled();
    expect(found()).toMatchObject({ total: 250, nextCursor: '100' });
    sessions.more();
    sessions.more();
    await settled();
    expect(found().items).toHaveLength(200);
    expect(found().total).toBe(250);
    sessions.more();
    await settled();
    sessions.more();
    expect(found().items.map((one) => one.id)).toEqual(all.map((one) => one.id));
    expect(asked).toHaveLength(3);
  });

  it('shows the answer to the last search, whichever answer comes last', async () => {
    sessions.open();
    await settled();
    holding = true;
    sessions.find({ ...sessions.use.getState().search, filter: { user: 'nobody' } });
    sessions.find({ ...sessions.use.getState().search, filter: { user: 'jsouza' } });
    await eventually(() => expect(held).toHaveLength(2));
    held[1]?.();
    await settled();
    held[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(found().total).toBe(250);
  });

  it('changes a session where it stands, also while an older answer is on its way', async () => {
    sessions.open();
    await settled();
    const open = session(7, {
      access: { recording: { state: 'direct' }, livestream: { state: 'unavailable', why: 'not-live' } },
    });
    holding = true;
    sessions.refresh();
    main.publish('sessions', { changed: [open], all: false });
    await eventually(() => expect(found().items[7]).toEqual(open));
    held[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(found().items[7]).toEqual(open);
    expect(found().items.map((one) => one.id)).toEqual(all.slice(0, 100).map((one) => one.id));
  });

  it('is quietly asked for again, as far as it was read, when sessions appear', async () => {
    sessions.open();
    await settled();
    sessions.more();
    await settled();
    sessions.makeCurrent('s150');
    all = [session(-1), ...all];
    main.publish('sessions', { changed: [session(-1)], all: false });
    await eventually(() => expect(found().items[0]?.id).toBe('s-1'));
    expect(found().items).toHaveLength(200);
    expect(asked.at(-1)?.limit).toBe(200);
    expect(sessions.use.getState().currentId).toBe('s150');
  });

  it('keeps what it shows when a quiet refresh fails, and says so when a search does', async () => {
    sessions.open();
    await settled();
    failing = true;
    sessions.refresh();
    await settled();
    expect(found().items).toHaveLength(100);
    sessions.more();
    await eventually(() => expect(list()).toMatchObject({ next: { failure: { code: 'GATEWAY_FAILED' } } }));
    sessions.find({ ...sessions.use.getState().search, filter: { user: 'x' } });
    await eventually(() => expect(list()).toMatchObject({ name: 'failed', failure: { code: 'GATEWAY_FAILED' } }));
    failing = false;
    sessions.refresh();
    await settled();
  });

  it('forgets everything when the person signs out', async () => {
    sessions.open();
    await settled();
    main.publish('account', {
      state: 'signed-out',
      keychain: 'ok',
      remembered: [],
      suggestedGateway: '',
      why: 'signed-out',
      unsentMs: 0,
    });
    await eventually(() => expect(list().name).toBe('waiting'));
  });
});

describe('a search', () => {
  it('says nothing that means nothing', () => {
    expect(tidy({ text: ' ', user: 'a', protocols: [], states: ['live'], startedFrom: toInstant(now) })).toEqual({
      user: 'a',
      states: ['live'],
      startedFrom: toInstant(now),
    });
  });

  it('sorts the natural way first', () => {
    const byStart = { by: 'startedAt', direction: 'desc' } as const;
    expect(sortBy('startedAt', byStart)).toEqual({ by: 'startedAt', direction: 'asc' });
    expect(sortBy('user', byStart)).toEqual({ by: 'user', direction: 'asc' });
    expect(sortBy('durationMs', byStart)).toEqual({ by: 'durationMs', direction: 'desc' });
  });
});
