import { create } from 'zustand';
import { type AccessRequest, phaseOf, type RequestScope } from '../../contract/request.ts';
import { call, on } from './bridge.ts';
import { failureOf, type Live } from './live.ts';

export type RequestList = { items: AccessRequest[]; nextCursor: string | null };

/** One list of requests, kept current by events: those that are new or changed take their place by time, newest first. */
function createRequestList(scope: RequestScope, belongs: (request: AccessRequest) => boolean) {
  const store = create<Live<RequestList>>(() => ({ state: 'waiting' }));
  const merge = (changed: AccessRequest[]) => {
    const live = store.getState();
    if (live.state !== 'ready') return;
    const ids = new Set(changed.map((request) => request.id));
    const items = [...live.value.items.filter((request) => !ids.has(request.id)), ...changed.filter(belongs)];
    items.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
    store.setState({ state: 'ready', value: { ...live.value, items } }, true);
  };
  on('requests', ({ changed }) => merge(changed));
  const fetch = async (cursor?: string) => {
    try {
      const page = await call('requests.list', { scope, ...(cursor !== undefined && { cursor }) });
      const live = store.getState();
      const before = cursor !== undefined && live.state === 'ready' ? live.value.items : [];
      store.setState({ state: 'ready', value: { items: [...before, ...page.items], nextCursor: page.nextCursor } }, true);
    } catch (error) {
      if (cursor === undefined) store.setState({ state: 'failed', failure: failureOf(error) }, true);
    }
  };
  return Object.assign(store, {
    load: () => fetch(),
    more: async () => {
      const live = store.getState();
      if (live.state === 'ready' && live.value.nextCursor !== null) await fetch(live.value.nextCursor);
    },
    clear: () => store.setState({ state: 'waiting' }, true),
  });
}

let me = '';
/** The lists belong to whoever is signed in. */
export function requestsOf(personId: string): void {
  if (me === personId) return;
  me = personId;
  for (const list of [useMyRequests, useWaiting, useDecided, useAllRequests]) {
    list.clear();
    if (personId !== '') void list.load();
  }
}

/** A request waits for this person while they may decide it; deadlines are the gateway's. */
export const isWaiting = (request: AccessRequest) => request.state.status === 'pending' && request.may.decide.allowed;

export const useMyRequests = createRequestList('mine', (request) => request.requester.id === me);
export const useWaiting = createRequestList('waiting', isWaiting);
export const useDecided = createRequestList('decided', (request) => request.requester.id !== me && !isWaiting(request));
export const useAllRequests = createRequestList('all', () => true);

/** How many requests wait for this person at `nowMs` (gateway time). */
export function useWaitingCount(nowMs: number): number {
  const live = useWaiting();
  return live.state === 'ready' ? live.value.items.filter((request) => phaseOf(request, nowMs) === 'pending').length : 0;
}
