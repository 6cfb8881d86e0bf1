import type { EventPayload } from '../../contract/events.ts';
import { type AccessRequest, phaseOf, type RequestPage, type RequestQuery } from '../../contract/request.ts';
import type { Settings } from '../../contract/settings.ts';
import { toMs } from '../../contract/time.ts';
import { chooseShown, isPaused, isToDecide, nextNoticeMs, noticesOf, requestIdOf, rowMs, type Shown } from './notices.ts';
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

/** A request with the moments that are looked at again and again (epoch ms): it may be one of thousands. */
type Entry = {
  request: AccessRequest;
  dueMs: number;
  endMs: number;
  /** The next moment at which there is something new to say of it; null if there never is. */
  turnsMs: number | null;
};

/** What comes within this time is told together. */
const gatherMs = 250;
/** What nobody on the desktop listened to is tried again: soon at first, then more and more seldom (ms). */
const firstAgainMs = 5_000;
const longestAgainMs = 600_000;
const longestTimerMs = 3_600_000;
const pageSize = 500;
const mostPages = 40;
/** Windows that may be revoked are among the newest of what others asked for. */
const othersPages = 4;
/** So much is remembered of what is not known any more. */
const mostTold = 5_000;

/**
 * What needs this person's attention: requests that wait for them, their own, and open windows that they may revoke. It is one timer to the
 * next moment at which something changes by time alone; everything else comes from events.
 */
export function createAttention(roles: AttentionRoles): Attention {
  const { clock, settings } = roles;
  let known: Map<string, Entry> | null = null;
  let told = new Set<string>();
  /** Heard before it was known what concerns the person. */
  let early = new Map<string, AccessRequest>();
  const fresh = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let pausedBefore = false;
  let again: NodeJS.Timeout | undefined;
  let againMs = firstAgainMs;
  /** When single ones that wait were told of lately (gateway time, epoch ms). */
  let row: number[] = [];
  let gathering: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let turn = 0;

  /** Remembers a request as long as it may concern the person, by now or by time alone. */
  function keep(request: AccessRequest): void {
    const nowMs = clock.now();
    const entry = { request, dueMs: dueMs(request), endMs: toMs(request.window.end), turnsMs: nextNoticeMs(request, nowMs) };
    if (concerns(entry, nowMs)) known?.set(request.id, entry);
    else known?.delete(request.id);
  }

  const isOwn = ({ request }: Entry) => request.requester.id === roles.personId();
  function concerns(entry: Entry, nowMs: number): boolean {
    if (!isOwn(entry)) return waits(entry, nowMs) || isRevocable(entry, nowMs);
    const phase = phaseOf(entry.request, nowMs);
    return phase !== 'over' && phase !== 'canceled';
  }
  const waits = (entry: Entry, nowMs: number) =>
    !isOwn(entry) && entry.request.may.decide.allowed && entry.request.state.status === 'pending' && nowMs < entry.dueMs;
  const isRevocable = (entry: Entry, nowMs: number) =>
    !isOwn(entry) && entry.request.may.revoke.allowed && phaseOf(entry.request, nowMs) === 'open';

  function state(nowMs: number): TrayState {
    const entries = [...(known?.values() ?? [])];
    const requests = (some: Entry[]) => some.map(({ request }) => request);
    return {
      signedIn: known !== null,
      waiting: requests(entries.filter((entry) => waits(entry, nowMs)).sort((a, b) => a.dueMs - b.dueMs)),
      revocable: requests(entries.filter((entry) => isRevocable(entry, nowMs)).sort((a, b) => a.endMs - b.endMs)),
      settings: settings(),
    };
  }

  const all = () => [...(known?.values() ?? [])].map(({ request }) => request);

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
        const nowMs = clock.now();
        row = row.filter((atMs) => nowMs - atMs < rowMs);
        const desk = { waiting: [...known.values()].filter((entry) => waits(entry, nowMs)).length, inARow: row.length };
        const { shown, told: done } = chooseShown(dueOf(requests()), settings(), nowMs, desk);
        if (done.length === 0) return;
        if (shown.length > 0 && !(await roles.show(shown, nowMs))) {
          clearTimeout(again);
          again = setTimeout(attention.recheck, againMs);
          againMs = Math.min(longestAgainMs, againMs * 2);
          return;
        }
        againMs = firstAgainMs;
        row.push(...shown.filter((one) => one.what === 'one' && isToDecide(one.notice)).map(() => nowMs));
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
    const drawn = state(nowMs);
    roles.changed(drawn, nowMs);
    if (known === null) return;
    const { noticesPausedUntil } = settings();
    let next = nextWordsMs(drawn, nowMs) ?? Number.POSITIVE_INFINITY;
    for (const { turnsMs } of known.values()) if (turnsMs !== null && turnsMs < next) next = turnsMs;
    if (noticesPausedUntil !== null && isPaused(settings(), nowMs)) next = Math.min(next, toMs(noticesPausedUntil));
    if (next === Number.POSITIVE_INFINITY) return;
    // A little later than the moment itself: then it has come by every reckoning.
    timer = setTimeout(turned, Math.min(longestTimerMs, Math.max(0, next - nowMs) + 20));
    pausedBefore = isPaused(settings(), nowMs);
  }

  /** A moment has come: only of what turns in it is there something new to say, unless notices were paused until now. */
  function turned(): void {
    const nowMs = clock.now();
    if (pausedBefore && !isPaused(settings(), nowMs)) {
      attention.recheck();
      return;
    }
    const turning = [...(known?.values() ?? [])].filter(({ turnsMs }) => turnsMs !== null && turnsMs <= nowMs);
    if (turning.length > 0) tell(() => turning.flatMap(({ request }) => known?.get(request.id)?.request ?? []));
    for (const entry of turning) entry.turnsMs = nextNoticeMs(entry.request, nowMs);
    refresh();
  }

  const attention: Attention = {
    async begin() {
      turn += 1;
      const mine = turn;
      const [waiting, own, others, kept] = await Promise.all([
        readAll('waiting', mostPages),
        readAll('mine', 1),
        readAll('decided', othersPages),
        roles.told.read(),
      ]);
      if (mine !== turn) return;
      const newest = new Map([...own, ...others, ...waiting].map((request) => [request.id, request]));
      for (const [id, request] of early) if ((newest.get(id)?.version ?? 0) <= request.version) newest.set(id, request);
      early = new Map();
      known = new Map();
      for (const request of newest.values()) keep(request);
      told = new Set(kept ?? []);
      // Whoever is new here is told what waits, not what was settled before.
      if (kept === null) await remember(dueOf(all()).flatMap(({ key, untilMs }) => (untilMs === null ? [key] : [])));
      tell(all);
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
        keep(request);
      }
      for (const id of removed) known.delete(id);
      if (gathering !== undefined) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        const ids = [...fresh];
        fresh.clear();
        tell(() => ids.flatMap((id) => known?.get(id)?.request ?? []));
        refresh();
      }, gatherMs);
    },
    recheck() {
      if (known !== null) tell(all);
      refresh();
    },
  };
  return attention;
}
