import { fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type { Kind } from '../../contract/session.ts';
import {
  type Frame,
  mostViewings,
  type OpenViewing,
  type Picture,
  type ReceiptEntry,
  type Viewing,
} from '../../contract/viewing.ts';
import type { MediaAccess } from './media-protocol.ts';
import type { Area, ViewingRoles } from './roles.ts';
import { beginViewing, type RunningViewing } from './viewing.ts';

export interface Viewings {
  /**
   * Begins a viewing; brings it to the front if it runs already. What has ended makes room for what begins, and the same session's
   * is replaced, in the window in which it was. A recording begins, or goes on, at `atMs` if that is given.
   */
  open(sessionId: string, kind: Kind, atMs?: number): Promise<{ viewingId: string }>;
  list(): OpenViewing[];
  place(viewingId: string, area: Area | null): void;
  move(viewingId: string, to: Frame): void;
  focus(viewingId: string): void;
  fullScreen(viewingId: string, on: boolean): void;
  /** The person is done with it: its view goes away, its lease is given back. */
  close(viewingId: string): Promise<void>;
  /** What the player page is to play. */
  current(viewingId: string): Promise<Viewing>;
  report(viewingId: string, entries: ReceiptEntry[]): void;
  /** The id of the session that a viewing shows. */
  sessionOf(viewingId: string): string;
  /** The page says that picture and buffers are gone. */
  blanked(viewingId: string): void;
  /** What the files of a viewing need of it. */
  media(viewingId: string): MediaAccess;
  /** Saves a picture. Answers whether there is a file now. */
  snapshot(viewingId: string, picture: Picture): Promise<boolean>;
  /** Leads the main window to the dialog that asks for more time. */
  moreTime(viewingId: string): void;
  /** Opens what has ended once more. */
  again(viewingId: string): void;
  /** Leads the window from a stream that is over to its recording. */
  toRecording(viewingId: string, to: 'watch' | 'ask'): void;
  /** Hears what the gateway says. */
  heard(event: ServerEvent): void;
  /** The computer has slept, say: nothing is shown before the leases were asked for again. */
  recheck(): void;
  /** The screen was locked: every viewing ends. */
  lock(): void;
  /** The main window goes out of sight: what is watched in it is closed. */
  closeDocked(): void;
  /** Ends every viewing and takes its view away. Resolves when the last receipts were sent or could not be (1.5 s at most). */
  closeAll(why: 'signed-out' | 'closed'): Promise<void>;
}

/** The viewings of this client, each begun with the gateway's lease, kept while it renews it, ended for certain. */
export function createViewings(roles: ViewingRoles): Viewings {
  const { publish } = roles;
  /** In the order they were opened; those that have ended stay until somebody closes them. */
  const known = new Map<string, RunningViewing>();
  /** On their way out; they may still report. */
  const leaving = new Map<string, RunningViewing>();
  let opening: Promise<unknown> = Promise.resolve();

  const find = (viewingId: string) => known.get(viewingId) ?? leaving.get(viewingId) ?? fail('NOT_FOUND', { what: 'viewing' });
  const list = () =>
    [...known.values()].map((one) => ({
      viewingId: one.id,
      sessionId: one.session.id,
      kind: one.kind,
      frame: one.frame(),
      end: one.end(),
    }));
  const changed = () => publish('viewings', { viewings: list() });

  async function openNow(sessionId: string, kind: Kind, atMs: number | null): Promise<{ viewingId: string }> {
    const same = [...known.values()].find((one) => one.session.id === sessionId && one.kind === kind);
    if (same && !same.end()) {
      same.focus();
      if (atMs !== null) same.goTo(atMs);
      return { viewingId: same.id };
    }
    const frame = same?.frame() ?? 'main';
    const inTheWay = same ?? (known.size >= mostViewings ? [...known.values()].find((one) => one.end()) : undefined);
    if (!inTheWay && known.size >= mostViewings) return fail('TOO_MANY_VIEWINGS', { most: mostViewings });
    const gateway = roles.gateway();
    const first = await gateway.calls.viewings.start({ sessionId, kind });
    if (roles.gateway() !== gateway) return fail('SIGNED_OUT');
    if (inTheWay) await closeNow(inTheWay);
    const viewing = beginViewing(first, gateway, roles, { changed, closed: () => void closeNow(viewing) });
    if (atMs !== null) viewing.goTo(atMs);
    known.set(viewing.id, viewing);
    changed();
    if (frame === 'own') viewing.move('own');
    return { viewingId: viewing.id };
  }

  async function closeNow(viewing: RunningViewing, why: 'closed' | 'signed-out' = 'closed'): Promise<void> {
    known.delete(viewing.id);
    leaving.set(viewing.id, viewing);
    changed();
    await viewing.close(why);
    leaving.delete(viewing.id);
  }

  return {
    open(sessionId, kind, atMs) {
      const opened = opening.then(() => openNow(sessionId, kind, atMs ?? null));
      opening = opened.catch(() => undefined);
      return opened;
    },
    list,
    place: (viewingId, area) => known.get(viewingId)?.place(area),
    move: (viewingId, to) => find(viewingId).move(to),
    focus: (viewingId) => find(viewingId).focus(),
    fullScreen: (viewingId, on) => find(viewingId).setFullScreen(on),
    async close(viewingId) {
      const viewing = known.get(viewingId);
      if (viewing) await closeNow(viewing);
    },
    current: (viewingId) => find(viewingId).current(),
    sessionOf: (viewingId) => find(viewingId).session.id,
    report: (viewingId, entries) => find(viewingId).report(entries),
    blanked: (viewingId) => find(viewingId).blanked(),
    media: (viewingId) => find(viewingId).media,
    snapshot: (viewingId, picture) => find(viewingId).snapshot(picture),
    moreTime(viewingId) {
      const viewing = find(viewingId);
      viewing.setFullScreen(false);
      roles.lead({ go: 'ask', sessionId: viewing.session.id, kind: viewing.kind, likeRequestId: viewing.requestId() });
    },
    again(viewingId) {
      const { session, kind } = find(viewingId);
      publish('intent', { go: 'watch', sessionId: session.id, kind });
    },
    toRecording(viewingId, to) {
      const viewing = find(viewingId);
      const what = { sessionId: viewing.session.id, kind: 'recording' } as const;
      publish('intent', to === 'watch' ? { go: 'watch', ...what } : { go: 'ask', ...what, likeRequestId: viewing.requestId() });
    },
    heard(event) {
      for (const viewing of known.values()) viewing.heard(event);
    },
    recheck() {
      for (const viewing of known.values()) void viewing.recheck();
    },
    lock() {
      for (const viewing of known.values()) viewing.lock();
    },
    closeDocked() {
      for (const viewing of known.values()) if (viewing.frame() === 'main') void closeNow(viewing);
    },
    async closeAll(why) {
      await opening;
      await Promise.all([...known.values()].map((viewing) => closeNow(viewing, why)));
    },
  };
}
