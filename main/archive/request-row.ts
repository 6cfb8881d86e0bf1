import type { HistoryRow } from '../../contract/history.ts';
import { type AccessRequest, approvalsAt } from '../../contract/request.ts';
import { restsSince } from '../../contract/seal.ts';
import { toMs } from '../../contract/time.ts';
import { fold } from './words.ts';

/** So many requests of one millisecond keep its order; more are pushed on to the next. Numbers stay exact until the year 37,000. */
const rowsInMs = 8;

/** Rows are numbered by time: the first that a request of a moment (epoch ms) may have. */
export const firstRowAt = (ms: number): number => ms * rowsInMs;

/** The columns of a request, apart from its row and what was watched under it. */
export function columnsOf(request: AccessRequest) {
  const { state } = request;
  const decidedAt = state.status === 'pending' ? null : toMs(state.at);
  const createdAt = toMs(request.createdAt);
  return {
    id: request.id,
    created_at: createdAt,
    requester: request.requester.id,
    requester_name: fold(request.requester.displayName),
    device: fold(request.session.device),
    session_id: request.session.id,
    status: state.status,
    kind: request.kind,
    start_at: toMs(request.window.start),
    end_at: toMs(request.window.end),
    deadline: toMs(request.deadline),
    decided_at: decidedAt,
    approved_at: approvedAt(request),
    changed_at: restsSince({ what: 'request', request }),
    may_decide: Number(request.may.decide.allowed),
    version: request.version,
    json: JSON.stringify(request),
  };
}

/** When every level had granted (epoch ms), whatever became of the request afterwards; null if that never happened. */
export function approvedAt({ state, levels, decisions }: Pick<AccessRequest, 'state' | 'levels' | 'decisions'>): number | null {
  if (state.status === 'approved') return toMs(state.at);
  if (state.status === 'pending' || state.status === 'rejected' || state.status === 'expired') return null;
  const granted = levels.every(({ level, needed }) => approvalsAt({ decisions }, level) >= needed);
  const last = decisions.filter(({ verdict }) => verdict === 'approve').at(-1);
  return granted && last ? toMs(last.at) : null;
}

/** The JSON of a `HistoryRow` up to what was watched: `{…,"watchedMs":` */
export function shownOf(request: AccessRequest): string {
  const { id, version, kind, requester, governanceCode, window, createdAt, deadline, state, decisions, session } = request;
  const shown: Omit<HistoryRow, 'watchedMs'> = {
    id,
    version,
    kind,
    requester,
    governanceCode,
    window,
    createdAt,
    deadline,
    state,
    reason: request.reason.label,
    session: { id: session.id, user: session.user, device: session.device },
    decidedAt: state.status === 'pending' ? null : state.at,
    approvers: decisions.map((decision) => decision.by.displayName),
  };
  return `${JSON.stringify(shown).slice(0, -1)},"watchedMs":`;
}
