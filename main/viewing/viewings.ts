import type { EventName, EventPayload } from '../../contract/events.ts';
import { fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type { Kind } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import type { Lease, NumberedEntry, ReceiptEntry, RecordingFacts, Viewing, ViewingEnd } from '../../contract/viewing.ts';
import { keepLease, type LeaseKeeper } from './lease.ts';
import type { MediaAccess } from './media-protocol.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import { followSession, type SessionFollower, type SessionNow } from './session-follower.ts';

export type Area = { x: number; y: number; width: number; height: number };

/** The player's view as far as a viewing needs it. */
export interface PlayerView {
  /** Where it lies in the window, in CSS pixels of the window's page; null hides it. */
  place(area: Area | null): void;
  focus(): void;
  /** Ends its page for certain. Does nothing the second time. */
  destroy(): void;
}

/** Makes the view of a viewing, hidden, its page loading. */
export type OpenView = (viewingId: string) => PlayerView;

/** What viewings need of the rest, each as the role it plays. */
export interface ViewingRoles {
  /** The gateway of the person who is signed in; throws SIGNED_OUT when nobody is. */
  gateway: () => {
    calls: {
      viewings: {
        start(input: { sessionId: string; kind: Kind }): Promise<Lease>;
        recording(input: { id: string }): Promise<{ recording: RecordingFacts | null }>;
        renew(input: { id: string }): Promise<Lease>;
        end(input: { id: string }): Promise<unknown>;
        receipts(input: { id: string; entries: NumberedEntry[] }): Promise<unknown>;
      };
      sessions: { get(input: { id: string }): Promise<SessionNow> };
    };
    media(leaseId: string, path: string, init: { range?: string | undefined; signal: AbortSignal }): Promise<Response>;
  };
  clock: { now(): number };
  /** The name that the watermark shows. */
  viewer(): string;
  openView: OpenView;
  publish<N extends EventName>(name: N, payload: EventPayload<N>, viewingId?: string): void;
}

export interface Viewings {
  /** Begins a viewing, after the one before was closed; brings it to the front if it is this one already. */
  open(sessionId: string, kind: Kind): Promise<{ viewingId: string }>;
  place(viewingId: string, area: Area | null): void;
  /** The person is done with it: its view goes away, its lease is given back. */
  close(viewingId: string): Promise<void>;
  /** What the player page is to play. */
  current(viewingId: string): Promise<Viewing>;
  report(viewingId: string, entries: ReceiptEntry[]): void;
  /** The page says that picture and buffers are gone. */
  blanked(viewingId: string): void;
  /** The page has stopped by itself; its view is gone. */
  gone(viewingId: string): void;
  /** What the files of a viewing need of it. */
  media(viewingId: string): MediaAccess;
  /** Leads the window from a stream that is over to its recording. */
  toRecording(viewingId: string, to: 'watch' | 'ask'): void;
  /** Hears what the gateway says. */
  heard(event: ServerEvent): void;
  /** The computer has slept, say: nothing is shown before the lease was asked for again. */
  recheck(): void;
  /** Ends every viewing and takes its view away. Resolves when the last receipts were sent or could not be (1.5 s at most). */
  closeAll(why: 'signed-out' | 'closed'): Promise<void>;
}

type Running = {
  gateway: ReturnType<ViewingRoles['gateway']>;
  lease: LeaseKeeper;
  viewer: string;
  session: SessionFollower;
  recording: Promise<RecordingFacts | null>;
  /** null for the moment before it is made. */
  view: PlayerView | null;
  area: Area | null;
  /** Hidden until the gateway has said that the viewing may go on. */
  doubtful: boolean;
  /** Whether its page was last told that it can be seen. */
  told: boolean;
  streams: Set<AbortController>;
  receipts: Receipts;
  blank: PromiseWithResolvers<boolean>;
  end: ViewingEnd | null;
  ended: Promise<void> | null;
};

/** How long a page has to say that its picture is gone before it is destroyed. */
const blankWithinMs = 250;
const factsWithinMs = 2_000;
const lastReceiptsWithinMs = 1_500;

/**
 * The viewings of this client: one at a time, begun with the gateway's lease, kept while it renews it, ended for certain. Ending has one
 * order: it is marked, what is being sent is aborted, page and window are told, the page blanks or is destroyed, the last receipts go out.
 */
export function createViewings(roles: ViewingRoles): Viewings {
  const { clock, publish } = roles;
  let running: Running | null = null;
  /** The running one, and one that is on its way out and may still report. */
  const known = new Map<string, Running>();
  let opening: Promise<unknown> = Promise.resolve();

  const idOf = (viewing: Running) => viewing.lease.lease().viewingId;
  const find = (viewingId: string) => known.get(viewingId) ?? fail('NOT_FOUND', { what: 'viewing' });
  const isVisible = (viewing: Running) => viewing.area !== null && !viewing.doubtful;
  const show = (viewing: Running) => {
    viewing.view?.place(viewing.doubtful ? null : viewing.area);
    if (viewing.told === isVisible(viewing)) return;
    viewing.told = isVisible(viewing);
    publish('viewing-visible', { viewingId: idOf(viewing), visible: viewing.told }, idOf(viewing));
  };

  async function openNow(sessionId: string, kind: Kind): Promise<{ viewingId: string }> {
    const shown = running?.lease.lease();
    if (running && shown && !running.end && shown.session.id === sessionId && shown.kind === kind) {
      running.view?.focus();
      return { viewingId: shown.viewingId };
    }
    if (running) await closeNow(running);
    const gateway = roles.gateway();
    const first = await gateway.calls.viewings.start({ sessionId, kind });
    if (roles.gateway() !== gateway) return fail('SIGNED_OUT');
    const id = first.viewingId;
    running = begin(first, gateway);
    known.set(id, running);
    running.view = roles.openView(id);
    return { viewingId: id };
  }

  function begin(first: Lease, gateway: ReturnType<ViewingRoles['gateway']>): Running {
    const id = first.viewingId;
    let accessEnd = first.accessEnd;
    const viewing: Running = {
      gateway,
      viewer: roles.viewer(),
      session: followSession(first.session.id, {
        read: () => gateway.calls.sessions.get({ id: first.session.id }),
        onEvents: (added) => publish('viewing-events', { viewingId: id, added }, id),
        onState: (state, recording) => publish('viewing-session', { viewingId: id, state, recording }, id),
      }),
      recording:
        first.kind === 'livestream'
          ? Promise.resolve(null)
          : gateway.calls.viewings.recording({ id }).then(
              (answer) => answer.recording,
              () => null,
            ),
      view: null,
      area: null,
      doubtful: false,
      told: false,
      streams: new Set(),
      receipts: createReceipts((entries) => gateway.calls.viewings.receipts({ id, entries })),
      blank: Promise.withResolvers(),
      end: null,
      ended: null,
      lease: keepLease(first, {
        renew: () => gateway.calls.viewings.renew({ id }),
        now: () => clock.now(),
        onLease(lease) {
          if (lease.accessEnd !== accessEnd) publish('viewing-window', { viewingId: id, accessEnd: lease.accessEnd }, id);
          accessEnd = lease.accessEnd;
        },
        onEnd: (why) => void end(viewing, why),
      }),
    };
    return viewing;
  }

  /** Ends a viewing once; whoever comes later waits for the same end. */
  function end(viewing: Running, why: ViewingEnd, away = false): Promise<void> {
    viewing.ended ??= carryOut(viewing, why, away);
    return viewing.ended;
  }

  async function carryOut(viewing: Running, why: ViewingEnd, away: boolean): Promise<void> {
    viewing.end = why;
    viewing.lease.stop();
    for (const stream of viewing.streams) stream.abort();
    publish('viewing-ended', { viewingId: idOf(viewing), end: why }, idOf(viewing));
    const blanked = await Promise.race([viewing.blank.promise, after(blankWithinMs, false)]);
    if (away || !blanked) viewing.view?.destroy();
    if (viewing.doubtful) {
      viewing.doubtful = false;
      show(viewing);
    }
    await viewing.receipts.flush();
    if (why.why === 'closed') await viewing.gateway.calls.viewings.end({ id: idOf(viewing) }).catch(() => undefined);
  }

  /** The person, or the sign-out, is done with a viewing: whatever state it is in, its view goes away. */
  async function closeNow(viewing: Running, why: 'closed' | 'signed-out' = 'closed'): Promise<void> {
    if (running === viewing) running = null;
    const closed = endOf(why);
    if (viewing.end) {
      viewing.view?.destroy();
      publish('viewing-ended', { viewingId: idOf(viewing), end: closed }, idOf(viewing));
    }
    await Promise.race([end(viewing, closed, true), after(lastReceiptsWithinMs, undefined)]);
    known.delete(idOf(viewing));
  }

  const endOf = (why: ViewingEnd['why']): ViewingEnd => ({
    why,
    at: toInstant(clock.now()),
    by: null,
    comment: null,
    failure: null,
  });

  /** The lease is asked for again before another frame is shown. */
  async function doubt(viewing: Running): Promise<void> {
    if (viewing.end) return;
    viewing.doubtful = true;
    show(viewing);
    await viewing.lease.check();
    if (viewing.end) return;
    viewing.doubtful = false;
    show(viewing);
  }

  return {
    open(sessionId, kind) {
      const opened = opening.then(() => openNow(sessionId, kind));
      opening = opened.catch(() => undefined);
      return opened;
    },
    place(viewingId, area) {
      const viewing = known.get(viewingId);
      if (!viewing) return;
      viewing.area = area;
      show(viewing);
    },
    async close(viewingId) {
      const viewing = known.get(viewingId);
      if (viewing) await closeNow(viewing);
    },
    async current(viewingId) {
      const viewing = find(viewingId);
      const [events, recording] = await Promise.all([
        Promise.race([viewing.session.events(), after(factsWithinMs, [])]),
        Promise.race([viewing.recording, after(factsWithinMs, null)]),
      ]);
      const { leaseId, kind, session, requestId, accessEnd } = viewing.lease.lease();
      return {
        viewingId,
        kind,
        session,
        requestId,
        accessEnd,
        source: `media://${leaseId}/index.m3u8`,
        viewer: viewing.viewer,
        events,
        recording,
        visible: isVisible(viewing),
        end: viewing.end,
      };
    },
    report: (viewingId, entries) => find(viewingId).receipts.add(entries),
    blanked: (viewingId) => find(viewingId).blank.resolve(true),
    gone(viewingId) {
      const viewing = known.get(viewingId);
      if (viewing) void end(viewing, endOf('failed'), true);
    },
    toRecording(viewingId, to) {
      const { session, requestId } = find(viewingId).lease.lease();
      const what = { sessionId: session.id, kind: 'recording' } as const;
      publish('intent', to === 'watch' ? { go: 'watch', ...what } : { go: 'ask', ...what, likeRequestId: requestId });
    },
    media: (viewingId) => ({
      leaseId() {
        const viewing = known.get(viewingId);
        return viewing && !viewing.end && viewing.lease.isGood() ? viewing.lease.lease().leaseId : null;
      },
      fetch: (leaseId, path, init) => find(viewingId).gateway.media(leaseId, path, init),
      sending(abort) {
        const { streams } = find(viewingId);
        streams.add(abort);
        return () => streams.delete(abort);
      },
      refused: () => void known.get(viewingId)?.lease.check(),
    }),
    heard(event) {
      for (const viewing of known.values()) viewing.session.heard(event);
      if (!running || running.end) return;
      const { viewingId, requestId } = running.lease.lease();
      if (event.type === 'viewing-ended' && event.viewingId === viewingId) void end(running, event.end);
      // What was missed, or what is now different, may be the end.
      const touches =
        event.type === 'reset' || event.type === 'user' || (event.type === 'request' && event.request.id === requestId);
      if (touches) void running.lease.check();
    },
    recheck() {
      if (running) void doubt(running);
    },
    async closeAll(why) {
      await opening;
      if (running) await closeNow(running, why);
    },
  };
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}
