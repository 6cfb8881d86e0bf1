import type { CallOutput } from '../../contract/calls.ts';
import type { EventName, EventPayload } from '../../contract/events.ts';
import { type Failure, FailureError, fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type { Kind, SessionEvent } from '../../contract/session.ts';
import { toInstant, toMs } from '../../contract/time.ts';
import type { Lease, ReceiptEntry, Viewing, ViewingEnd } from '../../contract/viewing.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Leases } from './media-protocol.ts';
import { createReceipts, type Receipts } from './receipts.ts';

/** The view that shows a viewing: a page of its own. */
export interface PlayerView {
  place(area: { x: number; y: number; width: number; height: number } | null): void;
  destroy(): void;
}

export interface Viewings extends Leases {
  open(sessionId: string, kind: Kind): Promise<{ viewingId: string }>;
  place(viewingId: string, area: Parameters<PlayerView['place']>[0]): void;
  current(viewingId: string): Viewing;
  report(viewingId: string, entries: ReceiptEntry[]): void;
  blanked(viewingId: string): void;
  close(viewingId: string): Promise<void>;
  heard(event: ServerEvent): void;
  /** After sleep or a jump of the clock: every lease is checked again before a frame is shown. */
  recheck(): void;
  closeAll(why: 'signed-out' | 'closed'): Promise<void>;
}

type Running = {
  lease: Lease;
  gateway: Gateway;
  viewer: string;
  events: SessionEvent[];
  view: PlayerView;
  receipts: Receipts;
  stop: AbortController;
  timer: NodeJS.Timeout | undefined;
  end: ViewingEnd | null;
  blanked: () => void;
};

/** A page that has been told to blank has so long before it is destroyed. */
const blankLimitMs = 250;
const renewAtMs = 30_000;
const retryMs = 3_000;

/**
 * Viewings as this client runs them: a lease each, renewed at half its life, ended for certain. Ending has a fixed order: mark,
 * cut the streams, tell the pages, wait for the picture to be gone, and destroy the page that does not say so.
 */
export function createViewings(options: {
  gateway: () => Gateway;
  clock: Clock;
  viewer: () => string;
  openView: (viewingId: string) => PlayerView;
  publish: <N extends EventName>(name: N, payload: EventPayload<N>, viewingId?: string) => void;
}): Viewings {
  const { clock, publish } = options;
  const running = new Map<string, Running>();
  const find = (viewingId: string) => running.get(viewingId) ?? fail('NOT_FOUND', { what: 'viewing' });

  function arm(viewing: Running): void {
    clearTimeout(viewing.timer);
    if (viewing.end) return;
    const { expiresAt, accessEnd } = viewing.lease;
    const untilEnd = accessEnd === null ? Number.POSITIVE_INFINITY : toMs(accessEnd) - clock.now();
    const untilRenewal = Math.min(renewAtMs, (toMs(expiresAt) - clock.now()) / 2);
    viewing.timer = setTimeout(() => void turn(viewing), Math.max(0, Math.min(untilEnd, untilRenewal)));
  }

  /** What is due: the end of the window, or a renewal. */
  async function turn(viewing: Running): Promise<void> {
    const { accessEnd } = viewing.lease;
    if (viewing.end) return;
    if (accessEnd !== null && clock.now() >= toMs(accessEnd)) {
      // Somebody may have granted more time meanwhile: the gateway's word counts, but the picture does not wait for it long.
      return finish(viewing, endOf({ code: 'WINDOW_OVER', data: { until: accessEnd } }, clock.now()));
    }
    try {
      const lease = await viewing.gateway.calls.viewings.renew({ id: viewing.lease.viewingId });
      const moved = lease.accessEnd !== viewing.lease.accessEnd;
      viewing.lease = lease;
      if (moved) publish('viewing-window', { viewingId: lease.viewingId, accessEnd: lease.accessEnd }, lease.viewingId);
      arm(viewing);
    } catch (error) {
      const failure: Failure = error instanceof FailureError ? error.failure : { code: 'LEASE_OVER', data: {} };
      const passing = failure.code === 'UNREACHABLE' || failure.code === 'GATEWAY_FAILED' || failure.code === 'RATE_LIMITED';
      const left = toMs(viewing.lease.expiresAt) - clock.now();
      if (passing && left > 0) viewing.timer = setTimeout(() => void turn(viewing), Math.min(retryMs, left));
      else await finish(viewing, endOf(passing ? { code: 'LEASE_OVER', data: {} } : failure, clock.now()));
    }
  }

  async function finish(viewing: Running, end: ViewingEnd): Promise<void> {
    if (viewing.end) return;
    const { viewingId } = viewing.lease;
    viewing.end = end;
    clearTimeout(viewing.timer);
    viewing.stop.abort();
    const blank = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), blankLimitMs);
      viewing.blanked = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    publish('viewing-ended', { viewingId, end }, viewingId);
    if (!(await blank) || end.why === 'closed' || end.why === 'signed-out') {
      running.delete(viewingId);
      viewing.view.destroy();
    }
    await viewing.receipts.flush();
  }

  return {
    async open(sessionId, kind) {
      const shown = [...running.values()].find(({ lease, end }) => lease.session.id === sessionId && lease.kind === kind && end === null);
      if (shown) return { viewingId: shown.lease.viewingId };
      const gateway = options.gateway();
      const lease = await gateway.calls.viewings.start({ sessionId, kind });
      // The pane of events is worth having; the picture does not depend on it.
      const events = await gateway.calls.sessions.get({ id: sessionId }).then((details) => details.events ?? [], () => []);
      const { viewingId } = lease;
      const viewing: Running = {
        lease,
        gateway,
        viewer: options.viewer(),
        events,
        view: options.openView(viewingId),
        receipts: createReceipts((entries) => gateway.calls.viewings.receipts({ id: viewingId, entries })),
        stop: new AbortController(),
        timer: undefined,
        end: null,
        blanked: () => undefined,
      };
      running.set(viewingId, viewing);
      arm(viewing);
      return { viewingId };
    },
    place: (viewingId, area) => running.get(viewingId)?.view.place(area),
    current(viewingId): CallOutput<'viewings.current'> {
      const { lease, viewer, events, end } = find(viewingId);
      const { kind, session, requestId, accessEnd, leaseId } = lease;
      return { viewingId, kind, session, requestId, accessEnd, source: `media://${leaseId}/index.m3u8`, viewer, events, end };
    },
    report: (viewingId, entries) => find(viewingId).receipts.add(entries),
    blanked: (viewingId) => running.get(viewingId)?.blanked(),
    async close(viewingId) {
      const viewing = running.get(viewingId);
      if (!viewing) return;
      if (viewing.end) {
        running.delete(viewingId);
        viewing.view.destroy();
        return;
      }
      await finish(viewing, { why: 'closed', at: toInstant(clock.now()), by: null, comment: null, failure: null });
      await viewing.gateway.calls.viewings.end({ id: viewingId }).catch(() => undefined);
    },
    heard(event) {
      if (event.type !== 'viewing-ended') return;
      const viewing = running.get(event.viewingId);
      if (viewing) void finish(viewing, event.end as ViewingEnd);
    },
    recheck() {
      for (const viewing of running.values()) void turn(viewing);
    },
    async closeAll(why) {
      const end = { why, at: toInstant(clock.now()), by: null, comment: null, failure: null };
      await Promise.all([...running.values()].map((viewing) => (viewing.end ? viewing.view.destroy() : finish(viewing, end))));
      running.clear();
    },
    running(leaseId) {
      const viewing = [...running.values()].find(({ lease }) => lease.leaseId === leaseId);
      if (!viewing || viewing.end || clock.now() >= toMs(viewing.lease.expiresAt)) return null;
      return { gateway: viewing.gateway, signal: viewing.stop.signal };
    },
    distrusted(leaseId) {
      const viewing = [...running.values()].find(({ lease }) => lease.leaseId === leaseId);
      if (viewing) void finish(viewing, endOf({ code: 'BAD_ANSWER', data: {} }, clock.now()));
    },
  };
}

/** How a viewing ended, by the failure that ended it. */
export function endOf(failure: Failure, nowMs: number): ViewingEnd {
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
    case 'LEASE_OVER':
      return { ...base, why: 'lease-lost' };
    default:
      return { ...base, why: 'failed' };
  }
}
