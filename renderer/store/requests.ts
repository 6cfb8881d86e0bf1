import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { type AccessRequest, phaseOf, type RequestScope } from '../../contract/request.ts';
import { toMs } from '../../contract/time.ts';
import { call, on } from './bridge.ts';
import { failureOf, type Live } from './live.ts';

export type RequestList = { items: AccessRequest[]; nextCursor: string | null };

type Order = (a: AccessRequest, b: AccessRequest) => number;
const newestFirst: Order = (a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id);
/** When a pending request is over undecided (epoch ms): the deadline, or the end of its window. */
export const dueMs = (request: AccessRequest) => Math.min(toMs(request.deadline), toMs(request.window.end));
const dueFirst: Order = (a, b) => dueMs(a) - dueMs(b) || a.id.localeCompare(b.id);

/**
 * A list after something changed: what belongs takes its place, what does not leaves. What comes after the last one that was read is
 * left to its page, or it would come twice. Pure.
 */
export function merged(
  { items, nextCursor }: RequestList,
  changed: readonly AccessRequest[],
  removed: readonly string[],
  belongs: (request: AccessRequest) => boolean,
  order: Order,
): RequestList {
  const gone = new Set([...removed, ...changed.map((request) => request.id)]);
  const last = items.at(-1);
  const coming = changed.filter(
    (request) => belongs(request) && (nextCursor === null || (last !== undefined && order(request, last) <= 0)),
  );
  const staying = items.filter((request) => !gone.has(request.id));
  return { items: coming.length === 0 ? staying : [...staying, ...coming].sort(order), nextCursor };
}

/** One list of requests, kept current by events. `search` asks for those that hold some words. */
function createRequestList(scope: RequestScope, belongs: (request: AccessRequest) => boolean, order: Order) {
  const store = create<Live<RequestList>>(() => ({ state: 'waiting' }));
  let text = '';
  let asked = 0;
  let fetching: string | null = null;
  const fits = (request: AccessRequest) => belongs(request) && holds(request, text);
  on('requests', ({ changed, removed }) => {
    const live = store.getState();
    if (live.state === 'ready')
      store.setState({ state: 'ready', value: merged(live.value, changed, removed, fits, order) }, true);
  });
  const fetch = async (cursor?: string) => {
    asked += 1;
    const mine = asked;
    try {
      const page = await call('requests.list', {
        scope,
        ...(cursor !== undefined && { cursor }),
        ...(text !== '' && { text }),
      });
      // An answer to what nobody asks any more is no answer.
      if (mine !== asked) return;
      const live = store.getState();
      const before = cursor !== undefined && live.state === 'ready' ? live.value.items : [];
      const known = new Set(before.map(({ id }) => id));
      const items = [...before, ...page.items.filter(({ id }) => !known.has(id))];
      store.setState({ state: 'ready', value: { items, nextCursor: page.nextCursor } }, true);
    } catch (error) {
      if (mine === asked && cursor === undefined) store.setState({ state: 'failed', failure: failureOf(error) }, true);
    }
  };
  return Object.assign(store, {
    load: () => fetch(),
    async more() {
      const live = store.getState();
      if (live.state !== 'ready' || live.value.nextCursor === null || fetching === live.value.nextCursor) return;
      fetching = live.value.nextCursor;
      await fetch(fetching);
      fetching = null;
    },
    search(words: string) {
      if (text === words) return;
      text = words;
      void fetch();
    },
    clear() {
      text = '';
      asked += 1;
      store.setState({ state: 'waiting' }, true);
    },
  });
}

/** Whether every word is somewhere in a request; the same rule as the archive's. */
export function holds({ requester, justification, session }: AccessRequest, text: string): boolean {
  const words = fold(text).split(/\s+/);
  const whole = fold(
    [requester.displayName, requester.userName, justification, session.id, session.user, session.device].join(' '),
  );
  return words.every((word) => whole.includes(word));
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

let me = '';
/** The lists belong to whoever is signed in. */
export function requestsOf(personId: string): void {
  if (me === personId) return;
  me = personId;
  for (const list of [useMyRequests, useWaiting, useDecided]) {
    list.clear();
    if (personId !== '') void list.load();
  }
  if (personId !== '') void recount();
}

/** A request waits for this person while they may decide it; deadlines are the gateway's. */
export const isWaiting = (request: AccessRequest) => request.state.status === 'pending' && request.may.decide.allowed;

export const useMyRequests = createRequestList('mine', (request) => request.requester.id === me, newestFirst);
export const useWaiting = createRequestList('waiting', isWaiting, dueFirst);
export const useDecided = createRequestList(
  'decided',
  (request) => request.requester.id !== me && !isWaiting(request),
  newestFirst,
);

const useCounts = create<{ waiting: number }>(() => ({ waiting: 0 }));
let counting: 'no' | 'yes' | 'again' = 'no';

/** Asks how many wait, one question at a time: whatever comes while one is asked makes one more. */
async function recount(): Promise<void> {
  if (counting !== 'no') {
    counting = 'again';
    return;
  }
  counting = 'yes';
  try {
    useCounts.setState(await call('requests.counts'));
  } catch {
    const live = useWaiting.getState();
    if (live.state === 'ready') useCounts.setState({ waiting: live.value.items.length });
  }
  const again = (counting as string) === 'again';
  counting = 'no';
  if (again) await recount();
}
on('requests', () => void recount());

/** How many requests wait for this person at `nowMs` (gateway time). */
export function useWaitingCount(nowMs: number): number {
  // biome-ignore lint/correctness/useExhaustiveDependencies: as time goes on, deadlines pass
  useEffect(() => void (me !== '' && recount()), [nowMs]);
  return useCounts().waiting;
}

/** Those of a list that still wait at `nowMs`. */
export const stillWaiting = (items: readonly AccessRequest[], nowMs: number) =>
  items.filter((request) => phaseOf(request, nowMs) === 'pending');

/** One request by its id, kept current. `known` stands for it until it is here; null when none is asked for. */
export function useRequest(id: string | null, known?: AccessRequest): Live<AccessRequest> | null {
  const [live, setLive] = useState<{ id: string; live: Live<AccessRequest> } | null>(null);
  useEffect(() => {
    if (id === null) return;
    let current = true;
    const take = (request: AccessRequest) =>
      setLive((before) => {
        const newer =
          before?.id !== id || before.live.state !== 'ready' || before.live.value.version <= request.version ? request : null;
        return newer ? { id, live: { state: 'ready', value: newer } } : before;
      });
    const stop = on('requests', ({ changed, removed }) => {
      const request = changed.find((one) => one.id === id);
      if (request) take(request);
      if (removed.includes(id))
        setLive({ id, live: { state: 'failed', failure: { code: 'NOT_FOUND', data: { what: 'request' } } } });
    });
    call('requests.get', { id }).then(
      (request) => current && take(request),
      (error) => current && setLive({ id, live: { state: 'failed', failure: failureOf(error) } }),
    );
    return () => {
      current = false;
      stop();
    };
  }, [id]);
  if (id === null) return null;
  if (live?.id === id && (live.live.state !== 'failed' || !known)) return live.live;
  return known ? { state: 'ready', value: known } : { state: 'waiting' };
}
