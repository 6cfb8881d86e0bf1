import type { Permission, Role, User } from '../../contract/identity.ts';
import type { Viewer } from '../policy.ts';
import type { Handle } from '../store/database.ts';

/** The account that acts, with the facts that policy.ts asks for, as they are at this moment. */
export type Actor = Viewer & { accountId: string; userName: string };

/** Reads who an account is now; null when it is gone or disabled. */
export async function readActor(db: Handle, accountId: string): Promise<Actor | null> {
  const account = await db
    .selectFrom('accounts')
    .innerJoin('people', 'people.id', 'accounts.person_id')
    .select(['accounts.id', 'accounts.person_id', 'accounts.user_name', 'people.display_name'])
    .where('accounts.id', '=', accountId)
    .where('accounts.disabled', '=', 0)
    .executeTakeFirst();
  if (!account) return null;
  const [roles, permissions, groups] = await Promise.all([
    db.selectFrom('account_roles').select('role').where('account_id', '=', accountId).execute(),
    db.selectFrom('account_permissions').select('permission').where('account_id', '=', accountId).execute(),
    db.selectFrom('group_members').select('group_id').where('person_id', '=', account.person_id).execute(),
  ]);
  return {
    accountId,
    personId: account.person_id,
    userName: account.user_name,
    displayName: account.display_name,
    roles: roles.map(({ role }): Role => role),
    permissions: permissions.map(({ permission }): Permission => permission),
    groupIds: groups.map(({ group_id }) => group_id),
  };
}

/** The actor as the contract's `User`. */
export async function toUser(db: Handle, actor: Actor): Promise<User> {
  const approverGroups =
    actor.groupIds.length === 0
      ? []
      : await db
          .selectFrom('approver_groups')
          .select(['id', 'name'])
          .where('id', 'in', [...actor.groupIds])
          .execute();
  const { accountId, personId, userName, displayName, roles, permissions } = actor;
  return { id: personId, accountId, userName, displayName, roles: [...roles], permissions: [...permissions], approverGroups };
}
