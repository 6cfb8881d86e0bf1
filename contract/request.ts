import { z } from 'zod';
import { type Failure, failureCodes } from './failure.ts';
import { Person } from './identity.ts';
import { Kind, SessionBrief } from './session.ts';
import { Instant, toMs, Window } from './time.ts';

/** One person's word about a request, at one level. */
export const Decision = z.object({
  by: Person,
  level: z.number().int().min(1).max(3),
  verdict: z.enum(['approve', 'reject']),
  comment: z.string(),
  at: Instant,
});
export type Decision = z.infer<typeof Decision>;

/** A level of approval: `needed` distinct people of `group` must grant. Level n+1 begins when level n has granted. */
export const Level = z.object({
  level: z.number().int().min(1).max(3),
  group: z.object({ id: z.string(), name: z.string() }),
  needed: z.number().int().min(1),
});
export type Level = z.infer<typeof Level>;

/** What became of a request: a union of states (product.md, statuses). */
export const RequestState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending'), level: z.number().int().min(1).max(3) }),
  z.object({ status: z.literal('approved'), at: Instant }),
  z.object({ status: z.literal('rejected'), at: Instant, by: Person, comment: z.string() }),
  z.object({ status: z.literal('expired'), at: Instant }),
  z.object({ status: z.literal('canceled'), at: Instant }),
  z.object({ status: z.literal('revoked'), at: Instant, by: Person, comment: z.string() }),
]);
export type RequestState = z.infer<typeof RequestState>;
export type RequestStatus = RequestState['status'];

/** Whether the person this is sent to may do something with it now, and if not, why. */
export const Permitted = z.discriminatedUnion('allowed', [
  z.object({ allowed: z.literal(true) }),
  z.object({ allowed: z.literal(false), why: z.enum(failureCodes) }),
]);
export type Permitted = z.infer<typeof Permitted>;

/** An access request, as one person may see it. */
export const AccessRequest = z.object({
  id: z.string(),
  /** Rises by one with every change; a decision names the version that was seen. */
  version: z.number().int().min(1),
  kind: Kind,
  session: SessionBrief,
  requester: Person,
  justification: z.string(),
  reason: z.object({ id: z.string(), label: z.string() }),
  governanceCode: z.string().nullable(),
  /** The window that was asked for. */
  asked: Window,
  /** The window that holds: as asked, or narrowed by an approver. */
  window: Window,
  createdAt: Instant,
  deadline: Instant,
  levels: z.array(Level).min(1).max(3),
  decisions: z.array(Decision),
  state: RequestState,
  /** For the person this is sent to, at the moment it was sent. The gateway checks again when it is done. */
  may: z.object({ decide: Permitted, cancel: Permitted, revoke: Permitted }),
});
export type AccessRequest = z.infer<typeof AccessRequest>;

/** The phases that people see: an approved request is scheduled, open or over. */
export type Phase = 'pending' | 'scheduled' | 'open' | 'over' | 'rejected' | 'expired' | 'canceled' | 'revoked';

/**
 * The phase of a request at `nowMs` (gateway time, epoch ms). A pending request whose deadline or window has passed is
 * expired even before the gateway has written that down (product.md, rule 8).
 */
export function phaseOf(request: Pick<AccessRequest, 'state' | 'window' | 'deadline'>, nowMs: number): Phase {
  const { state, window, deadline } = request;
  switch (state.status) {
    case 'pending':
      return nowMs >= toMs(deadline) || nowMs >= toMs(window.end) ? 'expired' : 'pending';
    case 'approved':
      if (nowMs < toMs(window.start)) return 'scheduled';
      return nowMs < toMs(window.end) ? 'open' : 'over';
    case 'rejected':
    case 'expired':
    case 'canceled':
    case 'revoked':
      return state.status;
    default:
      return state satisfies never;
  }
}

/** The next moment (epoch ms, gateway time) at which `phaseOf` changes by time alone; null if it never does. */
export function nextChangeMs(request: Pick<AccessRequest, 'state' | 'window' | 'deadline'>, nowMs: number): number | null {
  const candidates =
    request.state.status === 'pending'
      ? [toMs(request.deadline), toMs(request.window.end)]
      : request.state.status === 'approved'
        ? [toMs(request.window.start), toMs(request.window.end)]
        : [];
  const ahead = candidates.filter((at) => at > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/** The approvals of a level that count: one for each distinct person (product.md: people count, not accounts). */
export function approvalsAt(request: Pick<AccessRequest, 'decisions'>, level: number): number {
  const people = request.decisions.filter((decision) => decision.level === level && decision.verdict === 'approve');
  return new Set(people.map((decision) => decision.by.id)).size;
}

/** What the gateway can mark as not to be kept on a client's disk. */
export const keepable = ['justification', 'governanceCode', 'comments', 'commands', 'originIp', 'credential'] as const;

/** What the gateway's administrators have set; the client draws from it and explains with it. */
export const Policy = z.object({
  /** "Enable approval for session videos" (product.md, rule 3). */
  approvalEnabled: z.boolean(),
  operatorsWatchDirectly: z.boolean(),
  recordedPersonMayNotApprove: z.boolean(),
  approvalDeadlineMs: z.number().int().positive(),
  maxWindowMs: z.number().int().positive(),
  maxStartAheadMs: z.number().int().positive(),
  minJustificationLength: z.number().int().nonnegative(),
  governanceCode: z.object({
    label: z.string(),
    required: z.boolean(),
    /** A regular expression that the whole code must match; null if anything goes. */
    pattern: z.string().nullable(),
  }),
  reasons: z.array(z.object({ id: z.string(), label: z.string() })),
  snapshotsAllowed: z.boolean(),
  /** Whether several requests may be decided in one go, each with a comment of its own. */
  batchDecisionsAllowed: z.boolean(),
  /** What deciding and revoking need besides being signed in: a fresh proof by password or by one-time code, or nothing. */
  stepUp: z.enum(['none', 'password', 'one-time-code']),
  /** Whether lists and histories may be written to files. */
  exportsAllowed: z.boolean(),
  /** For how many days after a request was last changed a client may keep it; a person may choose fewer. */
  retentionDays: z.number().int().min(1).max(3650),
  /** What clients never write to a disk. */
  notKept: z.array(z.enum(keepable)).max(keepable.length),
});
export type Policy = z.infer<typeof Policy>;

const key = z.uuid();
const comment = z.string().trim().max(2000);

/** What the Justification dialog sends. `key` makes creating idempotent: the same key answers with the same request. */
export const NewRequest = z.object({
  key,
  sessionId: z.string().max(64),
  kind: Kind,
  justification: z.string().trim().max(4000),
  reasonId: z.string().max(64),
  governanceCode: z.string().trim().max(100).nullable(),
  window: Window,
});
export type NewRequest = z.infer<typeof NewRequest>;

/** What is wrong with the words of a request by the policy; null if nothing is. */
export function wordsProblem(
  { justification, reasonId, governanceCode }: Pick<NewRequest, 'justification' | 'reasonId' | 'governanceCode'>,
  policy: Pick<Policy, 'minJustificationLength' | 'reasons' | 'governanceCode'>,
): Failure | null {
  const minLength = Math.max(1, policy.minJustificationLength);
  if (justification.trim().length < minLength) return { code: 'JUSTIFICATION_REQUIRED', data: { minLength } };
  if (!policy.reasons.some((reason) => reason.id === reasonId)) return { code: 'REASON_UNKNOWN', data: {} };
  const { label, required, pattern } = policy.governanceCode;
  const code = governanceCode?.trim() ?? '';
  if (code === '') return required ? { code: 'GOVERNANCE_CODE_REQUIRED', data: { label } } : null;
  if (pattern !== null && !new RegExp(`^(?:${pattern})$`, 'u').test(code))
    return { code: 'GOVERNANCE_CODE_INVALID', data: { label, pattern } };
  return null;
}

/** A decision about the version of a request that the approver saw. `window` narrows; absent keeps it. */
export const NewDecision = z.object({
  key,
  id: z.string().max(64),
  version: z.number().int().min(1),
  verdict: z.enum(['approve', 'reject']),
  comment,
  window: Window.optional(),
});
export type NewDecision = z.infer<typeof NewDecision>;

/** Several decisions in one go, if the policy allows it. Each stands for itself: one that is refused leaves the others. */
export const NewDecisions = z.object({ decisions: z.array(NewDecision).min(1).max(50) });
export type NewDecisions = z.infer<typeof NewDecisions>;

/** What became of each, in the order they were sent. `failure` is a failure of the closed list. */
export const DecisionResults = z.object({
  results: z.array(
    z.discriminatedUnion('decided', [
      z.object({ decided: z.literal(true), id: z.string(), request: AccessRequest }),
      z.object({
        decided: z.literal(false),
        id: z.string(),
        failure: z.object({ code: z.enum(failureCodes), data: z.unknown() }),
      }),
    ]),
  ),
});
export type DecisionResults = z.infer<typeof DecisionResults>;

/** What of a request a decision rests on and what may change while somebody looks at it. */
export const SeenRequest = AccessRequest.pick({ version: true, window: true, deadline: true, decisions: true, state: true });
export type SeenRequest = z.infer<typeof SeenRequest>;

/** What a person typed about a request and has not sent. `seen` is the request as they looked at it. */
export const DecisionDraft = z.object({
  requestId: z.string().max(64),
  seen: SeenRequest,
  comment: z.string().max(2000),
  window: Window.nullable(),
});
export type DecisionDraft = z.infer<typeof DecisionDraft>;

export const Cancellation = z.object({ id: z.string().max(64), version: z.number().int().min(1) });
export type Cancellation = z.infer<typeof Cancellation>;

export const Revocation = z.object({ id: z.string().max(64), version: z.number().int().min(1), comment });
export type Revocation = z.infer<typeof Revocation>;

export const PreflightQuery = z.object({ sessionId: z.string().max(64), kind: Kind, window: Window });
export type PreflightQuery = z.infer<typeof PreflightQuery>;

/** What would happen on Save: who decides and when each clock ends. `problem` is why Save would be refused. */
export const Preflight = z.object({
  levels: z.array(
    z.object({
      ...Level.shape,
      /** How many people could decide: without the requester and, by policy, without the recorded person. */
      eligible: z.number().int().nonnegative(),
    }),
  ),
  deadline: Instant,
  window: Window,
  problem: z.object({ code: z.enum(failureCodes), data: z.unknown() }).nullable(),
});
export type Preflight = z.infer<typeof Preflight>;

/** What an approver may know of the requester (product.md: context for the approver). The last 30 days. */
export const RequesterContext = z.object({
  requests: z.number().int().nonnegative(),
  approved: z.number().int().nonnegative(),
  rejected: z.number().int().nonnegative(),
  /** Earlier requests of this person for the same device, in all time. */
  sameDevice: z.number().int().nonnegative(),
  /** How many things of each kind were noted in the session so far: figures, nothing of what they were. */
  sessionEvents: z.object({
    command: z.number().int().nonnegative(),
    window: z.number().int().nonnegative(),
    file: z.number().int().nonnegative(),
    alert: z.number().int().nonnegative(),
  }),
  /** Who may still decide, level by level; who has is in the request. Empty for the requester: they know the groups. */
  mayDecide: z.array(z.object({ level: z.number().int().min(1).max(3), people: z.array(Person) })),
});
export type RequesterContext = z.infer<typeof RequesterContext>;

export const RequestScope = z.enum(['mine', 'waiting', 'decided', 'all']);
export type RequestScope = z.infer<typeof RequestScope>;

export const RequestQuery = z.object({
  /** mine: I asked. waiting: I may decide now. decided: others asked, no longer waiting for me. all: every one I may see. */
  scope: RequestScope,
  cursor: z.string().max(400).optional(),
  limit: z.number().int().min(1).max(500).default(100),
  /** Every word must be somewhere in who asks, what for, which session or its device; case and accents aside. */
  text: z.string().trim().max(200).optional(),
});
export type RequestQuery = z.infer<typeof RequestQuery>;

/** What waits comes in the order in which it is due; everything else newest first. */
export const RequestPage = z.object({ items: z.array(AccessRequest), nextCursor: z.string().nullable() });
export type RequestPage = z.infer<typeof RequestPage>;

/** What a person typed into the Justification dialog and has not sent. Times may be half-typed. */
export const Draft = z.object({
  sessionId: z.string().max(64),
  kind: Kind,
  key,
  justification: z.string().max(4000),
  reasonId: z.string().max(64).nullable(),
  governanceCode: z.string().max(100),
  start: Instant.nullable(),
  end: Instant.nullable(),
});
export type Draft = z.infer<typeof Draft>;
