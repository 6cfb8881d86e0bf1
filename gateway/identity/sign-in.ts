import { createHash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { verify as verifyCode } from 'otplib';
import { fail } from '../../contract/failure.ts';
import type { Tokens } from '../../contract/gateway.ts';
import type { Policy } from '../../contract/request.ts';
import { toInstant } from '../../contract/time.ts';
import { type Database, fold, type Handle } from '../store/database.ts';
import { signingKey } from '../store/settings.ts';
import { passwordFits } from './passwords.ts';
import { type Actor, readActor, toUser } from './viewer.ts';

const minute = 60_000;
export const accessTokenMs = 5 * minute;
const refreshTokenMs = 14 * 24 * 60 * minute;
/** So soon after its use a token may come once more, because the answer was lost on the way. */
const lostAnswerMs = 30_000;
/** After so many failures in a row a user name is locked, whether an account has it or not. */
const failuresUntilLock = 5;
const lockMs = 15 * minute;
/** How long a fresh proof is good for deciding. */
export const stepUpMs = 2 * minute;
const stepUpAudience = 'step-up';

export type SignIn = { actor: Actor; familyId: string };

/**
 * Signing in, staying signed in, signing out. A sign-in is a family: every refresh token descends from its first, each is good once,
 * and the second use of one ends the family, because then somebody else has a copy. `onFamilyEnded` ends what runs under it.
 */
export async function createIdentity(db: Database, now: () => number, onFamilyEnded: (familyId: string) => Promise<void>) {
  const key = await signingKey(db);

  async function signIn(input: { userName: string; password: string; oneTimeCode?: string | undefined }): Promise<Tokens> {
    const nameHash = hash(fold(input.userName));
    await checkLock(nameHash);
    const account = await db
      .selectFrom('accounts')
      .select(['id', 'password_hash', 'totp_secret', 'totp_last_step'])
      .where('user_name', '=', input.userName)
      .where('disabled', '=', 0)
      .executeTakeFirst();
    if (!(await passwordFits(input.password, account?.password_hash ?? null)) || !account) return refuse(nameHash);
    if (account.totp_secret !== null) {
      if (!input.oneTimeCode) fail('ONE_TIME_CODE_NEEDED');
      if (!(await spendCode(account.id, account.totp_secret, input.oneTimeCode))) return refuse(nameHash);
    }
    await checkLock(nameHash);
    return db.transaction().execute(async (trx) => {
      await trx.deleteFrom('sign_in_failures').where('name_hash', '=', nameHash).execute();
      const familyId = randomBytes(16).toString('hex');
      await trx
        .insertInto('sign_in_families')
        .values({ id: familyId, account_id: account.id, created_at: now(), ended_at: null })
        .execute();
      return issue(trx, account.id, familyId);
    });
  }

  async function refuse(nameHash: string): Promise<never> {
    await countFailure(nameHash);
    return fail('SIGN_IN_FAILED');
  }

  /** Whether a one-time code is right and was not used before; it is used by this. */
  async function spendCode(accountId: string, secret: string, code: string): Promise<boolean> {
    const step = await codeStep(secret, code, now());
    if (step === null) return false;
    const used = await db
      .updateTable('accounts')
      .set({ totp_last_step: step })
      .where('id', '=', accountId)
      .where('totp_last_step', '<', step)
      .executeTakeFirst();
    return used.numUpdatedRows > 0n;
  }

  /** Counts one more failure, in the store itself: passwords that are tried side by side count each for themselves. */
  async function countFailure(nameHash: string): Promise<void> {
    const row = await db
      .insertInto('sign_in_failures')
      .values({ name_hash: nameHash, count: 1, locked_until: 0, at: now() })
      .onConflict((on) =>
        on.column('name_hash').doUpdateSet((set) => ({ count: set('sign_in_failures.count', '+', 1), at: now() })),
      )
      .returning('count')
      .executeTakeFirstOrThrow();
    if (row.count >= failuresUntilLock) {
      await db
        .updateTable('sign_in_failures')
        .set({ count: 0, locked_until: now() + lockMs })
        .where('name_hash', '=', nameHash)
        .execute();
    }
  }

  /** A lock that came while a password was being checked counts for it too. */
  async function checkLock(nameHash: string): Promise<void> {
    const failures = await db
      .selectFrom('sign_in_failures')
      .select('locked_until')
      .where('name_hash', '=', nameHash)
      .executeTakeFirst();
    if (failures && failures.locked_until > now()) fail('ACCOUNT_LOCKED', { until: toInstant(failures.locked_until) });
  }

  async function refresh(refreshToken: string): Promise<Tokens> {
    const tokenHash = hash(refreshToken);
    const outcome = await db.transaction().execute(async (trx) => {
      const token = await trx
        .selectFrom('refresh_tokens')
        .innerJoin('sign_in_families', 'sign_in_families.id', 'refresh_tokens.family_id')
        .select(['family_id', 'account_id', 'expires_at', 'used_at', 'successor', 'ended_at', 'wipe'])
        .where('hash', '=', tokenHash)
        .executeTakeFirst();
      if (token?.wipe) return fail('WIPE_ORDERED');
      if (!token || token.ended_at !== null || token.expires_at <= now()) return null;
      if (token.used_at !== null && !(await takeBack(trx, token))) {
        await endFamily(trx, token.family_id);
        return token.family_id;
      }
      return (await readActor(trx, token.account_id)) ? issue(trx, token.account_id, token.family_id, tokenHash) : null;
    });
    if (typeof outcome === 'string') await onFamilyEnded(outcome);
    if (outcome === null || typeof outcome === 'string') return fail('SIGNED_OUT');
    return outcome;
  }

  async function signOut(refreshToken: string): Promise<void> {
    const token = await db
      .selectFrom('refresh_tokens')
      .select('family_id')
      .where('hash', '=', hash(refreshToken))
      .executeTakeFirst();
    if (!token) return;
    await endFamily(db, token.family_id);
    await onFamilyEnded(token.family_id);
  }

  /**
   * A token that was used a moment ago and whose successor was not: the answer got lost, and asking again is no theft. The successor
   * is spent here, so that if it was not lost after all, its own use gives the copy away and ends the family.
   */
  async function takeBack(handle: Handle, token: { used_at: number | null; successor: string | null }): Promise<boolean> {
    if (token.used_at === null || token.successor === null || now() - token.used_at > lostAnswerMs) return false;
    const spent = await handle
      .updateTable('refresh_tokens')
      .set({ used_at: now() })
      .where('hash', '=', token.successor)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    return spent.numUpdatedRows > 0n;
  }

  const endFamily = (handle: Handle, familyId: string) =>
    handle
      .updateTable('sign_in_families')
      .set({ ended_at: now() })
      .where('id', '=', familyId)
      .where('ended_at', 'is', null)
      .execute();

  async function issue(handle: Handle, accountId: string, familyId: string, before?: string): Promise<Tokens> {
    const refreshToken = `ovr_${randomBytes(32).toString('base64url')}`;
    const token = {
      hash: hash(refreshToken),
      family_id: familyId,
      expires_at: now() + refreshTokenMs,
      used_at: null,
      successor: null,
    };
    await handle.insertInto('refresh_tokens').values(token).execute();
    if (before)
      await handle
        .updateTable('refresh_tokens')
        .set({ used_at: now(), successor: token.hash })
        .where('hash', '=', before)
        .execute();
    const actor = (await readActor(handle, accountId)) ?? fail('SIGNED_OUT');
    const accessToken = await new SignJWT({ family: familyId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(accountId)
      .setIssuedAt(Math.floor(now() / 1000))
      .setExpirationTime(Math.floor((now() + accessTokenMs) / 1000))
      .sign(key);
    return { accessToken, expiresInMs: accessTokenMs, refreshToken, user: await toUser(handle, actor) };
  }

  /** Who an `Authorization` header stands for at this moment. Fails with TOKEN_EXPIRED or SIGNED_OUT. */
  async function authenticate(header: string | undefined): Promise<SignIn> {
    const [, token] = /^Bearer ([A-Za-z0-9._-]+)$/.exec(header ?? '') ?? [];
    if (!token) return fail('TOKEN_EXPIRED');
    const claims = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate: new Date(now()) }).catch(() => null);
    const familyId = claims?.payload['family'];
    // A proof of step-up is signed with the same key and opens nothing by itself.
    if (typeof familyId !== 'string' || !claims?.payload.sub || claims.payload.aud !== undefined) return fail('TOKEN_EXPIRED');
    const family = await db
      .selectFrom('sign_in_families')
      .select(['ended_at', 'wipe'])
      .where('id', '=', familyId)
      .executeTakeFirst();
    if (family?.wipe) return fail('WIPE_ORDERED');
    const actor = await readActor(db, claims.payload.sub);
    if (!family || family.ended_at !== null || !actor) return fail('SIGNED_OUT');
    return { actor, familyId };
  }

  /**
   * A fresh proof of who is signed in, by password or one-time code. It is bound to the account and its sign-in, and short-lived. What is
   * wrong counts toward the lock like a wrong sign-in: somebody at an open desk gets no more tries than somebody at the sign-in.
   */
  async function stepUp(
    { actor, familyId }: SignIn,
    given: { password?: string | undefined; oneTimeCode?: string | undefined },
  ): Promise<{ proof: string; expiresInMs: number }> {
    const nameHash = hash(fold(actor.userName));
    await checkLock(nameHash);
    const account = await db
      .selectFrom('accounts')
      .select(['password_hash', 'totp_secret'])
      .where('id', '=', actor.accountId)
      .executeTakeFirstOrThrow();
    if ((given.password === undefined) === (given.oneTimeCode === undefined))
      return fail('INVALID_INPUT', { issues: ['a password or a one-time code, and not both'] });
    const how = given.password === undefined ? 'one-time-code' : 'password';
    if (how === 'one-time-code' && account.totp_secret === null) return fail('NO_ONE_TIME_CODE');
    const fits =
      given.password === undefined
        ? await spendCode(actor.accountId, account.totp_secret ?? '', given.oneTimeCode ?? '')
        : await passwordFits(given.password, account.password_hash);
    if (!fits) {
      await countFailure(nameHash);
      return fail('STEP_UP_FAILED');
    }
    await checkLock(nameHash);
    await db.deleteFrom('sign_in_failures').where('name_hash', '=', nameHash).execute();
    const proof = await new SignJWT({ family: familyId, how })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(stepUpAudience)
      .setSubject(actor.accountId)
      .setIssuedAt(Math.floor(now() / 1000))
      .setExpirationTime(Math.floor((now() + stepUpMs) / 1000))
      .sign(key);
    return { proof, expiresInMs: stepUpMs };
  }

  /** Fails with STEP_UP_NEEDED unless `proof` is good now, for this sign-in and for what the policy asks. */
  async function checkProof({ actor, familyId }: SignIn, how: Policy['stepUp'], proof: string | undefined): Promise<void> {
    if (how === 'none') return;
    const claims = await jwtVerify(proof ?? '', key, {
      algorithms: ['HS256'],
      audience: stepUpAudience,
      subject: actor.accountId,
      currentDate: new Date(now()),
    }).catch(() => null);
    if (claims?.payload['family'] !== familyId || claims.payload['how'] !== how) fail('STEP_UP_NEEDED', { how });
  }

  return { signIn, refresh, signOut, authenticate, stepUp, checkProof };
}

export type Identity = Awaited<ReturnType<typeof createIdentity>>;

/** The time step of a right one-time code (RFC 6238, 30 s, one step of drift); null for a wrong one. */
async function codeStep(secret: string, code: string, nowMs: number): Promise<number | null> {
  if (!/^\d{6}$/.test(code)) return null;
  const epoch = Math.floor(nowMs / 1000);
  const result = await verifyCode({ secret, token: code, epoch, epochTolerance: 30 });
  return result.valid ? Math.floor(epoch / 30) + result.delta : null;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
