import { z } from 'zod';
import { Range } from './coverage.ts';
import { Person } from './identity.ts';
import { AccessRequest, Policy } from './request.ts';
import { Kind, Session, SessionQuery } from './session.ts';
import { Instant } from './time.ts';
import { ViewingEnd } from './viewing.ts';

/** A viewing as it is on record: who watched what, for how long, and how far its receipts were acknowledged. */
export const ViewingRecord = z.object({
  id: z.string(),
  sessionId: z.string(),
  kind: Kind,
  /** The request that allowed it; null for who watched directly. */
  requestId: z.string().nullable(),
  viewer: Person,
  startedAt: Instant,
  endedAt: Instant.nullable(),
  why: ViewingEnd.shape.why.nullable(),
  /** How long it was watched, by the clock (ms). */
  watchedMs: z.number().int().nonnegative(),
  /** What of the recording was shown; empty for a stream. */
  shown: z.array(Range).max(5_000),
  snapshots: z.number().int().nonnegative(),
  /** The receipts that the gateway holds: how many, and the hash of the last; null before the first. */
  receipts: z.object({ count: z.number().int().positive(), hash: z.string() }).nullable(),
});
export type ViewingRecord = z.infer<typeof ViewingRecord>;

/** The phases of requests, as filters name them. */
export const phases = ['pending', 'scheduled', 'open', 'over', 'rejected', 'expired', 'canceled', 'revoked'] as const;

const words = z.string().trim().max(200);

/** What of history is asked for. Text matches as a part, case and accents aside; absent means "any". */
export const HistoryFilter = z.object({
  /** Free text over justifications, comments, commands and names. Every word must be somewhere. */
  text: words.optional(),
  phases: z.array(z.enum(phases)).max(phases.length).optional(),
  kind: Kind.optional(),
  /** Who asked: a name or a part of it. */
  requester: words.optional(),
  /** Who decided. */
  approver: words.optional(),
  session: words.optional(),
  /** Whose session it is. */
  user: words.optional(),
  device: words.optional(),
  reason: words.optional(),
  governanceCode: words.optional(),
  /** When it was asked. */
  askedFrom: Instant.optional(),
  askedUntil: Instant.optional(),
  /** Whether something was watched under it. */
  watched: z.boolean().optional(),
});
export type HistoryFilter = z.infer<typeof HistoryFilter>;

export const HistorySort = z.object({
  by: z.enum(['createdAt', 'requester', 'device']),
  direction: z.enum(['asc', 'desc']),
});
export type HistorySort = z.infer<typeof HistorySort>;

export const HistoryQuery = z.object({
  filter: HistoryFilter.default({}),
  sort: HistorySort.default({ by: 'createdAt', direction: 'desc' }),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** A row of History: as much of a request as a table shows. */
export const HistoryRow = z.object({
  ...AccessRequest.pick({
    id: true,
    version: true,
    kind: true,
    requester: true,
    governanceCode: true,
    window: true,
    createdAt: true,
    deadline: true,
    state: true,
  }).shape,
  reason: z.string(),
  session: z.object({ id: z.string(), user: z.string(), device: z.string() }),
  /** When the last decision, cancellation, expiry or revocation fell; null while it is pending. */
  decidedAt: Instant.nullable(),
  /** Who decided, in the order in which they did. */
  approvers: z.array(z.string()),
  /** How long was watched under it (ms). */
  watchedMs: z.number().int().nonnegative(),
});
export type HistoryRow = z.infer<typeof HistoryRow>;

/** A page from row `from` (0 is the first), wherever in the list that is. */
export const HistoryPage = z.object({ rows: z.array(HistoryRow), from: z.number().int().nonnegative() });
export type HistoryPage = z.infer<typeof HistoryPage>;

/** Whether the gateway's signed word covers what is kept: it does, it is not there yet, or what is kept is another. */
export const Confirmation = z.enum(['confirmed', 'waiting', 'contradicted']);
export type Confirmation = z.infer<typeof Confirmation>;

/** Everything on record about one request. */
export const HistoryItem = z.object({
  request: AccessRequest,
  session: Session.nullable(),
  viewings: z.array(ViewingRecord),
  confirmation: Confirmation,
  /** What is missing in it because the policy wants it on no disk, and the gateway could not be asked now. */
  notKept: Policy.shape.notKept,
});
export type HistoryItem = z.infer<typeof HistoryItem>;

/** Figures about what a filter finds. A week is named by the midnight (UTC) that its Monday begins with. */
export const HistoryFigures = z.object({
  asked: z.number().int().nonnegative(),
  /** Asked and approved, whatever became of it afterwards. */
  approved: z.number().int().nonnegative(),
  rejected: z.number().int().nonnegative(),
  expired: z.number().int().nonnegative(),
  canceled: z.number().int().nonnegative(),
  revoked: z.number().int().nonnegative(),
  /** Approved, and something was watched under it. */
  watched: z.number().int().nonnegative(),
  /** From asking to the last decision, over approved and rejected ones (ms); null without any. */
  medianDecideMs: z.number().int().nonnegative().nullable(),
  watchedMs: z.number().int().nonnegative(),
  weeks: z.array(
    z.object({
      start: Instant,
      asked: z.number().int().nonnegative(),
      decided: z.number().int().nonnegative(),
      watchedMs: z.number().int().nonnegative(),
    }),
  ),
});
export type HistoryFigures = z.infer<typeof HistoryFigures>;

/** Fields of filters whose values are offered while one types. */
export const HistoryField = z.enum(['requester', 'approver', 'user', 'device', 'reason', 'governanceCode']);
export type HistoryField = z.infer<typeof HistoryField>;

export const ExportFormat = z.enum(['csv', 'jsonl', 'pdf']);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** How far the archive is with what the gateway has. `total` is null while it is not known. */
export const Synchronisation = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  /** Everything is read for the first time, or anew. */
  z.object({
    state: z.literal('reading'),
    done: z.number().int().nonnegative(),
    total: z.number().int().nonnegative().nullable(),
  }),
]);
export type Synchronisation = z.infer<typeof Synchronisation>;

/**
 * One thing of the gateway's record, as this person may see it. `commands` are those typed in the session, a line each, only for who
 * may watch it now; null otherwise.
 */
export const ChangeRecord = z.discriminatedUnion('what', [
  z.object({ what: z.literal('request'), request: AccessRequest }),
  z.object({ what: z.literal('viewing'), viewing: ViewingRecord }),
  z.object({ what: z.literal('session'), session: Session, commands: z.string().max(64_000).nullable() }),
  /** It was removed, or this person may not see it any more. */
  z.object({ what: z.literal('gone'), of: z.enum(['request', 'viewing', 'session']), id: z.string() }),
]);
export type ChangeRecord = z.infer<typeof ChangeRecord>;

/** The gateway's signature (Ed25519, base64url) under a page of changes: see seal.ts for what is signed. */
export const Seal = z.object({
  /** The cursor that the page follows; empty where the feed begins anew. */
  before: z.string().max(400),
  after: z.string().max(400),
  at: Instant,
  /** What the policy wanted on no disk when the page was made; it is not in what was hashed. */
  notKept: Policy.shape.notKept,
  signature: z.string().max(200),
});
export type Seal = z.infer<typeof Seal>;

/** A page of what has changed since a cursor, in the order in which it changed; each subject once, as it is now. */
export const ChangesPage = z.object({
  /** What was kept before is void unless it comes again: the cursor is too old, or this person's rights have changed. */
  reset: z.boolean(),
  records: z.array(ChangeRecord),
  /** Where to go on, now or another day. */
  cursor: z.string().max(400),
  more: z.boolean(),
  /** How many changes are still to come at most, for progress. */
  remaining: z.number().int().nonnegative(),
  seal: Seal,
});
export type ChangesPage = z.infer<typeof ChangesPage>;

/** What an export holds: which list, filtered and sorted how. */
export const ExportSubject = z.discriminatedUnion('of', [
  z.object({ of: z.literal('history'), query: HistoryQuery }),
  z.object({ of: z.literal('sessions'), query: SessionQuery.pick({ filter: true, sort: true }) }),
]);
export type ExportSubject = z.infer<typeof ExportSubject>;

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** An export, as it is put on record at the gateway. Idempotent by key. */
export const ExportRecord = z.object({
  key: z.uuid(),
  /** When it was made, by the gateway's clock as the client knew it. */
  at: Instant,
  format: ExportFormat,
  subject: ExportSubject,
  rows: z.number().int().nonnegative(),
  /** SHA-256 of the file: what `sha256sum` says of it. 64 lower-case hex digits. */
  sha256: Hash,
  /** SHA-256 of the rows as JSON Lines, which is what a report prints about its own data; null for CSV. */
  dataSha256: Hash.nullable(),
});
export type ExportRecord = z.infer<typeof ExportRecord>;

/** A line of a JSON Lines export: a request as the archive holds it, without what was true only for whom and when it was sent. */
export const HistoryLine = z.object({ ...AccessRequest.omit({ may: true }).shape, viewings: z.array(ViewingRecord) });
export type HistoryLine = z.infer<typeof HistoryLine>;
