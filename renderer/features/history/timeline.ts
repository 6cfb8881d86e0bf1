import type { HistoryItem, ViewingRecord } from '../../../contract/history.ts';
import type { Decision } from '../../../contract/request.ts';
import { type Instant, toMs, type Window } from '../../../contract/time.ts';

/** One thing that happened to a request, or will happen by time alone. */
export type Entry =
  | { what: 'asked'; at: Instant; by: string }
  | { what: 'decided'; at: Instant; decision: Decision; levels: number }
  | { what: 'narrowed'; at: Instant; asked: Window; window: Window }
  | { what: 'opened'; at: Instant }
  | { what: 'viewing'; at: Instant; viewing: ViewingRecord }
  | { what: 'revoked'; at: Instant; by: string; comment: string }
  | { what: 'expired'; at: Instant }
  | { what: 'canceled'; at: Instant }
  | { what: 'over'; at: Instant }
  | { what: 'deadline'; at: Instant };

/**
 * Everything that is on record about a request, in the order in which it happened. Entries after `nowMs` (gateway time) are still to
 * come: the deadline of what is pending, the opening and the end of a window.
 */
export function timelineOf({ request, viewings }: Pick<HistoryItem, 'request' | 'viewings'>, nowMs: number): Entry[] {
  const { state, decisions, window, asked, levels } = request;
  const entries: Entry[] = [
    { what: 'asked', at: request.createdAt, by: request.requester.displayName },
    ...decisions.map((decision): Entry => ({ what: 'decided', at: decision.at, decision, levels: levels.length })),
    ...viewings.map((viewing): Entry => ({ what: 'viewing', at: viewing.startedAt, viewing })),
  ];
  const lastApproval = decisions.findLast(({ verdict }) => verdict === 'approve');
  if (lastApproval && (toMs(window.start) !== toMs(asked.start) || toMs(window.end) !== toMs(asked.end)))
    entries.push({ what: 'narrowed', at: lastApproval.at, asked, window });
  switch (state.status) {
    case 'pending': {
      const due = toMs(request.deadline) < toMs(window.end) ? request.deadline : window.end;
      entries.push(toMs(due) <= nowMs ? { what: 'expired', at: due } : { what: 'deadline', at: due });
      break;
    }
    case 'approved':
      entries.push({ what: 'opened', at: later(window.start, state.at) }, { what: 'over', at: window.end });
      break;
    case 'revoked': {
      const opened = later(window.start, lastApproval?.at ?? window.start);
      if (toMs(opened) < toMs(state.at)) entries.push({ what: 'opened', at: opened });
      entries.push({ what: 'revoked', at: state.at, by: state.by.displayName, comment: state.comment });
      break;
    }
    case 'expired':
    case 'canceled':
      entries.push({ what: state.status, at: state.at });
      break;
    case 'rejected':
      // The decision says it.
      break;
    default:
      state satisfies never;
  }
  return entries
    .map((entry, order) => ({ entry, order }))
    .sort(inTime)
    .map(({ entry }) => entry);
}

/** Of what happened in the same moment, what led to the other comes first. */
const ranks: Record<Entry['what'], number> = {
  asked: 0,
  decided: 1,
  narrowed: 2,
  opened: 3,
  viewing: 4,
  deadline: 5,
  canceled: 5,
  expired: 5,
  revoked: 5,
  over: 6,
};

type Placed = { entry: Entry; order: number };
const inTime = (a: Placed, b: Placed) =>
  toMs(a.entry.at) - toMs(b.entry.at) || ranks[a.entry.what] - ranks[b.entry.what] || a.order - b.order;

const later = (one: Instant, other: Instant) => (toMs(one) > toMs(other) ? one : other);
