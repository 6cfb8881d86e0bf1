import { z } from 'zod';
import { Person } from './identity.ts';
import { Permitted } from './request.ts';
import { AuditVerdict } from './session.ts';
import { Instant } from './time.ts';

/** An idempotency key: a UUID that the client makes once for one wish, and keeps over a crash. */
const key = z.uuid();
const sessionId = z.string().max(64);

export const maxCommentLength = 2_000;

/** Whether a verdict says that something is wrong: then it has to say what. */
export const objects = (verdict: AuditVerdict) => verdict !== 'nothing-to-object';

/**
 * What somebody noted at a place of a session. `atMs` is ms into the recording; of a stream, ms from the session's start to the moment at
 * which the picture was taken. What its author has withdrawn stays on record, and is told without its text (`text` is null).
 */
export const Comment = z.object({
  id: z.string(),
  author: Person,
  mine: z.boolean(),
  atMs: z.number().int().nonnegative(),
  text: z.string().nullable(),
  createdAt: Instant,
  withdrawnAt: Instant.nullable(),
});
export type Comment = z.infer<typeof Comment>;

/** A person's "audited" mark. Of several marks of one person the latest counts; those before it stay on record. */
export const AuditMark = z.object({
  id: z.string(),
  auditor: Person,
  mine: z.boolean(),
  verdict: AuditVerdict,
  /** What there is to say about it; null for who may not watch the session now. */
  text: z.string().nullable(),
  at: Instant,
  counts: z.boolean(),
});
export type AuditMark = z.infer<typeof AuditMark>;

/** What people said about a session, as the person who reads may see it. */
export const Review = z.object({
  sessionId: z.string(),
  /** In the order of their places in the session. */
  comments: z.array(Comment).max(2_000),
  /** Comments that this person may not read now. */
  hidden: z.number().int().nonnegative(),
  /** The newest first. */
  marks: z.array(AuditMark).max(500),
  may: z.object({ comment: Permitted, mark: Permitted }),
});
export type Review = z.infer<typeof Review>;

export const NewComment = z.object({
  sessionId,
  key,
  atMs: z.number().int().nonnegative(),
  text: z.string().trim().min(1).max(maxCommentLength),
});
export type NewComment = z.infer<typeof NewComment>;

export const NewMark = z.object({ sessionId, key, verdict: AuditVerdict, text: z.string().trim().max(maxCommentLength) });
export type NewMark = z.infer<typeof NewMark>;

/** What a person typed about a session and has not sent: a comment with its place, or a verdict. */
export const ReviewDraft = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('comment'),
    sessionId,
    key,
    text: z.string().max(maxCommentLength),
    atMs: z.number().int().nonnegative(),
  }),
  z.object({
    what: z.literal('mark'),
    sessionId,
    key,
    text: z.string().max(maxCommentLength),
    verdict: AuditVerdict.nullable(),
  }),
]);
export type ReviewDraft = z.infer<typeof ReviewDraft>;
