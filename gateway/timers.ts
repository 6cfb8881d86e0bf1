import type { Events } from './events.ts';
import type { Requests } from './requests.ts';
import type { Database } from './store/database.ts';
import type { Viewings } from './viewings.ts';

/** setTimeout counts in 32 bits; longer waits are made of several. */
const longestWaitMs = 24 * 60 * 60_000;

/**
 * What time alone changes: deadlines pass, windows open and end, leases run out. One timer waits for the next such moment; after a
 * restart it is set from the store, so nothing is missed and nothing polls.
 */
export function createTimers(db: Database, events: Events, requests: Requests, viewings: Viewings, now: () => number) {
  let timer: NodeJS.Timeout | undefined;
  let doneUntil = now();

  async function tick(): Promise<void> {
    const until = now();
    await requests.expireDue();
    await viewings.review();
    const turned = await db
      .selectFrom('requests')
      .select(['session_id', 'requester_person_id'])
      .where('status', '=', 'approved')
      .where((on) => on.or([on.between('start_at', doneUntil + 1, until), on.between('end_at', doneUntil + 1, until)]))
      .execute();
    for (const { session_id, requester_person_id } of turned) await events.append(db, 'session', session_id, requester_person_id);
    doneUntil = until;
    await events.trim();
    if (turned.length > 0) events.wake();
    await arm();
  }

  /** Sets the timer to the next moment. Called whenever a request has changed. */
  async function arm(): Promise<void> {
    const [pending, starts, ends, leases] = await Promise.all([
      db
        .selectFrom('requests')
        .select(({ fn }) => [fn.min('deadline').as('a'), fn.min('end_at').as('b')])
        .where('status', '=', 'pending')
        .executeTakeFirst(),
      db
        .selectFrom('requests')
        .select(({ fn }) => fn.min('start_at').as('a'))
        .where('status', '=', 'approved')
        .where('start_at', '>', doneUntil)
        .executeTakeFirst(),
      db
        .selectFrom('requests')
        .select(({ fn }) => fn.min('end_at').as('a'))
        .where('status', '=', 'approved')
        .where('end_at', '>', doneUntil)
        .executeTakeFirst(),
      db
        .selectFrom('viewings')
        .select(({ fn }) => fn.min('lease_expires_at').as('a'))
        .where('ended_at', 'is', null)
        .executeTakeFirst(),
    ]);
    const moments = [pending?.a, pending?.b, starts?.a, ends?.a, leases?.a].filter((at) => typeof at === 'number');
    clearTimeout(timer);
    if (moments.length === 0) return;
    const wait = Math.min(Math.max(0, Math.min(...moments) - now()), longestWaitMs);
    timer = setTimeout(() => void tick(), wait);
  }

  return { tick, arm, stop: () => clearTimeout(timer) };
}

export type Timers = ReturnType<typeof createTimers>;
