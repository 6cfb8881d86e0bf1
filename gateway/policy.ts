import type { Failure } from '../contract/failure.ts';
import { type Permission, type Role, watchingRoles } from '../contract/identity.ts';
import { type NewRequest, type Permitted, type Policy, wordsProblem } from '../contract/request.ts';
import { objects } from '../contract/review.ts';
import { type Access, AuditVerdict, type Kind, type SessionState } from '../contract/session.ts';
import { toInstant, toMs } from '../contract/time.ts';

/**
 * The rules of the workflow (product.md, 1 to 10 and the finer rules) as pure functions. Facts come in as values that were read in one
 * transaction, the verdict goes out as a value; times are epoch milliseconds by the gateway's clock.
 */

/** The person who acts, with what they may do at this very moment. */
export type Viewer = {
  personId: string;
  displayName: string;
  roles: readonly Role[];
  permissions: readonly Permission[];
  groupIds: readonly string[];
};

export type SessionFacts = {
  id: string;
  state: SessionState;
  /** The person whose session it is; null if the PAM system could not say. */
  recordedPersonId: string | null;
};

/** A level of approval; `memberIds` are the people who are active members of its group at this moment. */
export type LevelFacts = { level: number; groupId: string; groupName: string; needed: number; memberIds: readonly string[] };

/** `version` is the version of the request that the decision made. */
export type DecisionFacts = {
  personId: string;
  displayName: string;
  level: number;
  verdict: 'approve' | 'reject';
  comment: string;
  atMs: number;
  version: number;
  narrowed: boolean;
};

export type RequestStateFacts =
  | { status: 'pending'; level: number }
  | { status: 'approved'; atMs: number }
  | { status: 'rejected'; atMs: number; personId: string; displayName: string; comment: string }
  | { status: 'expired'; atMs: number }
  | { status: 'canceled'; atMs: number }
  | { status: 'revoked'; atMs: number; personId: string; displayName: string; comment: string };

export type RequestFacts = {
  id: string;
  version: number;
  kind: Kind;
  session: SessionFacts;
  requesterPersonId: string;
  startMs: number;
  endMs: number;
  createdAtMs: number;
  deadlineMs: number;
  /** As they were set when the request was made; who is a member is read anew for each decision. */
  levels: readonly Omit<LevelFacts, 'memberIds'>[];
  decisions: readonly DecisionFacts[];
  state: RequestStateFacts;
};

export type DecisionInput = {
  version: number;
  verdict: 'approve' | 'reject';
  comment: string;
  /** Narrows the window; absent keeps it. */
  window?: { startMs: number; endMs: number };
};

const permissionFor: Record<Kind, Permission> = {
  recording: 'PAM.SessionManagement.Recording',
  livestream: 'PAM.SessionManagement.Livestream',
};

/** Shorter windows are mistakes of typing: nothing can be watched in them. */
const shortestWindowMs = 1000;

// ---- Watching (rules 1 to 3, 5, 9) ------------------------------------------------------------------------------------------------

/** What `viewer` may do with a session of one kind. `requests` are this person's for this session and kind. */
export function access(
  viewer: Viewer,
  session: SessionFacts,
  kind: Kind,
  requests: readonly RequestFacts[],
  policy: Policy,
  nowMs: number,
): Access {
  const barred = mayWatchAtAll(viewer, session, kind);
  if (barred) return { state: 'unavailable', why: whyUnavailable(barred) };
  if (watchesDirectly(viewer, policy)) return { state: 'direct' };
  const open = latestEnding(requests, (request) => phase(request, nowMs) === 'open');
  if (open) return { state: 'open', requestId: open.id, until: toInstant(open.endMs) };
  const scheduled = requests.filter((request) => phase(request, nowMs) === 'scheduled').sort((a, b) => a.startMs - b.startMs)[0];
  if (scheduled) {
    return { state: 'scheduled', requestId: scheduled.id, from: toInstant(scheduled.startMs), until: toInstant(scheduled.endMs) };
  }
  const pending = requests.find((request) => phase(request, nowMs) === 'pending');
  if (pending) return { state: 'pending', requestId: pending.id, deadline: toInstant(pending.deadlineMs) };
  const last = newest(requests);
  return { state: 'ask', after: last ? (phase(last, nowMs) as 'over') : 'nothing' };
}

/**
 * Whether `viewer` may watch now: asked when a viewing starts, at every renewal of its lease and at every playlist, segment and key.
 * `untilMs` is the end of the window that allows it; null for who watches directly.
 */
export function mayWatch(
  viewer: Viewer,
  session: SessionFacts,
  kind: Kind,
  requests: readonly RequestFacts[],
  policy: Policy,
  nowMs: number,
): { ok: true; requestId: string | null; untilMs: number | null } | { ok: false; failure: Failure } {
  const barred = mayWatchAtAll(viewer, session, kind);
  if (barred) return { ok: false, failure: barred };
  if (watchesDirectly(viewer, policy)) return { ok: true, requestId: null, untilMs: null };
  const open = latestEnding(requests, (request) => phase(request, nowMs) === 'open');
  if (open) return { ok: true, requestId: open.id, untilMs: open.endMs };
  return { ok: false, failure: whyNotOpen(requests, nowMs) };
}

/** Rule 2 and what there is to watch; nothing about approval. Role and permission are checked apart. */
function mayWatchAtAll(viewer: Viewer, session: SessionFacts, kind: Kind): Failure | null {
  if (!viewer.roles.some((role) => watchingRoles.includes(role)))
    return { code: 'ROLE_MISSING', data: { needed: [...watchingRoles] } };
  const permission = permissionFor[kind];
  if (!viewer.permissions.includes(permission)) return { code: 'PERMISSION_MISSING', data: { permission } };
  if (kind === 'livestream') return session.state === 'live' ? null : { code: 'NOT_LIVE', data: {} };
  switch (session.state) {
    case 'recorded':
      return null;
    case 'not-recorded':
      return { code: 'NOT_RECORDED', data: {} };
    case 'live':
    case 'converting':
      return { code: 'STILL_CONVERTING', data: {} };
    default:
      return session.state satisfies never;
  }
}

function whyUnavailable(failure: Failure): Extract<Access, { state: 'unavailable' }>['why'] {
  switch (failure.code) {
    case 'ROLE_MISSING':
      return 'role';
    case 'PERMISSION_MISSING':
      return 'permission';
    case 'NOT_LIVE':
      return 'not-live';
    case 'STILL_CONVERTING':
      return 'converting';
    default:
      return 'not-recorded';
  }
}

/** Rule 3: approval is off, or the person has the PAM Operator right and the policy exempts operators. */
export function watchesDirectly(viewer: Viewer, policy: Policy): boolean {
  return !policy.approvalEnabled || (policy.operatorsWatchDirectly && viewer.roles.includes('PAM Operator'));
}

function whyNotOpen(requests: readonly RequestFacts[], nowMs: number): Failure {
  const scheduled = requests.find((request) => phase(request, nowMs) === 'scheduled');
  if (scheduled)
    return { code: 'WINDOW_NOT_OPEN', data: { from: toInstant(scheduled.startMs), until: toInstant(scheduled.endMs) } };
  const last = newest(requests);
  if (last?.state.status === 'revoked') {
    const { displayName, atMs, comment } = last.state;
    return { code: 'REVOKED', data: { by: displayName, at: toInstant(atMs), comment } };
  }
  if (last && phase(last, nowMs) === 'over') return { code: 'WINDOW_OVER', data: { until: toInstant(last.endMs) } };
  return { code: 'APPROVAL_NEEDED', data: {} };
}

// ---- Asking (rules 4, 6, 7, 8) ----------------------------------------------------------------------------------------------------

/** The approval deadline (rule 8): some time after asking, never later than Access end. */
export function deadlineFor(policy: Policy, createdAtMs: number, endMs: number): number {
  return Math.min(createdAtMs + policy.approvalDeadlineMs, endMs);
}

/** The people of a level who could decide about a request: not who asks (rule 6), by policy not the recorded person. */
export function eligible(level: LevelFacts, requesterPersonId: string, session: SessionFacts, policy: Policy): string[] {
  return [...new Set(level.memberIds)].filter(
    (id) => id !== requesterPersonId && !(policy.recordedPersonMayNotApprove && id === session.recordedPersonId),
  );
}

/** Why a window cannot be asked for; null if it can. */
export function windowProblem(window: { startMs: number; endMs: number }, policy: Policy, nowMs: number): Failure | null {
  const { startMs, endMs } = window;
  if (endMs <= startMs) return { code: 'WINDOW_INVALID', data: { why: 'end-before-start' } };
  if (endMs <= nowMs) return { code: 'WINDOW_INVALID', data: { why: 'in-the-past' } };
  if (endMs - startMs < shortestWindowMs) return { code: 'WINDOW_INVALID', data: { why: 'too-short' } };
  if (startMs > nowMs + policy.maxStartAheadMs) return { code: 'WINDOW_INVALID', data: { why: 'too-far-ahead' } };
  if (endMs - startMs > policy.maxWindowMs) return { code: 'WINDOW_TOO_LONG', data: { maxMs: policy.maxWindowMs } };
  return null;
}

/** Why a request for this window would be refused whatever else is in it: what pre-flight tells before Save. */
export function mayAskAtAll(
  viewer: Viewer,
  session: SessionFacts,
  kind: Kind,
  requests: readonly RequestFacts[],
  policy: Policy,
  window: { startMs: number; endMs: number },
  levels: readonly LevelFacts[],
  nowMs: number,
): Failure | null {
  const barred = mayWatchAtAll(viewer, session, kind);
  if (barred) return barred;
  if (watchesDirectly(viewer, policy)) return { code: 'APPROVAL_NOT_NEEDED', data: {} };
  const pending = requests.find((request) => phase(request, nowMs) === 'pending');
  if (pending) return { code: 'ALREADY_ASKED', data: { requestId: pending.id } };
  return windowProblem(window, policy, nowMs) ?? approversProblem(viewer, session, policy, levels);
}

/** Why `input` would be refused; null if it may become a request. */
export function mayAsk(
  viewer: Viewer,
  session: SessionFacts,
  kind: Kind,
  requests: readonly RequestFacts[],
  policy: Policy,
  input: Pick<NewRequest, 'justification' | 'reasonId' | 'governanceCode' | 'window'>,
  levels: readonly LevelFacts[],
  nowMs: number,
): Failure | null {
  const window = { startMs: toMs(input.window.start), endMs: toMs(input.window.end) };
  return mayAskAtAll(viewer, session, kind, requests, policy, window, levels, nowMs) ?? wordsProblem(input, policy);
}

/**
 * A request that nobody may decide says so at once and is never approved by default. Since one person grants once for a
 * request, whatever the level, every set of levels needs as many distinct people as its counts add up to (Hall's condition).
 */
function approversProblem(viewer: Viewer, session: SessionFacts, policy: Policy, levels: readonly LevelFacts[]): Failure | null {
  if (levels.length === 0) return { code: 'NO_ELIGIBLE_APPROVER', data: { group: '', level: 1, needed: 1, eligible: 0 } };
  const people = levels.map((level) => eligible(level, viewer.personId, session, policy));
  for (let subset = 1; subset < 1 << levels.length; subset += 1) {
    const chosen = levels.filter((_, index) => subset & (1 << index));
    const needed = chosen.reduce((sum, level) => sum + level.needed, 0);
    const available = new Set(people.filter((_, index) => subset & (1 << index)).flat()).size;
    const lacking = chosen.at(-1);
    if (available < needed && lacking) {
      return {
        code: 'NO_ELIGIBLE_APPROVER',
        data: { group: lacking.groupName, level: lacking.level, needed, eligible: available },
      };
    }
  }
  return null;
}

// ---- Deciding (rules 6, 7, 8) -----------------------------------------------------------------------------------------------------

/** Why `decider` may not give this decision now; null if it may be written down with `decide`. */
export function mayDecide(
  decider: Viewer,
  request: RequestFacts,
  input: DecisionInput,
  policy: Policy,
  nowMs: number,
): Failure | null {
  const barred = mayDecideAtAll(decider, request, policy, nowMs);
  if (barred) return barred;
  if (input.version !== request.version) return stale(request, input.version);
  if (input.verdict === 'reject') return input.comment.trim() === '' ? { code: 'COMMENT_REQUIRED', data: {} } : null;
  return input.window ? narrowingProblem(request, input.window, nowMs) : null;
}

function mayDecideAtAll(decider: Viewer, request: RequestFacts, policy: Policy, nowMs: number): Failure | null {
  if (decider.personId === request.requesterPersonId) return { code: 'SELF_APPROVAL', data: {} };
  if (policy.recordedPersonMayNotApprove && decider.personId === request.session.recordedPersonId) {
    return { code: 'RECORDED_PERSON', data: {} };
  }
  if (!request.levels.some((level) => decider.groupIds.includes(level.groupId))) return { code: 'NOT_AN_APPROVER', data: {} };
  if (request.state.status !== 'pending') return { code: 'NOT_PENDING', data: { status: request.state.status } };
  if (nowMs >= request.deadlineMs) return { code: 'DEADLINE_PASSED', data: { deadline: toInstant(request.deadlineMs) } };
  if (nowMs >= request.endMs) return { code: 'WINDOW_OVER', data: { until: toInstant(request.endMs) } };
  if (request.decisions.some((decision) => decision.personId === decider.personId)) return { code: 'ALREADY_DECIDED', data: {} };
  const { level } = request.state;
  const current = request.levels.find((one) => one.level === level);
  if (!current || !decider.groupIds.includes(current.groupId)) return { code: 'NOT_AN_APPROVER', data: {} };
  return null;
}

/** An approver may narrow the window, never widen it. */
function narrowingProblem(request: RequestFacts, window: { startMs: number; endMs: number }, nowMs: number): Failure | null {
  if (window.startMs < request.startMs || window.endMs > request.endMs) return { code: 'WINDOW_WIDENED', data: {} };
  if (window.endMs <= window.startMs) return { code: 'WINDOW_INVALID', data: { why: 'end-before-start' } };
  if (window.endMs <= nowMs) return { code: 'WINDOW_INVALID', data: { why: 'in-the-past' } };
  return null;
}

/** A stale version is refused with the difference: the parts of the request that are not as they were seen. */
function stale(request: RequestFacts, seen: number): Failure {
  const since = request.decisions.filter((decision) => decision.version > seen);
  const changed = [
    ...(since.length > 0 ? ['decisions'] : []),
    ...(since.some((decision) => decision.narrowed) ? ['window'] : []),
    ...(request.state.status !== 'pending' || request.version - seen > since.length ? ['state'] : []),
  ];
  return { code: 'STALE_VERSION', data: { seen, current: request.version, changed } };
}

/** The request after a decision that `mayDecide` allows. One rejection ends it; a level grants when enough distinct people have. */
export function decide(request: RequestFacts, decider: Viewer, input: DecisionInput, nowMs: number): RequestFacts {
  if (request.state.status !== 'pending') throw new Error('only a pending request is decided');
  const { level } = request.state;
  const version = request.version + 1;
  const { personId, displayName } = decider;
  const comment = input.comment.trim();
  const window = input.verdict === 'approve' && input.window ? input.window : { startMs: request.startMs, endMs: request.endMs };
  const narrowed = window.startMs !== request.startMs || window.endMs !== request.endMs;
  const decision: DecisionFacts = {
    personId,
    displayName,
    level,
    verdict: input.verdict,
    comment,
    atMs: nowMs,
    version,
    narrowed,
  };
  const decisions = [...request.decisions, decision];
  const state: RequestStateFacts =
    input.verdict === 'reject'
      ? { status: 'rejected', atMs: nowMs, personId, displayName, comment }
      : afterApproval(request.levels, decisions, level, nowMs);
  return { ...request, ...window, deadlineMs: Math.min(request.deadlineMs, window.endMs), version, decisions, state };
}

function afterApproval(
  levels: RequestFacts['levels'],
  decisions: readonly DecisionFacts[],
  level: number,
  nowMs: number,
): RequestStateFacts {
  const needed = levels.find((one) => one.level === level)?.needed ?? Number.POSITIVE_INFINITY;
  const people = new Set(decisions.filter((one) => one.level === level && one.verdict === 'approve').map((one) => one.personId));
  if (people.size < needed) return { status: 'pending', level };
  const next = levels.map((one) => one.level).filter((one) => one > level);
  return next.length > 0 ? { status: 'pending', level: Math.min(...next) } : { status: 'approved', atMs: nowMs };
}

// ---- Canceling, revoking, expiring ------------------------------------------------------------------------------------------------

/** Only the person who asked cancels, and only what is pending still. */
export function mayCancel(viewer: Viewer, request: RequestFacts, version: number, nowMs: number): Failure | null {
  return mayCancelAtAll(viewer, request, nowMs) ?? (version === request.version ? null : stale(request, version));
}

function mayCancelAtAll(viewer: Viewer, request: RequestFacts, nowMs: number): Failure | null {
  if (viewer.personId !== request.requesterPersonId) return { code: 'NOT_THE_REQUESTER', data: {} };
  const now = phase(request, nowMs);
  return now === 'pending' ? null : { code: 'NOT_PENDING', data: { status: now } };
}

export function cancel(request: RequestFacts, nowMs: number): RequestFacts {
  return { ...request, version: request.version + 1, state: { status: 'canceled', atMs: nowMs } };
}

/**
 * Rule 9. Approvers of any level of the request and PAM Administrators take granted access back while its window is open, and
 * before it opens: a mistake need not wait for its own beginning. The recorded person may not, by the policy of rule 6.
 */
export function mayRevoke(
  viewer: Viewer,
  request: RequestFacts,
  input: { version: number; comment: string },
  policy: Policy,
  nowMs: number,
): Failure | null {
  const barred = mayRevokeAtAll(viewer, request, policy, nowMs);
  if (barred) return barred;
  if (input.version !== request.version) return stale(request, input.version);
  return input.comment.trim() === '' ? { code: 'COMMENT_REQUIRED', data: {} } : null;
}

function mayRevokeAtAll(viewer: Viewer, request: RequestFacts, policy: Policy, nowMs: number): Failure | null {
  if (policy.recordedPersonMayNotApprove && viewer.personId === request.session.recordedPersonId) {
    return { code: 'RECORDED_PERSON', data: {} };
  }
  const approver = request.levels.some((level) => viewer.groupIds.includes(level.groupId));
  if (!approver && !viewer.roles.includes('PAM Administrator')) return { code: 'NOT_A_REVOKER', data: {} };
  const now = phase(request, nowMs);
  return now === 'open' || now === 'scheduled' ? null : { code: 'NOT_REVOCABLE', data: { status: now } };
}

export function revoke(request: RequestFacts, viewer: Viewer, comment: string, nowMs: number): RequestFacts {
  const { personId, displayName } = viewer;
  const state = { status: 'revoked', atMs: nowMs, personId, displayName, comment: comment.trim() } as const;
  return { ...request, version: request.version + 1, state };
}

/** The request as expired, if its deadline or window has passed undecided; null if there is nothing to write down. */
export function expire(request: RequestFacts, nowMs: number): RequestFacts | null {
  if (request.state.status !== 'pending') return null;
  const atMs = Math.min(request.deadlineMs, request.endMs);
  return nowMs < atMs ? null : { ...request, version: request.version + 1, state: { status: 'expired', atMs } };
}

// ---- Comments and "audited" marks -------------------------------------------------------------------------------------------------

/** What the rules about comments and marks ask for. `barred` is why this person may not watch any of the session now; null if they may. */
export type ReviewFacts = {
  session: SessionFacts;
  barred: Failure | null;
  /** Whether something of it was ever shown to this person, by the record of viewings. */
  watched: boolean;
};

/**
 * Why somebody may neither read what others said about a session nor comment on it; null if they may. Comments tell of a session's inside,
 * so they are for who may watch it now. Nobody reads or writes about their own session: an inquiry is not for the person it is about.
 */
export function mayComment(viewer: Viewer, { session, barred }: ReviewFacts): Failure | null {
  if (viewer.personId === session.recordedPersonId) return { code: 'RECORDED_PERSON', data: {} };
  return barred;
}

/** Why somebody may not mark a session as audited; null if they may. The window may be over by then: what counts is having watched. */
export function mayMark(viewer: Viewer, { session, watched }: ReviewFacts): Failure | null {
  if (viewer.personId === session.recordedPersonId) return { code: 'RECORDED_PERSON', data: {} };
  if (!mayAudit(viewer)) return { code: 'ROLE_MISSING', data: { needed: [...watchingRoles] } };
  return watched ? null : { code: 'NOT_WATCHED', data: {} };
}

/** Why a verdict cannot be given in these words; null if it can. */
export function verdictProblem(verdict: AuditVerdict, text: string): Failure | null {
  return objects(verdict) && text.trim() === '' ? { code: 'COMMENT_REQUIRED', data: {} } : null;
}

/** Whether somebody may know that a session was audited, and with which verdict. The reasons are for who may watch it. */
export function mayKnowVerdict(viewer: Viewer, session: SessionFacts): boolean {
  return mayAudit(viewer) && viewer.personId !== session.recordedPersonId;
}

const mayAudit = (viewer: Viewer) => viewer.roles.some((role) => watchingRoles.includes(role));

/** Of several marks of one person the latest counts. `marks` are in the order in which they were made. */
export function counting<M extends { personId: string }>(marks: readonly M[]): M[] {
  const latest = new Map(marks.map((mark) => [mark.personId, mark]));
  return marks.filter((mark) => latest.get(mark.personId) === mark);
}

/** The gravest of several verdicts; null of none. */
export function gravest(verdicts: readonly AuditVerdict[]): AuditVerdict | null {
  return AuditVerdict.options.findLast((verdict) => verdicts.includes(verdict)) ?? null;
}

// ---- Seeing -----------------------------------------------------------------------------------------------------------------------

/**
 * Who may see a request: who asked, who decided, PAM Administrators, and the approvers of the levels that have been told
 * (rule 7: the next level is told only when the one below has granted).
 */
export function maySee(viewer: Viewer, request: RequestFacts): boolean {
  if (viewer.personId === request.requesterPersonId || seesEveryRequest(viewer)) return true;
  if (request.decisions.some((decision) => decision.personId === viewer.personId)) return true;
  const told = toldLevel(request);
  return request.levels.some((level) => level.level <= told && viewer.groupIds.includes(level.groupId));
}

export const seesEveryRequest = ({ roles }: Pick<Viewer, 'roles'>) => roles.includes('PAM Administrator');

/**
 * Who may have a viewing on record: who watched, whoever may see the request that allowed it, PAM Administrators and PAM Auditors.
 * `request` is null for who watched directly.
 */
export function maySeeViewing(viewer: Viewer, viewing: { personId: string; request: RequestFacts | null }): boolean {
  if (viewing.personId === viewer.personId || seesEveryViewing(viewer)) return true;
  return viewing.request !== null && maySee(viewer, viewing.request);
}

/** Those whose work is to look at who watched what. */
export const seesEveryViewing = ({ roles }: Pick<Viewer, 'roles'>) =>
  seesEveryRequest({ roles }) || roles.includes('PAM Auditor');

/** The highest level that has been told of a request. */
export function toldLevel(request: Pick<RequestFacts, 'state' | 'decisions' | 'levels'>): number {
  if (request.state.status === 'pending') return request.state.level;
  if (request.state.status === 'approved' || request.state.status === 'revoked')
    return Math.max(...request.levels.map((level) => level.level));
  let told = Math.min(...request.levels.map((level) => level.level));
  for (const level of [...request.levels].sort((a, b) => a.level - b.level)) {
    if (level.level > told) break;
    const granted =
      request.decisions.filter((one) => one.level === level.level && one.verdict === 'approve').length >= level.needed;
    if (granted) told = level.level + 1;
  }
  return told;
}

/** What `viewer` may do with a request at this moment, for the client to draw. */
export function permitted(
  viewer: Viewer,
  request: RequestFacts,
  policy: Policy,
  nowMs: number,
): { decide: Permitted; cancel: Permitted; revoke: Permitted } {
  const say = (failure: Failure | null): Permitted => (failure ? { allowed: false, why: failure.code } : { allowed: true });
  return {
    decide: say(mayDecideAtAll(viewer, request, policy, nowMs)),
    cancel: say(mayCancelAtAll(viewer, request, nowMs)),
    revoke: say(mayRevokeAtAll(viewer, request, policy, nowMs)),
  };
}

/** The phase of a request at `nowMs`; the same rule as `phaseOf` of the contract, over facts. */
export function phase(request: Pick<RequestFacts, 'state' | 'startMs' | 'endMs' | 'deadlineMs'>, nowMs: number) {
  const { state, startMs, endMs, deadlineMs } = request;
  if (state.status === 'pending') return nowMs >= deadlineMs || nowMs >= endMs ? 'expired' : 'pending';
  if (state.status !== 'approved') return state.status;
  if (nowMs < startMs) return 'scheduled';
  return nowMs < endMs ? 'open' : 'over';
}

function latestEnding(requests: readonly RequestFacts[], fits: (request: RequestFacts) => boolean): RequestFacts | undefined {
  return requests.filter(fits).sort((a, b) => b.endMs - a.endMs)[0];
}

function newest(requests: readonly RequestFacts[]): RequestFacts | undefined {
  return [...requests].sort((a, b) => b.createdAtMs - a.createdAtMs)[0];
}
