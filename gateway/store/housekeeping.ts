import type { Database } from './database.ts';

const hour = 60 * 60_000;
const day = 24 * hour;

/** How long things are kept that serve the running of the gateway and are no facts of the workflow. */
export const keptMs = {
  /** A client that comes back later than this reads everything anew. */
  events: 3 * day,
  /** A call that is repeated later than this counts as a new one. */
  idempotency: 7 * day,
  /** Wrong sign-ins that are older do not count toward a lock any more. */
  signInFailures: day,
} as const;
/** However young, no more events than this. */
const keptEvents = 100_000;
const everyMs = hour;

/**
 * Trims what would otherwise grow for ever: events, refresh tokens that nobody can use, idempotency keys, wrong sign-ins. Requests,
 * decisions, viewings, receipts and sign-ins are facts of the audit and stay. Runs at most once an hour.
 */
export function createHousekeeping(db: Database, now: () => number): { run(): Promise<void> } {
  let doneMs = Number.NEGATIVE_INFINITY;
  return {
    async run() {
      const at = now();
      if (at - doneMs < everyMs) return;
      doneMs = at;
      const newest = await db
        .selectFrom('events')
        .select(({ fn }) => fn.max('sequence').as('sequence'))
        .executeTakeFirst();
      await db
        .deleteFrom('events')
        .where((on) =>
          on.or([on('at', '<', at - keptMs.events), on('sequence', '<=', Number(newest?.sequence ?? 0) - keptEvents)]),
        )
        .execute();
      // Used or not, an expired token is refused: its reuse has nothing left to give away.
      // One of a sign-in that is to be wiped stays: its computer may come late, and has to be told.
      await db
        .deleteFrom('refresh_tokens')
        .where('expires_at', '<=', at)
        .where('family_id', 'not in', (from) => from.selectFrom('sign_in_families').select('id').where('wipe', '=', 1))
        .execute();
      await db
        .deleteFrom('idempotency')
        .where('at', '<', at - keptMs.idempotency)
        .execute();
      await db
        .deleteFrom('sign_in_failures')
        .where('at', '<', at - keptMs.signInFailures)
        .where('locked_until', '<', at)
        .execute();
    },
  };
}
