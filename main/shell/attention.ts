import type { EventPayload } from '../../contract/events.ts';
import { type AccessRequest, phaseOf, type RequestPage, type RequestQuery } from '../../contract/request.ts';
import type { Settings } from '../../contract/settings.ts';
import { toMs } from '../../contract/time.ts';
import { chooseShown, isPaused, nextNoticeMs, noticesOf, requestIdOf, type Shown } from './notices.ts';
import { dueMs, nextWordsMs, type TrayState } from './tray-model.ts';

export interface Attention {
  /** Somebody is signed in: learns what concerns them, and tells what they were not told yet. */
  begin(): Promise<void>;
  /** Nobody is signed in any more. */
  end(): void;
  /** Requests are new or have changed. */
  heard(change: EventPayload<'requests'>): void;
  /** The computer has slept, the clock was learnt anew, or a setting has changed. */
  recheck(): void;
}

/** What attention needs of the rest. */
export interface AttentionRoles {
  list(query: RequestQuery): Promise<RequestPage>;
  personId(): string;
  clock: { now(): number };
  settings(): Settings;
  /** What this person was told already: kept with the archive, so that no restart tells it again. Null when nothing was ever kept. */
  told: { read(): Promise<string[] | null>; write(keys: string[]): Promise<void> };
  /** Shows it. False when the system cannot show anything now: it is tried again after a while. */
  show(shown: readonly Shown[], nowMs: number): Promise<boolean>;
  /** The tray has something else to say. */
  changed(state: TrayState, nowMs: number): void;
  report(error: unknown, where: string): void;
}

/** What comes within this time is told together. */
const gatherMs = 250;
/** What nobody on the desktop listened to is tried again: soon at first, then more and more seldom (ms). */
const firstAgainMs = 5_000;
const longestAgainMs = 600_000;
const longestTimerMs = 3_600_000;
const pageSize = 500;
const mostPages = 40;
/** So much is remembered of what is not known any more. */
const mostTold = 5_000;

/**
 * What needs this person's attention: requests that wait for them, their own, and open windows that they may revoke. It is one timer to the
 * next moment at which something changes by time alone; everything else comes from events.
 */
export function createAttention(roles: AttentionRoles): Attention {
  const { clock, settings } = roles;
  let known: Map<string, AccessRequest> | null = null;
  let told = new Set<string>();
  /** Heard before it was known what concerns the person. */
  let early = new Map<string, AccessRequest>();
  const fresh = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;
  let againMs = firstAgainMs;
  let gathering: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let turn = 0;

  const state = (): TrayState => ({
    signedIn: known !== null,
    waiting: [...(known?.values() ?? [])].filter(waits).sort((a, b) => dueMs(a) - dueMs(b)),
    revocable: [...(known?.values() ?? [])].filter(isRevocable).sort((a, b) => toMs(a.window.end) - toMs(b.window.end)),
    settings: settings(),
  });

  function concerns(request: AccessRequest): boolean {
    const phase = phaseOf(request, clock.now());
    if (request.requester.id === roles.personId()) return phase !== 'over' && phase !== 'canceled';
    return waits(request) || isRevocable(request);
  }

  const waits = (request: AccessRequest) =>
    request.requester.id !== roles.personId() && request.may.decide.allowed && phaseOf(request, clock.now()) === 'pending';
  const isRevocable = (request: AccessRequest) =>
    request.requester.id !== roles.personId() && request.may.revoke.allowed && phaseOf(request, clock.now()) === 'open';

  async function readAll(scope: RequestQuery['scope'], pages: number): Promise<AccessRequest[]> {
    const items: AccessRequest[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < pages; page += 1) {
      const answer = await roles.list({ scope, limit: pageSize, ...(cursor !== undefined && { cursor }) });
      items.push(...answer.items);
      if (answer.nextCursor === null) break;
      cursor = answer.nextCursor;
    }
    return items;
  }

  function dueOf(requests: Iterable<AccessRequest>) {
    const nowMs = clock.now();
    return [...requests].flatMap((request) => noticesOf(request, roles.personId(), nowMs)).filter(({ key }) => !told.has(key));
  }

  /** Tells what is due of these requests. One at a time: what is being told counts as told only once it was shown. */
  function tell(requests: () => Iterable<AccessRequest>): void {
    const mine = turn;
    telling = telling
      .then(async () => {
        if (known === null || mine !== turn) return;
        const { shown, told: done } = chooseShown(dueOf(requests()), settings(), clock.now());
        if (done.length === 0) return;
        if (shown.length > 0 && !(await roles.show(shown, clock.now()))) {
          clearTimeout(again);
          again = setTimeout(attention.recheck, againMs);
          againMs = Math.min(longestAgainMs, againMs * 2);
          return;
        }
        againMs = firstAgainMs;
        if (mine !== turn) return;
        await remember(done);
      })
      .catch((error) => roles.report(error, 'attention.tell'));
  }

  async function remember(keys: readonly string[]): Promise<void> {
    for (const key of keys) told.add(key);
    if (told.size > mostTold) {
      // What is still known may come up again at any time: it is never forgotten, however much it is.
      const keys = [...told];
      const old = keys.length - mostTold;
      told = new Set(keys.filter((key, index) => index >= old || known?.has(requestIdOf(key))));
    }
    await roles.told.write([...told]);
  }

  /** Draws anew, and waits for the next moment at which something changes by itself. */
  function refresh(): void {
    clearTimeout(timer);
    const nowMs = clock.now();
    const drawn = state();
    roles.changed(drawn, nowMs);
    if (known === null) return;
    const { noticesPausedUntil } = settings();
    const moments = [
      ...[...known.values()].map((request) => nextNoticeMs(request, nowMs)),
      nextWordsMs(drawn, nowMs),
      noticesPausedUntil !== null && isPaused(settings(), nowMs) ? toMs(noticesPausedUntil) : null,
    ].filter((atMs) => atMs !== null);
    if (moments.length === 0) return;
    // A little later than the moment itself: then it has come by every reckoning.
    timer = setTimeout(attention.recheck, Math.min(longestTimerMs, Math.min(...moments) - nowMs + 20));
  }

  const attention: Attention = {
    async begin() {
      turn += 1;
      const mine = turn;
      const [waiting, own, others, kept] = await Promise.all([
        readAll('waiting', mostPages),
        readAll('mine', 1),
        readAll('decided', 1),
        roles.told.read(),
      ]);
      if (mine !== turn) return;
      known = new Map([...own, ...others, ...waiting].map((request) => [request.id, request]));
      for (const [id, request] of early) if ((known.get(id)?.version ?? 0) <= request.version) known.set(id, request);
      early = new Map();
      for (const [id, request] of known) if (!concerns(request)) known.delete(id);
      told = new Set(kept ?? []);
      // Whoever is new here is told what waits, not what was settled before.
      if (kept === null) await remember(dueOf(known.values()).flatMap(({ key, untilMs }) => (untilMs === null ? [key] : [])));
      tell(() => known?.values() ?? []);
      refresh();
    },
    end() {
      clearTimeout(again);
      turn += 1;
      known = null;
      told = new Set();
      early = new Map();
      fresh.clear();
      refresh();
    },
    heard({ changed, removed }) {
      if (known === null) {
        for (const request of changed) early.set(request.id, request);
        for (const id of removed) early.delete(id);
        return;
      }
      for (const request of changed) {
        fresh.add(request.id);
        if (concerns(request)) known.set(request.id, request);
        else known.delete(request.id);
      }
      for (const id of removed) known.delete(id);
      if (gathering !== undefined) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        const ids = [...fresh];
        fresh.clear();
        tell(() => ids.flatMap((id) => known?.get(id) ?? []));
        refresh();
      }, gatherMs);
    },
    recheck() {
      if (known !== null) tell(() => known?.values() ?? []);
      refresh();
    },
  };
  return attention;
}
