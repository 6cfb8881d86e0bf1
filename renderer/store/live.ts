import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { CallName, CallOutput } from '../../contract/calls.ts';
import type { EventName, EventPayload } from '../../contract/events.ts';
import { type Failure, FailureError } from '../../contract/failure.ts';
import { call, on } from './bridge.ts';

/** Something that is asked for once and then kept current: every state of it is drawn. */
export type Live<T> = { state: 'waiting' } | { state: 'ready'; value: T } | { state: 'failed'; failure: Failure };

export type LiveStore<T> = UseBoundStore<StoreApi<Live<T>>> & { load(): Promise<void>; set(value: T): void };

/** A store fed by one call without input and the event of the same shape that changes it. It listens before it asks. */
export function createLive<N extends CallName, E extends EventName>(
  name: N,
  event: E,
  merge: (payload: EventPayload<E>, value: CallOutput<N> | null) => CallOutput<N>,
): LiveStore<CallOutput<N>> {
  type T = CallOutput<N>;
  const store = create<Live<T>>(() => ({ state: 'waiting' }));
  let heard = 0;
  on(event, (payload) => {
    heard += 1;
    const before = store.getState();
    store.setState({ state: 'ready', value: merge(payload, before.state === 'ready' ? before.value : null) }, true);
  });
  return Object.assign(store, {
    async load() {
      const asked = heard;
      try {
        const value = (await (call as (name: N) => Promise<T>)(name)) as T;
        // What was heard meanwhile is newer than the answer.
        if (heard === asked) store.setState({ state: 'ready', value }, true);
      } catch (error) {
        if (heard === asked) store.setState({ state: 'failed', failure: failureOf(error) }, true);
      }
    },
    set: (value: T) => store.setState({ state: 'ready', value }, true),
  });
}

/** The failure behind what a call rejected with. */
export function failureOf(error: unknown): Failure {
  return error instanceof FailureError ? error.failure : { code: 'INTERNAL', data: { reference: 'window' } };
}
