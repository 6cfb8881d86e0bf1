import { type Failure, FailureError } from '../../contract/failure.ts';
import { toInstant, toMs } from '../../contract/time.ts';
import type { Lease, ViewingEnd } from '../../contract/viewing.ts';

export interface LeaseKeeper {
  lease(): Lease;
  /** Whether the lease is good at this very moment, by the gateway's clock. */
  isGood(): boolean;
  /** Asks the gateway now. Resolves when it has answered, or when the lease has ended unanswered. */
  check(): Promise<void>;
  stop(): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;
/** setTimeout takes no more. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Keeps a lease alive: renewed at half its life, tried again while the gateway cannot be reached, over when its time is over. `onEnd`
 * hears once why; `onLease` hears of each new lease. `now` is the gateway's time (epoch ms).
 */
export function keepLease(
  first: Lease,
  role: { renew(): Promise<Lease>; now(): number; onLease(lease: Lease): void; onEnd(end: ViewingEnd): void },
): LeaseKeeper {
  let lease = first;
  let stopped = false;
  let lastFailure: Failure | null = null;
  let checking: Promise<void> | null = null;
  let endTimer: NodeJS.Timeout | undefined;
  let renewTimer: NodeJS.Timeout | undefined;
  let wake: () => void = () => undefined;

  const isOver = () => role.now() >= deadlineOf(lease);

  function stop(): void {
    stopped = true;
    clearTimeout(endTimer);
    clearTimeout(renewTimer);
    wake();
  }

  function end(why: ViewingEnd): void {
    if (stopped) return;
    stop();
    role.onEnd(why);
  }

  function watchEnd(): void {
    clearTimeout(endTimer);
    if (!stopped)
      endTimer = setTimeout(
        () => (isOver() ? end(endOfTime(lease, role.now(), lastFailure)) : watchEnd()),
        Math.min(longestTimerMs, Math.max(1, deadlineOf(lease) - role.now())),
      );
  }

  function plan(): void {
    clearTimeout(renewTimer);
    // A lease that lasts to the end of the window has nothing to gain.
    const last = lease.accessEnd !== null && toMs(lease.expiresAt) >= toMs(lease.accessEnd);
    if (!stopped && !last)
      renewTimer = setTimeout(() => void check(), Math.max(firstPauseMs, (toMs(lease.expiresAt) - role.now()) / 2));
  }

  async function renewUntilOver(): Promise<void> {
    for (let pauseMs = firstPauseMs; !stopped && !isOver(); pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      try {
        const renewed = await role.renew();
        if (stopped) return;
        lease = renewed;
        lastFailure = null;
        role.onLease(renewed);
        return;
      } catch (error) {
        lastFailure = error instanceof FailureError ? error.failure : { code: 'INTERNAL', data: { reference: '' } };
        if (stopped) return;
        if (!isPassing(lastFailure)) return end(endOfRefusal(lastFailure, role.now()));
        await new Promise<void>((resolve) => {
          wake = resolve;
          renewTimer = setTimeout(resolve, pauseMs);
        });
      }
    }
  }

  function check(): Promise<void> {
    clearTimeout(renewTimer);
    wake();
    checking ??= renewUntilOver().finally(() => {
      checking = null;
      watchEnd();
      plan();
    });
    return checking;
  }

  watchEnd();
  plan();
  return { lease: () => lease, isGood: () => !stopped && !isOver(), check, stop };
}

function deadlineOf(lease: Lease): number {
  return Math.min(toMs(lease.expiresAt), lease.accessEnd === null ? Number.POSITIVE_INFINITY : toMs(lease.accessEnd));
}

/** A failure that may be gone in a second: the way to the gateway, not its word. */
function isPassing(failure: Failure): boolean {
  const passing = [
    'UNREACHABLE',
    'GATEWAY_FAILED',
    'RATE_LIMITED',
    'BAD_ANSWER',
    'ANSWER_TOO_LARGE',
    'NOT_A_GATEWAY',
    'UNTRUSTED_CERTIFICATE',
    'TOKEN_EXPIRED',
    'INTERNAL',
    'CANCELED',
  ];
  return passing.includes(failure.code);
}

/** How a viewing ends whose time is over: the window's, or the lease's that could not be renewed. */
export function endOfTime(lease: Lease, nowMs: number, failure: Failure | null): ViewingEnd {
  if (lease.accessEnd !== null && nowMs >= toMs(lease.accessEnd)) {
    return {
      why: 'window-over',
      at: lease.accessEnd,
      by: null,
      comment: null,
      failure: { code: 'WINDOW_OVER', data: { until: lease.accessEnd } },
    };
  }
  return { why: 'lease-lost', at: toInstant(nowMs), by: null, comment: null, failure };
}

/** How a viewing ends that the gateway does not let go on. */
export function endOfRefusal(failure: Failure, nowMs: number): ViewingEnd {
  const base = { at: toInstant(nowMs), by: null, comment: null, failure };
  switch (failure.code) {
    case 'WINDOW_OVER':
      return { ...base, why: 'window-over', at: failure.data.until };
    case 'REVOKED':
      return { ...base, why: 'revoked', at: failure.data.at, by: failure.data.by, comment: failure.data.comment };
    case 'ROLE_MISSING':
    case 'PERMISSION_MISSING':
      return { ...base, why: 'role-lost' };
    case 'SIGNED_OUT':
      return { ...base, why: 'signed-out' };
    case 'NOT_LIVE':
    case 'NOT_RECORDED':
    case 'MEDIA_MISSING':
      return { ...base, why: 'failed' };
    default:
      return { ...base, why: 'lease-lost' };
  }
}
