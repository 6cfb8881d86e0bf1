import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeDouble, type Handlers, type MainEnd } from '../../../contract/bridge.ts';
import type { AccessRequest, RequestQuery } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import { eventually } from '../../support/eventually.ts';
import { noonMs, sampleRequest } from '../../support/samples.ts';

/** The lists of requests in the window, before a main that answers from a list of its own. */
describe('the lists of requests', () => {
  let all: AccessRequest[];
  let asked: RequestQuery[];
  let main: MainEnd;
  let store: typeof import('../../../renderer/store/requests.ts');
  const minute = 60_000;
  const due = (number: number, inMinutes: number, more: Partial<AccessRequest> = {}) =>
    sampleRequest(number, { deadline: toInstant(noonMs + inMinutes * minute), ...more });

  beforeEach(async () => {
    vi.resetModules();
    vi.stubGlobal('window', { addEventListener: () => undefined, postMessage: () => undefined, location: { origin: '' } });
    asked = [];
    all = [due(3, 5), due(1, 10), due(2, 20), due(4, 30)];
    const handlers: Partial<Handlers> = {
      'requests.list': (query) => {
        asked.push(query);
        const from = Number(query.cursor ?? 0);
        const items = all.slice(from, from + 2);
        return { items, nextCursor: from + 2 < all.length ? String(from + 2) : null };
      },
      'requests.counts': () => ({ waiting: all.length }),
    };
    const double = bridgeDouble({ page: 'window', viewingId: null }, handlers);
    main = double.main;
    const bridge = await import('../../../renderer/store/bridge.ts');
    bridge.connect(double.bridge);
    store = await import('../../../renderer/store/requests.ts');
    store.requestsOf('p-me');
    await eventually(() => expect(store.useWaiting.getState().state).toBe('ready'));
  });
  const shown = () => {
    const live = store.useWaiting.getState();
    return live.state === 'ready' ? live.value.items.map(({ id }) => id) : [];
  };
  const tell = async (changed: AccessRequest[], removed: string[] = []) => {
    main.publish('requests', { changed, removed });
    await new Promise((resolve) => setTimeout(resolve));
  };
  const id = (number: number) => sampleRequest(number).id;

  it('hold what is due first first, page after page, each once', async () => {
    expect(shown()).toEqual([id(3), id(1)]);
    await Promise.all([store.useWaiting.more(), store.useWaiting.more()]);
    expect(shown()).toEqual([id(3), id(1), id(2), id(4)]);
    expect(asked.filter(({ scope, cursor }) => scope === 'waiting' && cursor === '2')).toHaveLength(1);
  });

  it('take what comes in its place, leave what comes after the last one read to its page, drop what is decided', async () => {
    await tell([due(5, 7), due(6, 25)]);
    expect(shown()).toEqual([id(3), id(5), id(1)]);
    await tell([due(5, 7, { version: 2, state: { status: 'canceled', at: toInstant(noonMs) } })]);
    expect(shown()).toEqual([id(3), id(1)]);
    await store.useWaiting.more();
    await tell([due(6, 25)]);
    expect(shown()).toEqual([id(3), id(1), id(2), id(6), id(4)]);
  });

  it('let go at once of what this person may not see any more', async () => {
    await tell([], [id(3)]);
    expect(shown()).toEqual([id(1)]);
  });

  it('search for words, and what comes meanwhile is taken only if it fits', async () => {
    store.useWaiting.search('otto srv-1');
    await eventually(() => expect(asked.at(-1)).toMatchObject({ scope: 'waiting', text: 'otto srv-1' }));
    await eventually(() => expect(shown()).toEqual([id(3), id(1)]));
    await tell([due(12, 6), due(13, 6)]);
    expect(shown(), 'sample 12 is of srv-1, sample 13 of srv-2').toEqual([id(3), id(12), id(1)]);
  });
});
