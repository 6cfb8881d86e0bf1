import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import { createPolicy } from '../requests/policy.ts';
import type { Publish } from '../sessions/service.ts';
import { createSealCheck } from './check.ts';
import { createKeeping } from './keeping.ts';
import { createRetention } from './retention.ts';
import { createSync } from './sync.ts';

/** What keeps the archive at the gateway's record: the policy, what may be kept by it and for how long, the feed, and the look at what is kept. */
export function createRecord(options: {
  gateway: () => Gateway;
  archive: Archive;
  clock: Pick<Clock, 'now'>;
  wantedDays: () => number;
  /** The key (SPKI, base64url) that seals are to be good by; null when the gateway has none. `anew` asks the gateway again. */
  sealKey: (anew?: boolean) => Promise<string | null>;
  publish: Publish;
  report: (error: unknown, where: string) => string;
}) {
  const { gateway, archive, clock, wantedDays, sealKey, publish, report } = options;
  const policy = createPolicy({ gateway, archive, publish });
  const keeping = createKeeping({ policy, wantedDays, clock });
  const check = createSealCheck({ archive, keeping, sealKey, sync: () => sync, clock, publish, report });
  const retention = createRetention({ archive, keeping, clock, publish, report });
  const pulled = () => {
    check.run();
    retention.recheck();
  };
  const sync = createSync({
    gateway,
    archive,
    clock,
    policy,
    keeping,
    sealKey,
    publish,
    pulled,
    doubted: () => check.doubt(),
    report,
  });
  return { policy, keeping, sync, check, retention };
}

export type RecordKept = ReturnType<typeof createRecord>;
