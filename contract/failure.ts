import { z } from 'zod';
import { Instant } from './time.ts';

/**
 * Every way in which something can fail, at the gateway or in the client: a closed list. A failure crosses borders as a
 * value, `{ code, data }`; `data` holds what a sentence about it needs. `meaning` is for people who read the contract; what
 * the person at the screen reads is in the renderer's languages, which must have a sentence for each code.
 */
const none = z.object({}).default({});

export const failures = {
  // Rules of the workflow (product.md 1 to 10)
  ROLE_MISSING: failure(403, 'None of the person’s roles may watch sessions.', z.object({ needed: z.array(z.string()) })),
  PERMISSION_MISSING: failure(
    403,
    'The role fits, but the permission for this kind is missing.',
    z.object({ permission: z.string() }),
  ),
  NOT_RECORDED: failure(409, 'Nothing was recorded of this session.', none),
  NOT_LIVE: failure(409, 'The session is not running any more.', none),
  STILL_CONVERTING: failure(409, 'The recording is still being made.', none),
  APPROVAL_NEEDED: failure(403, 'Watching needs an approved request.', none),
  APPROVAL_NOT_NEEDED: failure(409, 'The person may watch at once; a request would be pointless.', none),
  ALREADY_ASKED: failure(
    409,
    'The person has a pending or approved request for this already.',
    z.object({ requestId: z.string() }),
  ),
  SELF_APPROVAL: failure(403, 'Nobody can approve a request of their own.', none),
  RECORDED_PERSON: failure(403, 'The person whose session it is may not decide about it, nor comment on it or audit it.', none),
  NOT_AN_APPROVER: failure(403, 'The person is not an approver of the level that is deciding.', none),
  ALREADY_DECIDED: failure(409, 'The person has granted this request already; another person has to.', none),
  NO_ELIGIBLE_APPROVER: failure(
    409,
    'Nobody is there who may decide.',
    z.object({ group: z.string(), level: z.number().int(), needed: z.number().int(), eligible: z.number().int() }),
  ),
  NOT_PENDING: failure(409, 'The request was decided, canceled or has expired already.', z.object({ status: z.string() })),
  NOT_REVOCABLE: failure(
    409,
    'Only an approved request whose window is not over can be revoked.',
    z.object({ status: z.string() }),
  ),
  NOT_THE_REQUESTER: failure(403, 'Only the person who asked can cancel.', none),
  NOT_A_REVOKER: failure(403, 'Only the approvers of a request and PAM Administrators can revoke it.', none),
  STALE_VERSION: failure(
    409,
    'The request has changed since it was seen.',
    z.object({ seen: z.number().int(), current: z.number().int(), changed: z.array(z.string()) }),
  ),
  DEADLINE_PASSED: failure(409, 'The approval deadline has passed.', z.object({ deadline: Instant })),
  WINDOW_NOT_OPEN: failure(403, 'The window has not begun.', z.object({ from: Instant, until: Instant })),
  WINDOW_OVER: failure(403, 'The window is over.', z.object({ until: Instant })),
  REVOKED: failure(403, 'Access was taken back.', z.object({ by: z.string(), at: Instant, comment: z.string() })),
  WINDOW_INVALID: failure(
    422,
    'The window ends before it starts, or lies in the past.',
    z.object({ why: z.enum(['end-before-start', 'in-the-past', 'too-far-ahead', 'too-short']) }),
  ),
  WINDOW_TOO_LONG: failure(422, 'The window is longer than the gateway allows.', z.object({ maxMs: z.number().int() })),
  WINDOW_WIDENED: failure(422, 'An approver may narrow the window, never widen it.', none),
  JUSTIFICATION_REQUIRED: failure(422, 'The justification is empty or too short.', z.object({ minLength: z.number().int() })),
  REASON_UNKNOWN: failure(422, 'The reason is not on the gateway’s list.', none),
  GOVERNANCE_CODE_REQUIRED: failure(422, 'The governance code is missing.', z.object({ label: z.string() })),
  GOVERNANCE_CODE_INVALID: failure(
    422,
    'The governance code does not have the required form.',
    z.object({ label: z.string(), pattern: z.string() }),
  ),
  BATCH_NOT_ALLOWED: failure(403, 'The policy wants every decision to be made on its own.', none),
  COMMENT_REQUIRED: failure(422, 'A rejection, a revocation and a verdict that objects need a comment.', none),
  NOT_WATCHED: failure(403, 'Only who has watched a session can mark it as audited.', none),
  NOT_THE_AUTHOR: failure(403, 'Only its author can withdraw a comment.', none),
  KEY_REUSED: failure(
    409,
    'The idempotency key was used for something else; `requestId` is the request that was made with it.',
    z.object({ requestId: z.string().optional() }).default({}),
  ),
  EXPORT_NOT_ALLOWED: failure(403, 'The policy allows no exports.', none),
  SNAPSHOT_NOT_ALLOWED: failure(403, 'The policy allows no snapshots.', none),
  LEASE_OVER: failure(403, 'The lease of this viewing has ended.', none),
  MEDIA_MISSING: failure(404, 'The recording’s files cannot be found or read.', none),
  SOURCE_UNREACHABLE: failure(502, 'The source of the recording or stream does not answer.', none),
  RECEIPT_GAP: failure(
    409,
    'Entries before these are missing at the gateway.',
    z.object({ expected: z.number().int().nonnegative() }),
  ),
  RECEIPT_FORK: failure(
    409,
    'The gateway holds another entry at this place of the record.',
    z.object({ sequence: z.number().int().nonnegative() }),
  ),
  SOURCE_STALLED: failure(504, 'The source of the recording or stream took the question and keeps silent.', none),
  NOT_FOUND: failure(404, 'There is no such thing, or not for this person.', z.object({ what: z.string() })),

  // Identity
  SIGN_IN_FAILED: failure(401, 'User name, password or one-time code is wrong.', none),
  ONE_TIME_CODE_NEEDED: failure(401, 'The password was right; a one-time code is needed too.', none),
  ACCOUNT_LOCKED: failure(423, 'Too many failed sign-ins for this user name.', z.object({ until: Instant })),
  STEP_UP_NEEDED: failure(
    403,
    'Deciding needs a fresh proof of who decides.',
    z.object({ how: z.enum(['password', 'one-time-code']) }),
  ),
  STEP_UP_FAILED: failure(403, 'The password or one-time code given as a fresh proof is wrong.', none),
  NO_ONE_TIME_CODE: failure(403, 'The policy asks for a one-time code, and the account has none.', none),
  TOKEN_EXPIRED: failure(401, 'The access token is missing, expired or not valid.', none),
  SIGNED_OUT: failure(401, 'The sign-in has ended: signed out, expired, or a refresh token was used twice.', none),
  WIPE_ORDERED: failure(401, 'The gateway wants everything of this sign-in removed from the computer.', none),
  RATE_LIMITED: failure(429, 'Too many calls.', z.object({ retryAfterMs: z.number().int() })),

  // Input and answers
  INVALID_INPUT: failure(400, 'What was sent does not fit the contract.', z.object({ issues: z.array(z.string()) })),
  BAD_ANSWER: failure(502, 'The answer does not fit the contract.', none),
  ANSWER_TOO_LARGE: failure(502, 'The answer is larger than the contract allows.', z.object({ maxBytes: z.number().int() })),

  // Reaching the gateway
  UNREACHABLE: failure(
    503,
    'The gateway cannot be reached.',
    z.object({ host: z.string(), why: z.enum(['refused', 'name', 'timeout', 'cut', 'network', 'proxy']) }),
  ),
  PLAIN_HTTP_REFUSED: failure(400, 'The address is plain http and not on this computer.', z.object({ host: z.string() })),
  ADDRESS_INVALID: failure(400, 'The gateway address is not a web address.', none),
  UNTRUSTED_CERTIFICATE: failure(
    495,
    'The gateway’s certificate is not trusted.',
    z.object({ host: z.string(), fingerprint: z.string(), issuer: z.string(), why: z.string() }),
  ),
  NOT_A_GATEWAY: failure(502, 'Something answers there, but not an Oversight gateway.', z.object({ host: z.string() })),
  GATEWAY_TOO_OLD: failure(
    426,
    'The gateway speaks an older contract than this client needs.',
    z.object({ gateway: z.string(), client: z.string() }),
  ),
  GATEWAY_TOO_NEW: failure(
    426,
    'The gateway speaks a newer contract than this client knows.',
    z.object({ gateway: z.string(), client: z.string() }),
  ),
  GATEWAY_FAILED: failure(500, 'The gateway could not do it.', z.object({ status: z.number().int() })),

  // The client itself
  TOO_MANY_VIEWINGS: failure(409, 'As many viewings are open as may be at once.', z.object({ most: z.number().int() })),
  FORBIDDEN_CALL: failure(403, 'This page may not make that call.', none),
  KEYCHAIN_UNAVAILABLE: failure(
    503,
    'The system keychain cannot be used.',
    z.object({ state: z.enum(['locked', 'absent', 'full', 'failing']) }),
  ),
  ARCHIVE_FAILED: failure(500, 'The archive on this computer could not be read or written.', none),
  ARCHIVE_TOO_NEW: failure(409, 'The archive was written by a newer version.', none),
  EXPORT_RUNNING: failure(409, 'Another export is being written.', none),
  CANNOT_SAVE_FILE: failure(500, 'The file could not be written.', none),
  CANCELED: failure(499, 'The person canceled it.', none),
  INTERNAL: failure(
    500,
    'Something failed that nobody foresaw; the log has it under this reference.',
    z.object({ reference: z.string() }),
  ),
} as const;

function failure<S extends z.ZodType>(status: number, meaning: string, data: S) {
  return { status, meaning, data };
}

export type FailureCode = keyof typeof failures;
export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]];
export type FailureData<C extends FailureCode> = z.output<(typeof failures)[C]['data']>;

/** A failure as a value: the code, and what a sentence about it needs. */
export type Failure = { [C in FailureCode]: { code: C; data: FailureData<C> } }[FailureCode];

/** Parses a failure of any code together with the data of that code. */
export const Failure: z.ZodType<Failure> = z
  .object({ code: z.enum(failureCodes), data: z.unknown().optional() })
  .transform((value, context): Failure => {
    const data = failures[value.code].data.safeParse(value.data ?? {});
    if (data.success) return { code: value.code, data: data.data } as Failure;
    context.addIssue({ code: 'custom', message: `the data of ${value.code} does not fit` });
    return z.NEVER;
  });

/** A failure on its way through one process. It crosses a border only as its `failure`. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** Throws a failure of `code`. `data` may be left out where the code has none. */
export function fail<C extends FailureCode>(
  code: C,
  ...[data]: {} extends FailureData<C> ? [FailureData<C>?] : [FailureData<C>]
): never {
  throw new FailureError({ code, data: data ?? {} } as Failure);
}

/** What a call answers across a border. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };
