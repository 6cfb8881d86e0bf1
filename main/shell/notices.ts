import { type AccessRequest, type Phase, phaseOf } from '../../contract/request.ts';
import type { NoticeKind, Settings } from '../../contract/settings.ts';
import { toMs } from '../../contract/time.ts';

/** Something a person is to be told of one request. `key` is the same whenever the same thing is meant: nothing is told twice. */
export type Notice = {
  key: string;
  kind: NoticeKind;
  request: AccessRequest;
  /** Until when it is worth telling: the deadline, the end of the window. Null if it stays true. Epoch ms. */
  untilMs: number | null;
};

const minute = 60_000;
/** How long before the deadline, and before the end of the window, one is told (ms). */
export const deadlineWarningsMs = [10 * minute, 2 * minute] as const;
export const endWarningMs = 5 * minute;
/** What was settled longer ago than this is no news. */
const freshMs = 24 * 60 * minute;

/**
 * Everything that `personId` should have been told of this request by now (`nowMs`, gateway time), most urgent last. It goes by how the
 * request stands, not by what was heard of it: after a sleep, a cut or a restart the same rules say what is still worth telling.
 * Approvers hear of what they may decide, requesters of what becomes of their own; nobody as an approver of a request of their own.
 */
export function noticesOf(request: AccessRequest, personId: string, nowMs: number): Notice[] {
  const phase = phaseOf(request, nowMs);
  const own = request.requester.id === personId;
  return own ? toRequester(request, phase, nowMs) : toApprover(request, phase, nowMs);
}

function toApprover(request: AccessRequest, phase: Phase, nowMs: number): Notice[] {
  const { state, deadline, may, window } = request;
  if (phase !== 'pending' || state.status !== 'pending' || !may.decide.allowed) return [];
  const untilMs = Math.min(toMs(deadline), toMs(window.end));
  const { level } = state;
  const near = deadlineWarningsMs
    .filter((beforeMs) => untilMs - nowMs <= beforeMs)
    .map((beforeMs): Notice => ({ key: keyOf(request, `deadline-${beforeMs}`), kind: 'deadline', request, untilMs }));
  return [{ key: keyOf(request, `waiting-${level}`), kind: level === 1 ? 'waiting' : 'level', request, untilMs }, ...near];
}

function toRequester(request: AccessRequest, phase: Phase, nowMs: number): Notice[] {
  const { state, window } = request;
  const startMs = toMs(window.start);
  const endMs = toMs(window.end);
  const notice = (what: string, kind: NoticeKind, untilMs: number | null): Notice => ({
    key: keyOf(request, what),
    kind,
    request,
    untilMs,
  });
  switch (phase) {
    case 'pending':
      return state.status === 'pending' && state.level > 1 ? [notice(`granted-${state.level - 1}`, 'level', null)] : [];
    case 'scheduled':
    case 'open': {
      const decided = notice('decided', 'decided', endMs);
      if (phase === 'scheduled') return [decided];
      const opensLater = state.status === 'approved' && toMs(state.at) < startMs;
      const ends = endMs - nowMs <= endWarningMs;
      return [
        decided,
        ...(opensLater ? [notice('opens', 'opens', endMs)] : []),
        // The end of a window that was narrowed or widened is another end.
        ...(ends ? [notice(`ends-${window.end}`, 'ends', endMs)] : []),
      ];
    }
    case 'rejected':
      return isFresh(settledMs(request), nowMs) ? [notice('decided', 'decided', null)] : [];
    case 'revoked':
      return isFresh(settledMs(request), nowMs) ? [notice('revoked', 'revoked', null)] : [];
    case 'expired':
      return isFresh(Math.min(toMs(request.deadline), endMs), nowMs) ? [notice('expired', 'expired', null)] : [];
    case 'over':
    case 'canceled':
      return [];
    default:
      return phase satisfies never;
  }
}

/** The next moment (gateway time, epoch ms) at which `noticesOf` says something new by time alone; null if it never does. */
export function nextNoticeMs(request: AccessRequest, nowMs: number): number | null {
  const { state, deadline, window } = request;
  const endMs = toMs(window.end);
  const dueMs = Math.min(toMs(deadline), endMs);
  const moments =
    state.status === 'pending'
      ? [...deadlineWarningsMs.map((beforeMs) => dueMs - beforeMs), dueMs]
      : state.status === 'approved'
        ? [toMs(window.start), endMs - endWarningMs, endMs]
        : [];
  const ahead = moments.filter((atMs) => atMs > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/**
 * What is shown: one request, or how many when several come at once. Of those that wait it is how many wait altogether, and when the first
 * of them is due (epoch ms, gateway time).
 */
export type Shown =
  | { what: 'one'; notice: Notice }
  | { what: 'waiting'; count: number; dueMs: number }
  | { what: 'others'; count: number };

/** So many at once are shown one by one. */
const mostSingly = 3;
/** And so many in a row; what waits beyond that within this time (ms) is counted, whatever trickles in. */
const mostInARow = 5;
export const rowMs = 10_000;

/** The desk as a whole, for what comes in such numbers that it is only counted. */
export type Desk = {
  /** How many wait for this person. */
  waiting: number;
  /** How many notices about single ones that wait were shown within the last `rowMs`. */
  inARow: number;
};

/**
 * What to show of `due` (none of it told before), by the person's settings. Of one request only the most urgent is shown; many that wait
 * come as one notice. Everything in `due` counts as told afterwards, shown or not, unless notices are paused: then it waits.
 */
export function chooseShown(
  due: readonly Notice[],
  settings: Pick<Settings, 'notices' | 'noticesPausedUntil'>,
  nowMs: number,
  desk: Desk,
): { shown: Shown[]; told: string[] } {
  if (isPaused(settings, nowMs)) return { shown: [], told: [] };
  const latest = new Map<string, Notice>();
  for (const notice of due) {
    if (settings.notices.includes(notice.kind) && (notice.untilMs === null || notice.untilMs > nowMs))
      latest.set(notice.request.id, notice);
  }
  const wanted = [...latest.values()];
  const decidable = wanted.filter(isToDecide);
  const others = wanted.filter((notice) => !isToDecide(notice));
  const singly = (notices: readonly Notice[]) => notices.map((notice): Shown => ({ what: 'one', notice }));
  const dueMs = Math.min(...decidable.map(({ untilMs }) => untilMs ?? Number.POSITIVE_INFINITY));
  return {
    shown: [
      ...(decidable.length > Math.max(0, Math.min(mostSingly, mostInARow - desk.inARow))
        ? [{ what: 'waiting' as const, count: desk.waiting, dueMs }]
        : singly(decidable)),
      ...(others.length > mostSingly ? [{ what: 'others' as const, count: others.length }] : singly(others)),
    ],
    told: due.map(({ key }) => key),
  };
}

/** Whether a notice is about a request that waits for the person it is for. */
export const isToDecide = ({ request }: Notice) => request.state.status === 'pending' && request.may.decide.allowed;

export function isPaused({ noticesPausedUntil }: Pick<Settings, 'noticesPausedUntil'>, nowMs: number): boolean {
  return noticesPausedUntil !== null && toMs(noticesPausedUntil) > nowMs;
}

const keyOf = (request: AccessRequest, what: string) => `${request.id} ${what}`;
/** The request that a notice's key is about. */
export const requestIdOf = (key: string): string => key.slice(0, key.indexOf(' '));
const isFresh = (atMs: number, nowMs: number) => nowMs - atMs < freshMs;
const settledMs = ({ state }: AccessRequest) => ('at' in state ? toMs(state.at) : 0);

/** Text as it can be handed to a notification daemon: names come from elsewhere, and some daemons read a body as markup (links, pictures). */
export const unmarked = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›');
