import { randomUUID } from 'node:crypto';
import { generateSecret, generateURI } from 'otplib';
import type { Permission, Role } from '../contract/identity.ts';
import { hashPassword } from './identity/passwords.ts';
import type { Handle } from './store/database.ts';

export type NewAccount = {
  userName: string;
  displayName: string;
  /** The hash of a password, by `hashPassword`. */
  passwordHash: string;
  roles: readonly Role[];
  permissions: readonly Permission[];
  /** Names of approver groups; made when they are not there. */
  groups: readonly string[];
  /** The person it belongs to, for a second account; absent makes a new person. */
  personId?: string | undefined;
  totpSecret?: string | undefined;
};

/** Makes an account and, unless it is a further one of somebody, the person. Answers with the person's id. */
export async function addAccount(handle: Handle, account: NewAccount): Promise<string> {
  const personId = account.personId ?? randomUUID();
  const id = randomUUID();
  if (account.personId === undefined)
    await handle.insertInto('people').values({ id: personId, display_name: account.displayName }).execute();
  await handle
    .insertInto('accounts')
    .values({
      id,
      person_id: personId,
      user_name: account.userName,
      password_hash: account.passwordHash,
      totp_secret: account.totpSecret ?? null,
      totp_last_step: 0,
      disabled: 0,
    })
    .execute();
  if (account.roles.length > 0)
    await handle
      .insertInto('account_roles')
      .values(account.roles.map((role) => ({ account_id: id, role })))
      .execute();
  if (account.permissions.length > 0) {
    await handle
      .insertInto('account_permissions')
      .values(account.permissions.map((permission) => ({ account_id: id, permission })))
      .execute();
  }
  for (const name of account.groups) {
    const group_id = await groupNamed(handle, name);
    await handle
      .insertInto('group_members')
      .values({ group_id, person_id: personId })
      .onConflict((on) => on.doNothing())
      .execute();
  }
  return personId;
}

/** The id of a group; the group is made when it is not there. */
export async function groupNamed(handle: Handle, name: string): Promise<string> {
  const found = await handle.selectFrom('approver_groups').select('id').where('name', '=', name).executeTakeFirst();
  if (found) return found.id;
  const id = randomUUID();
  await handle.insertInto('approver_groups').values({ id, name }).execute();
  return id;
}

export async function accountNamed(handle: Handle, userName: string): Promise<{ id: string; person_id: string } | undefined> {
  return handle.selectFrom('accounts').select(['id', 'person_id']).where('user_name', '=', userName).executeTakeFirst();
}

/** Sets what an account may do. A running gateway hears of it by the event, and looks again at what is being watched. */
export async function setAccess(
  handle: Handle,
  accountId: string,
  roles: readonly Role[],
  permissions: readonly Permission[],
): Promise<void> {
  await handle.deleteFrom('account_roles').where('account_id', '=', accountId).execute();
  await handle.deleteFrom('account_permissions').where('account_id', '=', accountId).execute();
  for (const role of roles) await handle.insertInto('account_roles').values({ account_id: accountId, role }).execute();
  for (const permission of permissions)
    await handle.insertInto('account_permissions').values({ account_id: accountId, permission }).execute();
  await tellAbout(handle, accountId);
}

export async function setDisabled(handle: Handle, accountId: string, disabled: boolean): Promise<void> {
  await handle
    .updateTable('accounts')
    .set({ disabled: Number(disabled) })
    .where('id', '=', accountId)
    .execute();
  await tellAbout(handle, accountId);
}

/** Sets a password and ends every sign-in that was made with the old one. */
export async function setPassword(handle: Handle, accountId: string, password: string): Promise<void> {
  await handle
    .updateTable('accounts')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', accountId)
    .execute();
  await handle
    .updateTable('sign_in_families')
    .set({ ended_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .execute();
  await tellAbout(handle, accountId);
}

/**
 * Orders that everything of an account is removed from the computers it was used on: its sign-ins end, and their clients hear of it at once, or
 * when they come next. New sign-ins are not touched. Answers with how many sign-ins there were.
 */
export async function orderWipe(handle: Handle, accountId: string): Promise<number> {
  const at = Date.now();
  await handle
    .updateTable('sign_in_families')
    .set({ ended_at: at })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .execute();
  const ordered = await handle
    .updateTable('sign_in_families')
    .set({ wipe: 1 })
    .where('account_id', '=', accountId)
    .where('wipe', '=', 0)
    .executeTakeFirst();
  await handle.insertInto('events').values({ at, type: 'wipe', subject: accountId, person_id: null }).execute();
  return Number(ordered.numUpdatedRows);
}

/** Gives an account a one-time code. Answers with the address that an authenticator app reads. */
export async function setOneTimeCode(handle: Handle, accountId: string, userName: string): Promise<string> {
  const secret = generateSecret();
  await handle.updateTable('accounts').set({ totp_secret: secret, totp_last_step: 0 }).where('id', '=', accountId).execute();
  return generateURI({ issuer: 'Oversight', label: userName, secret });
}

async function tellAbout(handle: Handle, accountId: string): Promise<void> {
  await handle.insertInto('events').values({ at: Date.now(), type: 'user', subject: accountId, person_id: null }).execute();
}
