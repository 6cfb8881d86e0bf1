import { randomUUID } from 'node:crypto';
import { groupNamed } from './people.ts';
import type { Handle } from './store/database.ts';

export type RouteLevel = { level: number; group: string; needed: number };

/** The levels of a route as they stand on the command line, `1:Infrastructure approvers:2`. Answers with what is wrong, if something is. */
export function parseLevels(texts: readonly string[]): RouteLevel[] | string {
  const levels: RouteLevel[] = [];
  for (const text of texts) {
    const [, level, group = '', needed] = /^([1-3]):(.+):([1-9]\d?)$/.exec(text) ?? [];
    if (level === undefined || group.trim() === '') return `Not LEVEL:GROUP:COUNT: ${text}`;
    levels.push({ level: Number(level), group: group.trim(), needed: Number(needed) });
  }
  levels.sort((a, b) => a.level - b.level);
  if (levels.length === 0) return 'A route has at least one level: --level 1:GROUP:COUNT';
  if (levels.some(({ level }, index) => level !== index + 1)) return 'Levels are numbered 1, 2, 3, each once.';
  return levels;
}

/**
 * Sets the levels of a route; the route and its groups are made when they are not there. Requests that were made keep the levels they
 * were made with: nobody changes the rules of a decision that is under way.
 */
export async function setRoute(handle: Handle, name: string, levels: readonly RouteLevel[]): Promise<void> {
  const found = await handle.selectFrom('routes').select('id').where('name', '=', name).executeTakeFirst();
  const route_id = found?.id ?? randomUUID();
  if (!found) await handle.insertInto('routes').values({ id: route_id, name }).execute();
  await handle.deleteFrom('route_levels').where('route_id', '=', route_id).execute();
  for (const { level, group, needed } of levels) {
    const group_id = await groupNamed(handle, group);
    await handle.insertInto('route_levels').values({ route_id, level, group_id, needed }).execute();
  }
}

/** Every route with its levels, in the words of the command line. */
export async function listRoutes(handle: Handle): Promise<{ name: string; levels: string[] }[]> {
  const rows = await handle
    .selectFrom('routes')
    .leftJoin('route_levels', 'route_levels.route_id', 'routes.id')
    .leftJoin('approver_groups', 'approver_groups.id', 'route_levels.group_id')
    .select(['routes.name', 'level', 'approver_groups.name as group', 'needed'])
    .orderBy('routes.name')
    .orderBy('level')
    .execute();
  const routes = new Map<string, string[]>();
  for (const { name, level, group, needed } of rows)
    routes.set(name, [...(routes.get(name) ?? []), ...(level === null ? [] : [`${level}:${group}:${needed}`])]);
  return [...routes].map(([name, levels]) => ({ name, levels }));
}

/** Every group with the user names of its members. */
export async function listGroups(handle: Handle): Promise<{ name: string; members: string[] }[]> {
  const rows = await handle
    .selectFrom('approver_groups')
    .leftJoin('group_members', 'group_members.group_id', 'approver_groups.id')
    .leftJoin('accounts', 'accounts.person_id', 'group_members.person_id')
    .select(['approver_groups.name', 'accounts.user_name'])
    .orderBy('approver_groups.name')
    .orderBy('accounts.user_name')
    .execute();
  const groups = new Map<string, string[]>();
  for (const { name, user_name } of rows)
    groups.set(name, [...(groups.get(name) ?? []), ...(user_name === null ? [] : [user_name])]);
  return [...groups].map(([name, members]) => ({ name, members }));
}

/** Puts a person into a group, which is made when it is not there, or takes them out. Their clients hear of it at once. */
export async function setMembership(handle: Handle, group: string, personId: string, member: boolean): Promise<void> {
  const group_id = await groupNamed(handle, group);
  if (member) {
    await handle
      .insertInto('group_members')
      .values({ group_id, person_id: personId })
      .onConflict((on) => on.doNothing())
      .execute();
  } else {
    await handle.deleteFrom('group_members').where('group_id', '=', group_id).where('person_id', '=', personId).execute();
  }
  const accounts = await handle.selectFrom('accounts').select('id').where('person_id', '=', personId).execute();
  for (const { id } of accounts)
    await handle.insertInto('events').values({ at: Date.now(), type: 'user', subject: id, person_id: null }).execute();
}
