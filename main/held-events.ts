import type { EventName, EventPayload } from '../contract/events.ts';

export interface HeldEvents {
  publish<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Nobody listens any more: the page is being loaded anew. */
  hold(): void;
  /** Somebody listens: what has waited is told in its order, and what follows at once. */
  release(): void;
}

/** Keeps what is said while no page is there to show it: what opening the files found is said before the window's page has begun. */
export function holdUntilHeard(tell: (name: EventName, payload: EventPayload<EventName>) => void): HeldEvents {
  let heard = false;
  let waiting: (() => void)[] = [];
  return {
    publish(name, payload) {
      if (heard) tell(name, payload);
      else waiting.push(() => tell(name, payload));
    },
    hold() {
      heard = false;
    },
    release() {
      heard = true;
      const now = waiting;
      waiting = [];
      for (const say of now) say();
    },
  };
}
