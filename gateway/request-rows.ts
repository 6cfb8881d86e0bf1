import { sql } from 'kysely';
import { fail } from '../contract/failure.ts';
import type { Person } from '../contract/identity.ts';
import { type AccessRequest, Level } from '../contract/request.ts';
import type { Kind } from '../contract/session.ts';
import { toInstant } from '../contract/time.ts';
import type { Actor } from './identity/viewer.ts';
import { type LevelFacts, maySee, permitted, type RequestFacts, type RequestStateFacts } from './policy.ts';
import { sessionFacts, sessionsById, toBrief } from './sessions.ts';
import type { Handle } from './store/database.ts';
import type { Tables } from './store/schema.ts';
import { readPolicy } from './store/settings.ts';

/** Requests between the store and the rules: rows become facts or what a person may see, facts become rows. */
type Row = Tables['requests'];

/** The requests of one person for some sessions: what their access depends on. */
export async function requestsFor(handle: Handle, personId: string, sessionIds: string[]): Promise<RequestFacts[]> {
  if (sessionIds.length === 0) return [];
  const rows = await handle
    .selectFrom('requests')
    .selectAll()
    .where('requester_person_id', '=', personId)
    .where('session_id', 'in', sessionIds)
    .execute();
  return toFacts(handle, rows);
}

export async function requestsOf(handle: Handle, personId: string, sessionId: string, kind: Kind): Promise<RequestFacts[]> {
  return (await requestsFor(handle, personId, [sessionId])).filter((one) => one.kind === kind);
}

/** The request as `actor` may see it, or null if they may not. */
export async function asSeenBy(handle: Handle, actor: Actor, row: Row, nowMs: number): Promise<AccessRequest | null> {
  const [request = null] = await allAsSeenBy(handle, actor, [row], nowMs);
  return request;
}

/** Several requests as `actor` may see them, null for each that they may not: one look at each table for all of them. */
export async function allAsSeenBy(
  handle: Handle,
  actor: Actor,
  rows: readonly Row[],
  nowMs: number,
): Promise<(AccessRequest | null)[]> {
  const facts = await toFacts(handle, rows);
  const seen = facts.flatMap((one, index) => (rows[index] && maySee(actor, one) ? [{ facts: one, row: rows[index] }] : []));
  const [policy, sessions, names] = await Promise.all([
    readPolicy(handle),
    sessionsById(
      handle,
      seen.map(({ row }) => row.session_id),
    ),
    peopleOf(
      handle,
      seen.flatMap((one) => [
        one.row.requester_person_id,
        one.row.state_person_id,
        ...one.facts.decisions.map(({ personId }) => personId),
      ]),
    ),
  ]);
  const person = (id: string | null): Person => names.get(id ?? '') ?? { id: id ?? '', userName: '', displayName: '' };
  const made = new Map(
    seen.map(({ facts: one, row }) => {
      const session = sessions.get(row.session_id) ?? fail('NOT_FOUND', { what: 'session' });
      const may = permitted(actor, one, policy, nowMs);
      return [row.id, toRequest(row, one, toBrief(session), person, may)];
    }),
  );
  return rows.map(({ id }) => made.get(id) ?? null);
}

function toRequest(
  row: Row,
  facts: RequestFacts,
  session: AccessRequest['session'],
  person: (id: string | null) => Person,
  may: AccessRequest['may'],
): AccessRequest {
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    session,
    requester: person(row.requester_person_id),
    justification: row.justification,
    reason: { id: row.reason_id, label: row.reason_label },
    governanceCode: row.governance_code,
    asked: { start: toInstant(row.asked_start), end: toInstant(row.asked_end) },
    window: { start: toInstant(row.start_at), end: toInstant(row.end_at) },
    createdAt: toInstant(row.created_at),
    deadline: toInstant(row.deadline),
    levels: Level.array().parse(JSON.parse(row.levels_json)),
    decisions: facts.decisions.map(({ personId, level, verdict, comment, atMs }) => ({
      by: person(personId),
      level,
      verdict,
      comment,
      at: toInstant(atMs),
    })),
    state: stateOf(row, person),
    may,
  };
}

function stateOf(row: Row, person: (id: string | null) => Person): AccessRequest['state'] {
  const at = toInstant(row.state_at ?? row.created_at);
  switch (row.status) {
    case 'pending':
      return { status: 'pending', level: row.level };
    case 'approved':
    case 'expired':
    case 'canceled':
      return { status: row.status, at };
    case 'rejected':
    case 'revoked':
      return { status: row.status, at, by: person(row.state_person_id), comment: row.state_comment ?? '' };
    default:
      return row.status satisfies never;
  }
}

/** Fails with NOT_FOUND. */
export async function readFacts(handle: Handle, id: string): Promise<RequestFacts> {
  const row = await handle.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
  const [facts] = row ? await toFacts(handle, [row]) : [];
  return facts ?? fail('NOT_FOUND', { what: 'request' });
}

/** What the rules ask of requests, in the order of the rows. */
export async function toFacts(handle: Handle, rows: readonly Row[]): Promise<RequestFacts[]> {
  if (rows.length === 0) return [];
  const [decisions, sessions, people] = await Promise.all([
    handle
      .selectFrom('decisions')
      .innerJoin('people', 'people.id', 'decisions.person_id')
      .selectAll('decisions')
      .select('people.display_name')
      .where(
        'request_id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('version')
      .execute(),
    sessionsById(
      handle,
      rows.map((row) => row.session_id),
    ),
    peopleOf(
      handle,
      rows.map((row) => row.state_person_id),
    ),
  ]);
  const made = Map.groupBy(decisions, (one) => one.request_id);
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    kind: row.kind,
    session: sessionFacts(sessions.get(row.session_id) ?? fail('NOT_FOUND', { what: 'session' })),
    requesterPersonId: row.requester_person_id,
    startMs: row.start_at,
    endMs: row.end_at,
    createdAtMs: row.created_at,
    deadlineMs: row.deadline,
    levels: Level.array()
      .parse(JSON.parse(row.levels_json))
      .map(({ level, group, needed }) => ({ level, groupId: group.id, groupName: group.name, needed })),
    decisions: (made.get(row.id) ?? []).map((one) => ({
      personId: one.person_id,
      displayName: one.display_name,
      level: one.level,
      verdict: one.verdict,
      comment: one.comment,
      atMs: one.at,
      version: one.version,
      narrowed: one.narrowed === 1,
    })),
    state: stateFacts(row, people.get(row.state_person_id ?? '')?.displayName ?? ''),
  }));
}

function stateFacts(row: Row, displayName: string): RequestStateFacts {
  const atMs = row.state_at ?? row.created_at;
  switch (row.status) {
    case 'pending':
      return { status: 'pending', level: row.level };
    case 'approved':
    case 'expired':
    case 'canceled':
      return { status: row.status, atMs };
    case 'rejected':
    case 'revoked':
      return { status: row.status, atMs, personId: row.state_person_id ?? '', displayName, comment: row.state_comment ?? '' };
    default:
      return row.status satisfies never;
  }
}

/** Writes the next state down. `version` guards it: a row that somebody else has changed is not touched. */
export async function save(handle: Handle, version: number, next: RequestFacts): Promise<void> {
  const { state } = next;
  const by = 'personId' in state ? state : null;
  const result = await handle
    .updateTable('requests')
    .set({
      version: next.version,
      start_at: next.startMs,
      end_at: next.endMs,
      deadline: next.deadlineMs,
      status: state.status,
      ...(state.status === 'pending' ? { level: state.level } : { state_at: state.atMs }),
      state_person_id: by?.personId ?? null,
      state_comment: by?.comment ?? null,
    })
    .where('id', '=', next.id)
    .where('version', '=', version)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) fail('STALE_VERSION', { seen: version, current: next.version, changed: ['state'] });
}

/** The levels of a route with the people who are active members of each group at this moment. */
export async function readLevels(handle: Handle, routeId: string): Promise<LevelFacts[]> {
  const levels = await handle
    .selectFrom('route_levels')
    .innerJoin('approver_groups', 'approver_groups.id', 'route_levels.group_id')
    .select(['level', 'group_id', 'name', 'needed'])
    .where('route_id', '=', routeId)
    .orderBy('level')
    .execute();
  return Promise.all(
    levels.map(async ({ level, group_id, name, needed }) => ({
      level,
      groupId: group_id,
      groupName: name,
      needed,
      memberIds: await membersOf(handle, group_id),
    })),
  );
}

/** The people who are active members of a group at this moment. */
export async function membersOf(handle: Handle, groupId: string): Promise<string[]> {
  const members = await handle
    .selectFrom('group_members')
    .innerJoin('accounts', 'accounts.person_id', 'group_members.person_id')
    .select('group_members.person_id')
    .distinct()
    .where('group_id', '=', groupId)
    .where('accounts.disabled', '=', 0)
    .execute();
  return members.map((one) => one.person_id);
}

export const byName = (a: Person, b: Person) => a.displayName.localeCompare(b.displayName);

/** People by id. A person with several accounts goes by the first one's user name. */
export async function peopleOf(handle: Handle, ids: (string | null)[]): Promise<Map<string, Person>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await handle
    .selectFrom('people')
    .leftJoin('accounts', 'accounts.person_id', 'people.id')
    .select(['people.id', 'people.display_name', 'accounts.user_name'])
    .where('people.id', 'in', wanted)
    // The last one that is put into the map stays: the account that was made first.
    .orderBy(sql`accounts.rowid`, 'desc')
    .execute();
  return new Map(rows.map((row) => [row.id, { id: row.id, userName: row.user_name ?? '', displayName: row.display_name }]));
}
