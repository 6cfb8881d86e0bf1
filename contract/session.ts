import { z } from 'zod';
import { Coverage, Range } from './coverage.ts';
import { Person } from './identity.ts';
import { Instant } from './time.ts';

/** What of a session can be watched. */
export const Kind = z.enum(['recording', 'livestream']);
export type Kind = z.infer<typeof Kind>;

export const protocols = ['SSH', 'RDP', 'VNC', 'Telnet', 'HTTPS', 'Database'] as const;
export const Protocol = z.enum(protocols);
export type Protocol = z.infer<typeof Protocol>;

export const sessionStates = ['live', 'converting', 'recorded', 'not-recorded'] as const;
export const SessionState = z.enum(sessionStates);
export type SessionState = z.infer<typeof SessionState>;

/** What a person may do with a session, one value for each kind. The gateway computes it; the client only draws it. */
export const Access = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unavailable'), why: z.enum(['role', 'permission', 'not-recorded', 'not-live', 'converting']) }),
  z.object({ state: z.literal('direct') }),
  /** `after` says what became of the person's last request for this, if there was one. */
  z.object({ state: z.literal('ask'), after: z.enum(['nothing', 'over', 'rejected', 'expired', 'canceled', 'revoked']) }),
  z.object({ state: z.literal('pending'), requestId: z.string(), deadline: Instant }),
  z.object({ state: z.literal('scheduled'), requestId: z.string(), from: Instant, until: Instant }),
  z.object({ state: z.literal('open'), requestId: z.string(), until: Instant }),
]);
export type Access = z.infer<typeof Access>;

/** What an auditor found in a session, the gravest last. */
export const auditVerdicts = ['nothing-to-object', 'follow-up', 'violation'] as const;
export const AuditVerdict = z.enum(auditVerdicts);
export type AuditVerdict = z.infer<typeof AuditVerdict>;

/** As much of a session as a request or an approver may carry about: nothing that was seen in it. */
export const SessionBrief = z.object({
  id: z.string(),
  user: z.string(),
  credential: z.string(),
  device: z.string(),
  protocol: Protocol,
  startedAt: Instant,
  /** null while the session runs. */
  durationMs: z.number().int().nonnegative().nullable(),
  state: SessionState,
  commandCount: z.number().int().nonnegative(),
  alertCount: z.number().int().nonnegative(),
});
export type SessionBrief = z.infer<typeof SessionBrief>;

/** A remote session: a row of Remote Sessions. */
export const Session = z.object({
  ...SessionBrief.shape,
  originIp: z.string(),
  proxy: z.string(),
  /** Why the administrator opened the session, as told to the PAM system; empty if never asked. */
  reason: z.string(),
  justification: z.string(),
  /** The gravest verdict that counts; null if nobody has audited it, or for who may not know. */
  audited: AuditVerdict.nullable().default(null),
  access: z.object({ recording: Access, livestream: Access }),
});
export type Session = z.infer<typeof Session>;

export const sessionEventTypes = ['session', 'command', 'window', 'file', 'alert'] as const;
export const SessionEventType = z.enum(sessionEventTypes);
export type SessionEventType = z.infer<typeof SessionEventType>;

/** Something that happened in a session, `atMs` after its start. */
export const SessionEvent = z.object({
  atMs: z.number().int().nonnegative(),
  type: SessionEventType,
  text: z.string(),
  detail: z.string().optional(),
  severity: z.enum(['low', 'medium', 'high']).optional(),
});
export type SessionEvent = z.infer<typeof SessionEvent>;

/** Who watched a session before, and when. */
export const PastViewing = z.object({
  viewingId: z.string(),
  viewer: Person,
  /** Whether the viewer is the person who reads this. */
  mine: z.boolean(),
  kind: Kind,
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** How long it was watched, by the clock (ms). */
  watchedMs: z.number().int().nonnegative(),
  /** What of the recording was shown; empty for a stream. */
  shown: z.array(Range).max(5_000),
  /** Pictures that were kept. */
  snapshots: z.number().int().nonnegative(),
});
export type PastViewing = z.infer<typeof PastViewing>;

/** Everything that the details of a session show. `events` are there only for who may watch now; else null. */
export const SessionDetails = z.object({
  session: Session,
  endedAt: Instant.nullable(),
  events: z.array(SessionEvent).nullable(),
  /** The last ones; how many came before them is in `earlierViewings`. */
  viewings: z.array(PastViewing),
  earlierViewings: z.number().int().nonnegative(),
  /** Who has seen what of the recording; null when there is none. */
  coverage: Coverage.nullable(),
});
export type SessionDetails = z.infer<typeof SessionDetails>;

const words = z.string().trim().max(200);

/** The filters of Remote Sessions. Text matches as a part, case and accents aside; absent means "any". */
export const SessionFilter = z.object({
  /** Free text over metadata and typed commands. Every word must match somewhere. */
  text: words.optional(),
  id: words.optional(),
  user: words.optional(),
  credential: words.optional(),
  device: words.optional(),
  originIp: words.optional(),
  protocols: z.array(Protocol).max(10).optional(),
  proxy: words.optional(),
  startedFrom: Instant.optional(),
  startedUntil: Instant.optional(),
  states: z.array(SessionState).max(4).optional(),
  reason: words.optional(),
  justification: words.optional(),
});
export type SessionFilter = z.infer<typeof SessionFilter>;

export const SessionSort = z.object({
  by: z.enum(['startedAt', 'user', 'device', 'credential', 'durationMs']),
  direction: z.enum(['asc', 'desc']),
});
export type SessionSort = z.infer<typeof SessionSort>;

export const newestFirst: SessionSort = { by: 'startedAt', direction: 'desc' };

export const SessionQuery = z.object({
  filter: SessionFilter.default({}),
  sort: SessionSort.default(newestFirst),
  /** Where the page before ended; absent for the first page. Opaque. */
  cursor: z.string().max(400).optional(),
  limit: z.number().int().min(1).max(1000).default(100),
});
export type SessionQuery = z.infer<typeof SessionQuery>;

export const SessionPage = z.object({
  items: z.array(Session),
  /** null on the last page. */
  nextCursor: z.string().nullable(),
  /** How many fit the filter in all; null on pages after the first. */
  total: z.number().int().nonnegative().nullable(),
});
export type SessionPage = z.infer<typeof SessionPage>;
