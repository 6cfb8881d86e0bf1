import type { Coverage } from '../../contract/coverage.ts';
import { fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import { toInstant } from '../../contract/time.ts';
import type { Frame, Lease, Picture, ReceiptEntry, RecordingFacts, Viewing, ViewingEnd } from '../../contract/viewing.ts';
import { keepLease, type LeaseKeeper } from './lease.ts';
import type { MediaAccess } from './media-protocol.ts';
import { positionAfter } from './positions.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import type { Area, ViewingGateway, ViewingRoles } from './roles.ts';
import { followSession } from './session-follower.ts';
import { sheetRange } from './storyboard.ts';

/** How long a page has to say that its picture is gone before it is destroyed. */
const blankWithinMs = 250;
const factsWithinMs = 2_000;
const lastReceiptsWithinMs = 1_500;
/** How long the main window has to make room for what comes back. */
const roomWithinMs = 1_000;
/** Ends that the gateway does not know of by itself. */
const endedHere: readonly ViewingEnd['why'][] = ['closed', 'locked', 'failed'];

export type RunningViewing = ReturnType<typeof beginViewing>;

/**
 * One viewing, from its first lease until its view is gone. Ending has one order: it is marked, what is being sent is aborted, page and
 * window are told, the page blanks or is destroyed, the last receipts go out. `changed` hears of what the list of viewings shows.
 */
export function beginViewing(
  first: Lease,
  gateway: ViewingGateway,
  roles: ViewingRoles,
  on: { changed(): void; closed(): void },
) {
  const { clock, publish } = roles;
  const { viewingId: id, session, kind } = first;
  const viewer = roles.viewer();
  /** As it was before this viewing. */
  let coverage: Promise<Coverage | null> | undefined;
  const follower = followSession(session.id, {
    read() {
      const now = gateway.calls.sessions.get({ id: session.id });
      coverage ??= now.then(
        (details) => details.coverage,
        () => null,
      );
      return now;
    },
    onEvents: (added) => publish('viewing-events', { viewingId: id, added }, id),
    onState: (state, access) => publish('viewing-session', { viewingId: id, state, recording: access }, id),
  });
  const recording: Promise<RecordingFacts | null> =
    kind === 'livestream'
      ? Promise.resolve(null)
      : gateway.calls.viewings.recording({ id }).then(
          (answer) => answer.recording,
          () => null,
        );
  const continueAt = kind === 'recording' ? roles.positions.get(session.id) : Promise.resolve(null);
  const receipts: Receipts = createReceipts({
    viewingId: id,
    send: (viewing, entries) => gateway.calls.viewings.receipts({ id: viewing, entries }),
    log: roles.receiptLog,
    isSigned: roles.signer(),
    contradicted: () => publish('receipts-contradicted', { sessionId: session.id }),
    report: roles.report,
  });
  const streams = new Set<AbortController>();
  const blank = Promise.withResolvers<boolean>();
  let accessEnd = first.accessEnd;
  const lease: LeaseKeeper = keepLease(first, {
    renew: () => gateway.calls.viewings.renew({ id }),
    now: () => clock.now(),
    onLease(renewed) {
      if (renewed.accessEnd !== accessEnd) publish('viewing-window', { viewingId: id, accessEnd: renewed.accessEnd }, id);
      accessEnd = renewed.accessEnd;
    },
    onEnd: (why) => void finish(why),
  });

  /** Where the person has chosen to begin. */
  let beginAtMs: number | null = null;
  let frame: Frame = 'main';
  let area: Area | null = null;
  let fullScreen = false;
  /** Whether its own window can be seen. */
  let seen = true;
  /** Hidden until the gateway has said that the viewing may go on. */
  let doubtful = false;
  /** Whether its page was last told that it can be seen. */
  let told = false;
  let end: ViewingEnd | null = null;
  let ending: Promise<void> | null = null;
  let isSaving = false;
  /** Moves it into the main window, where room is being made for it. */
  let comeBack: (() => void) | null = null;

  const media: MediaAccess = {
    leaseId: () => (!end && lease.isGood() ? lease.lease().leaseId : null),
    async fetch(leaseId, path, init) {
      const response = await gateway.media(leaseId, path, init);
      if (response.ok && path.startsWith('storyboard/')) await recordPreview(path);
      return response;
    },
    sending(abort) {
      streams.add(abort);
      return () => streams.delete(abort);
    },
    refused: () => void lease.check(),
  };

  /** Pictures of the storyboard are looked at like the video: their part of the recording goes on record before they are passed on. */
  async function recordPreview(sheet: string): Promise<void> {
    const facts = await recording;
    const range = facts && sheetRange(facts, sheet);
    if (range) receipts.add([{ type: 'preview', at: toInstant(clock.now()), ...range }]);
  }

  const view = roles.openView(
    { id, session, media },
    {
      gone: () => void finish(endOf('failed'), true),
      closed: () => on.closed(),
      roomLost: () => place(null),
      seen(now) {
        seen = now;
        show();
      },
      filled(now) {
        if (now === fullScreen) return;
        fullScreen = now;
        show();
        tellFrame();
      },
    },
  );

  const isVisible = () => !doubtful && (frame === 'own' ? seen : area !== null);

  function show(): void {
    view.lay(frame === 'own' ? { frame, hidden: doubtful, fullScreen } : { frame, area: doubtful ? null : area, fullScreen });
    if (told === isVisible()) return;
    told = isVisible();
    publish('viewing-visible', { viewingId: id, visible: told }, id);
  }

  const tellFrame = () => publish('viewing-frame', { viewingId: id, frame, fullScreen }, id);

  function place(where: Area | null): void {
    area = where;
    if (area !== null) comeBack?.();
    if (frame === 'main') show();
  }

  /** Back in the main window it is shown as soon as there is room for it, and in its own until then: the picture does not stop. */
  function move(to: Frame): void {
    if (to === frame || end) return;
    if (to === 'own') {
      moveNow('own');
      return;
    }
    roles.showMain();
    if (area !== null) {
      moveNow('main');
      return;
    }
    comeBack = () => {
      comeBack = null;
      if (!end) moveNow('main');
    };
    publish('viewing-comes', { viewingId: id, sessionId: session.id, kind });
    setTimeout(() => comeBack?.(), roomWithinMs);
  }

  function moveNow(to: Frame): void {
    frame = to;
    fullScreen = false;
    seen = true;
    show();
    tellFrame();
    on.changed();
    view.focus();
  }

  /** Ends it once; whoever comes later waits for the same end. With `away` its view goes too. */
  function finish(why: ViewingEnd, away = false): Promise<void> {
    ending ??= carryOut(why, away);
    return ending;
  }

  async function carryOut(why: ViewingEnd, away: boolean): Promise<void> {
    end = why;
    lease.stop();
    for (const stream of streams) stream.abort();
    publish('viewing-ended', { viewingId: id, end: why }, id);
    on.changed();
    const blanked = await Promise.race([blank.promise, after(blankWithinMs, false)]);
    if (away || !blanked) takeAway();
    if (doubtful || fullScreen) {
      doubtful = false;
      fullScreen = false;
      show();
      tellFrame();
    }
    await receipts.flush();
    if (endedHere.includes(why.why)) await gateway.calls.viewings.end({ id }).catch(() => undefined);
  }

  /** Where there is no page any more, the main window says how it ended. */
  function takeAway(): void {
    view.destroy();
    fullScreen = false;
    if (frame === 'main') return;
    frame = 'main';
    on.changed();
  }

  /** The person, or the sign-out, is done with it: whatever state it is in, its view goes away. */
  async function close(why: 'closed' | 'signed-out' = 'closed'): Promise<void> {
    const closed = endOf(why);
    if (ending) {
      takeAway();
      publish('viewing-ended', { viewingId: id, end: closed }, id);
    }
    await Promise.race([finish(closed, true), after(lastReceiptsWithinMs, undefined)]);
  }

  const endOf = (why: ViewingEnd['why']): ViewingEnd => ({
    why,
    at: toInstant(clock.now()),
    by: null,
    comment: null,
    failure: null,
  });

  /** The computer has slept, say: nothing is shown before the lease was asked for again. */
  async function recheck(): Promise<void> {
    if (end) return;
    doubtful = true;
    show();
    await lease.check();
    if (end) return;
    doubtful = false;
    show();
  }

  async function current(): Promise<Viewing> {
    const [known, facts, covered, continueAtMs] = await Promise.all([
      Promise.race([follower.events(), after(factsWithinMs, [])]),
      Promise.race([recording, after(factsWithinMs, null)]),
      Promise.race([coverage ?? null, after(factsWithinMs, null)]),
      continueAt,
    ]);
    const { leaseId, requestId, accessEnd: until } = lease.lease();
    return {
      viewingId: id,
      kind,
      session,
      requestId,
      accessEnd: until,
      source: `media://${leaseId}/index.m3u8`,
      viewer,
      events: known,
      recording: facts,
      coverage: covered,
      visible: isVisible(),
      frame,
      fullScreen,
      continueAtMs,
      beginAtMs,
      end,
    };
  }

  function heard(event: ServerEvent): void {
    follower.heard(event);
    if (end) {
      if (event.type === 'session' && event.session.id === session.id && mayBeWatched(event.session.access[kind].state))
        publish('viewing-allowed', { viewingId: id }, id);
      return;
    }
    if (event.type === 'viewing-ended' && event.viewingId === id) void finish(event.end);
    // What was missed, or what is now different, may be the end, or more time.
    const touches =
      event.type === 'reset' ||
      event.type === 'user' ||
      (event.type === 'request' && event.request.session.id === session.id && event.request.kind === kind);
    if (touches) void lease.check();
  }

  function report(entries: readonly ReceiptEntry[]): void {
    receipts.add(entries);
    const position = kind === 'recording' ? positionAfter(entries) : null;
    if (position !== null) roles.positions.put(session.id, position);
  }

  /** Saves a picture if the gateway lets it, which puts it on record first. Answers whether there is a file now. */
  async function snapshot(picture: Picture): Promise<boolean> {
    if (end || !lease.isGood()) return fail('LEASE_OVER');
    if (isSaving) return false;
    isSaving = true;
    try {
      const file = await view.chooseFile(`${session.id} ${Math.floor(picture.atMs / 1000)}s.png`);
      if (file === null) return false;
      const { at } = await gateway.calls.viewings.snapshot({ id, atMs: picture.atMs });
      receipts.add([{ type: 'snapshot', at, atMs: picture.atMs }]);
      await roles.savePicture(file, picture, { viewer, session, kind, requestId: lease.lease().requestId }, at);
      return true;
    } finally {
      isSaving = false;
    }
  }

  return {
    id,
    session,
    kind,
    media,
    requestId: () => lease.lease().requestId,
    frame: () => frame,
    end: () => end,
    place,
    move,
    setFullScreen(on: boolean) {
      if (on === fullScreen || ending) return;
      fullScreen = on;
      show();
      tellFrame();
    },
    focus: () => view.focus(),
    /** Shows another place of the recording, or begins there if its page has not asked yet. */
    goTo(atMs: number) {
      if (kind !== 'recording' || end) return;
      beginAtMs = atMs;
      publish('viewing-go', { viewingId: id, atMs }, id);
    },
    current,
    report,
    blanked: () => blank.resolve(true),
    heard,
    recheck,
    /** The screen was locked. */
    lock: () => void finish(endOf('locked')),
    close,
    snapshot,
  };
}

const mayBeWatched = (state: string) => state === 'open' || state === 'direct';

export function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}
