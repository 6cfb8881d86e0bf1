import { z } from 'zod';
import { type FailureCode, failureCodes } from './failure.ts';
import { Draft } from './request.ts';
import { SessionBrief, SessionState } from './session.ts';
import { Instant, Window } from './time.ts';

/** A request that was written and has not reached the gateway, as far as is known here. */
export const UnsentRequest = z.object({
  draft: Draft,
  /** The session as it was last seen here; null if it never was. */
  session: SessionBrief.nullable(),
  /** When it was saved, or when sending began. */
  since: Instant,
  /** Sending began and no answer came: the gateway may have it. Sending it again makes no second one. */
  maybeSent: z.boolean(),
});
export type UnsentRequest = z.infer<typeof UnsentRequest>;

/** How things stand with an unsent request now. */
export const UnsentCheck = z.object({
  /** Why it would be refused as it is: it has to be changed first. Failures of the closed list. */
  problems: z.array(z.object({ code: z.enum(failureCodes), data: z.unknown() })),
  /** What is not as it was when it was written, and keeps nobody from sending it. */
  changes: z.array(
    z.discriminatedUnion('what', [
      z.object({ what: z.literal('session-state'), from: SessionState, to: SessionState }),
      /** The window began before now: this is what is left of it. */
      z.object({ what: z.literal('window-begun'), left: Window }),
    ]),
  ),
});
export type UnsentCheck = z.infer<typeof UnsentCheck>;

/**
 * With these the gateway says for certain that it did not make a request: it knows a key that it has seen before it judges anything.
 * After every other failure the request may have been made, since answers get lost.
 */
export const refusals: ReadonlySet<FailureCode> = new Set([
  'ROLE_MISSING',
  'PERMISSION_MISSING',
  'NOT_RECORDED',
  'NOT_LIVE',
  'STILL_CONVERTING',
  'APPROVAL_NOT_NEEDED',
  'ALREADY_ASKED',
  'NO_ELIGIBLE_APPROVER',
  'WINDOW_INVALID',
  'WINDOW_TOO_LONG',
  'WINDOW_OVER',
  'JUSTIFICATION_REQUIRED',
  'REASON_UNKNOWN',
  'GOVERNANCE_CODE_REQUIRED',
  'GOVERNANCE_CODE_INVALID',
  'KEY_REUSED',
  'NOT_FOUND',
  'INVALID_INPUT',
  'ARCHIVE_FAILED',
]);
