import { touch } from './changes.ts';
import type { Events } from './events.ts';
import type { Requests } from './requests.ts';
import type { Database } from './store/database.ts';
import { readTurnedUntil, writeTurnedUntil } from './store/settings.ts';
import type { Viewings } from './viewings.ts';

/** setTimeout counts in 32 bits; longer waits are made of several. */
const longestWaitMs = 24 * 60 * 60_000;

/**
 * What time alone changes: deadlines pass, windows open and end, leases run out. One timer waits for the next such moment; after a
 * restart it is set from the store, so nothing is missed and nothing polls. Until when the turns of windows were told is in the store
 * too: those that fell into a time when the gateway was down are told when it starts, and none is told twice.
 */
export async function createTimers(options: {
  db: Database;
  events: Events;
  requests: Requests;
  viewings: Viewings;
  /** What else has to be done from time to time. */
  housekeeping: { run(): Promise<void> };
  now: () => number;
}) {
  const { db, events, requests, viewings, housekeeping, now } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const known = await readTurnedUntil(db);
  let turnedUntil = known ?? now();
  if (known === null) await writeTurnedUntil(db, turnedUntil);

  /** One at a time: two that ran side by side would tell of the same turn twice. */
  function tick(): Promise<void> {
    running = running.catch(() => undefined).then(turn);
    return running;
  }

  async function turn(): Promise<void> {
    const until = now();
    await requests.expireDue();
    await viewings.review();
    const turned = await db
      .selectFrom('requests')
      .select(['id', 'session_id', 'requester_person_id'])
      .where('status', '=', 'approved')
      .where((on) => on.or([on.between('start_at', turnedUntil + 1, until), on.between('end_at', turnedUntil + 1, until)]))
      .execute();
    if (turned.length > 0) {
      await db.transaction().execute(async (trx) => {
        for (const { id, session_id, requester_person_id } of turned) {
          await touch(trx, 'session', session_id);
          await touch(trx, 'request', id);
          await events.append(trx, 'request', id);
          await events.append(trx, 'session', session_id, requester_person_id);
        }
        await writeTurnedUntil(trx, until);
      });
      events.wake();
    }
    turnedUntil = until;
    await housekeeping.run();
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
        .where('start_at', '>', turnedUntil)
        .executeTakeFirst(),
      db
        .selectFrom('requests')
        .select(({ fn }) => fn.min('end_at').as('a'))
        .where('status', '=', 'approved')
        .where('end_at', '>', turnedUntil)
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

export type Timers = Awaited<ReturnType<typeof createTimers>>;
