import type { AccessRequest, Policy } from '../../contract/request.ts';
import { keptRequest, keptSession, restsSince } from '../../contract/seal.ts';
import type { Session } from '../../contract/session.ts';
import type { PolicyService } from '../requests/policy.ts';

/** What may be kept on this computer of what the gateway says. Everything goes through here before the archive sees it. */
export interface Keeping {
  /** What the policy wants on no disk. */
  notKept(): Promise<Policy['notKept']>;
  /** For how many days what rests is kept: the shorter of what the person wants and what the policy allows. */
  days(): Promise<number>;
  /** What has rested since before this moment (epoch ms) is not kept; `atMost` days are counted. */
  sinceMs(atMost?: number): Promise<number>;
  /** Those that may be kept, as they may be kept. */
  requests(items: readonly AccessRequest[]): Promise<AccessRequest[]>;
  sessions(items: readonly Session[]): Promise<Session[]>;
}

const dayMs = 24 * 60 * 60_000;

export function createKeeping(options: {
  policy: Pick<PolicyService, 'get'>;
  /** For how many days the person wants history kept. */
  wantedDays: () => number;
  clock: { now(): number };
}): Keeping {
  const { policy, wantedDays, clock } = options;
  const notKept = async () => (await policy.get()).notKept;
  const keeping: Keeping = {
    notKept,
    days: async () => Math.min(wantedDays(), (await policy.get()).retentionDays),
    sinceMs: async (atMost = Number.POSITIVE_INFINITY) => clock.now() - Math.min(await keeping.days(), atMost) * dayMs,
    async requests(items) {
      const [without, sinceMs] = [await notKept(), await keeping.sinceMs()];
      return items
        .filter((request) => restsSince({ what: 'request', request }) >= sinceMs)
        .map((request) => keptRequest(request, without));
    },
    async sessions(items) {
      const without = await notKept();
      return items.map((session) => keptSession(session, without));
    },
  };
  return keeping;
}
