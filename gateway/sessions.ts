import { type RawBuilder, sql } from 'kysely';
import { fail } from '../contract/failure.ts';
import type {
  Kind,
  PastViewing,
  Session,
  SessionBrief,
  SessionDetails,
  SessionEvent,
  SessionFilter,
  SessionPage,
  SessionQuery,
} from '../contract/session.ts';
import { toInstant, toMs } from '../contract/time.ts';
import type { Actor } from './identity/viewer.ts';
import { access, type SessionFacts } from './policy.ts';
import { coverageOf, rangesOf } from './receipts.ts';
import { peopleOf, requestsFor } from './request-rows.ts';
import { verdictsOf } from './reviews.ts';
import { type Database, fold, type Handle } from './store/database.ts';
import type { Tables } from './store/schema.ts';
import { readPolicy } from './store/settings.ts';

export type SessionRow = Omit<Tables['sessions'], 'row_number'>;

/** Sessions: a page that fits a filter, one whole. Access is computed for the person who reads. */
export function createSessions(db: Database, now: () => number) {
  async function search(actor: Actor, query: SessionQuery): Promise<SessionPage> {
    const conditions = conditionsOf(query.filter);
    const { column, direction } = order(query.sort);
    const after = query.cursor
      ? sql<boolean>`(${column}, id) ${direction === 'asc' ? sql`>` : sql`<`} ${parseCursor(query.cursor)}`
      : null;
    const where = (all: RawBuilder<boolean>[]) =>
      all.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(all, sql` and `)}`;
    const rows = await db
      .selectFrom('sessions')
      .selectAll()
      .where(where(after ? [...conditions, after] : conditions))
      .orderBy(column, direction)
      .orderBy('id', direction)
      .limit(query.limit + 1)
      .execute();
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const total = query.cursor
      ? null
      : await db
          .selectFrom('sessions')
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .where(where(conditions))
          .executeTakeFirstOrThrow();
    return {
      items: await asSeenBy(db, actor, shown, now()),
      nextCursor: rows.length > query.limit && last ? cursorOf(last, query.sort.by) : null,
      total: total ? Number(total.total) : null,
    };
  }

  async function get(actor: Actor, id: string): Promise<SessionDetails> {
    const row = await readSession(db, id);
    const [session = fail('NOT_FOUND', { what: 'session' })] = await asSeenBy(db, actor, [row], now());
    return {
      session,
      endedAt: row.ended_at === null ? null : toInstant(row.ended_at),
      events: mayWatchNow(session) ? await eventsOf(db, id) : null,
      ...(await viewingsOf(db, id, actor)),
      coverage: row.recording_json === null ? null : await coverageOf(db, id, actor.personId, row.duration_ms),
    };
  }

  return { search, get };
}

export type Sessions = ReturnType<typeof createSessions>;

export async function readSession(handle: Handle, id: string): Promise<SessionRow> {
  const row = await handle.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
  return row ?? fail('NOT_FOUND', { what: 'session' });
}

/** Sessions by id, as many of them as there are. */
export async function sessionsById(handle: Handle, ids: readonly string[]): Promise<Map<string, SessionRow>> {
  if (ids.length === 0) return new Map();
  const rows = await handle
    .selectFrom('sessions')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export function sessionFacts(row: SessionRow): SessionFacts {
  return { id: row.id, state: row.state, recordedPersonId: row.recorded_person_id };
}

/** Whether the person that a session was computed for may watch it at this moment: then they may know what happened in it. */
export const mayWatchNow = ({ access: { recording, livestream } }: Session) =>
  [recording, livestream].some(({ state }) => state === 'open' || state === 'direct');

export function toBrief(row: SessionRow): SessionBrief {
  return {
    id: row.id,
    user: row.user,
    credential: row.credential,
    device: row.device,
    protocol: row.protocol,
    startedAt: toInstant(row.started_at),
    durationMs: row.duration_ms,
    state: row.state,
    commandCount: row.command_count,
    alertCount: row.alert_count,
  };
}

/** Sessions with what `actor` may do with each: one look at the policy and at this person's requests for all of them. */
export async function asSeenBy(handle: Handle, actor: Actor, rows: SessionRow[], nowMs: number): Promise<Session[]> {
  const policy = await readPolicy(handle);
  const requests = await requestsFor(
    handle,
    actor.personId,
    rows.map((row) => row.id),
  );
  const verdicts = await verdictsOf(handle, actor, rows.map(sessionFacts));
  return rows.map((row) => {
    const accessTo = (kind: Kind) =>
      access(
        actor,
        sessionFacts(row),
        kind,
        requests.filter((one) => one.session.id === row.id && one.kind === kind),
        policy,
        nowMs,
      );
    return {
      ...toBrief(row),
      originIp: row.origin_ip,
      proxy: row.proxy,
      reason: row.reason,
      justification: row.justification,
      audited: verdicts.get(row.id) ?? null,
      access: { recording: accessTo('recording'), livestream: accessTo('livestream') },
    };
  });
}

async function eventsOf(handle: Handle, id: string): Promise<SessionEvent[]> {
  const rows = await handle
    .selectFrom('session_events')
    .selectAll()
    .where('session_id', '=', id)
    .orderBy('at_ms')
    .orderBy('number')
    .execute();
  return rows.map(({ at_ms, type, text, detail, severity }) => ({
    atMs: at_ms,
    type,
    text,
    ...(detail && { detail }),
    ...(severity && { severity }),
  }));
}

const lastViewings = 200;

/** Who watched it, the last first, and how many viewings came before those. */
async function viewingsOf(
  handle: Handle,
  id: string,
  actor: Actor,
): Promise<Pick<SessionDetails, 'viewings' | 'earlierViewings'>> {
  const rows = await handle
    .selectFrom('viewings')
    .select(['id', 'person_id', 'kind', 'started_at', 'ended_at', 'watched_ms', 'covered_json'])
    .select(({ selectFrom }) =>
      selectFrom('snapshots')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('viewing_id', '=', 'viewings.id')
        .as('snapshots'),
    )
    .where('session_id', '=', id)
    .orderBy('started_at', 'desc')
    .limit(lastViewings)
    .execute();
  const { total } = await handle
    .selectFrom('viewings')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('session_id', '=', id)
    .executeTakeFirstOrThrow();
  const people = await peopleOf(
    handle,
    rows.map((row) => row.person_id),
  );
  const viewings = rows.map(
    (row): PastViewing => ({
      viewingId: row.id,
      viewer: people.get(row.person_id) ?? { id: row.person_id, userName: '', displayName: '' },
      mine: row.person_id === actor.personId,
      kind: row.kind,
      startedAt: toInstant(row.started_at),
      endedAt: row.ended_at === null ? null : toInstant(row.ended_at),
      watchedMs: row.watched_ms,
      shown: row.kind === 'recording' ? rangesOf(row.covered_json) : [],
      snapshots: Number(row.snapshots),
    }),
  );
  return { viewings, earlierViewings: Number(total) - rows.length };
}

// ---- Filters ----------------------------------------------------------------------------------------------------------------------

const textColumns = {
  id: 'id',
  user: 'user',
  credential: 'credential',
  device: 'device',
  originIp: 'origin_ip',
  proxy: 'proxy',
  reason: 'reason',
  justification: 'justification',
} as const;

function conditionsOf(filter: SessionFilter): RawBuilder<boolean>[] {
  const conditions: RawBuilder<boolean>[] = [];
  for (const [name, column] of Object.entries(textColumns) as [keyof typeof textColumns, string][]) {
    const text = filter[name];
    if (text) conditions.push(sql<boolean>`instr(fold(${sql.ref(column)}), ${fold(text)}) > 0`);
  }
  if (filter.protocols?.length) conditions.push(sql<boolean>`protocol in (${sql.join(filter.protocols)})`);
  if (filter.states?.length) conditions.push(sql<boolean>`state in (${sql.join(filter.states)})`);
  if (filter.startedFrom) conditions.push(sql<boolean>`started_at >= ${toMs(filter.startedFrom)}`);
  if (filter.startedUntil) conditions.push(sql<boolean>`started_at < ${toMs(filter.startedUntil)}`);
  const words = filter.text?.split(/\s+/).filter((word) => word !== '') ?? [];
  return [...conditions, ...words.map(wordCondition)];
}

/** A word of the free text: three characters or more by the trigram index, fewer by reading the columns and commands. */
function wordCondition(word: string): RawBuilder<boolean> {
  const folded = fold(word);
  if ([...folded].length >= 3) {
    const phrase = [...new Set(trigrams(folded))].map((part) => `"${part.replaceAll('"', '""')}"`).join(' AND ');
    // The index holds no positions (detail=none): it finds candidates, the text itself decides.
    return sql<boolean>`(row_number in (select rowid from sessions_text where sessions_text match ${phrase}) and (${contains(folded)}))`;
  }
  return sql<boolean>`(${contains(folded)})`;
}

function contains(folded: string): RawBuilder<boolean> {
  const columns = ['id', 'user', 'credential', 'device', 'protocol', 'origin_ip', 'proxy', 'reason', 'justification'];
  const anywhere = sql.join(
    columns.map((column) => sql<boolean>`instr(fold(${sql.ref(`sessions.${column}`)}), ${folded}) > 0`),
    sql` or `,
  );
  return sql<boolean>`${anywhere} or exists (select 1 from session_events where session_id = sessions.id and type = 'command' and instr(fold(text), ${folded}) > 0)`;
}

function trigrams(text: string): string[] {
  const characters = [...text];
  return characters.slice(2).map((_, index) => characters.slice(index, index + 3).join(''));
}

/** The text of a session that the index holds. */
export function indexedText(
  row: Pick<
    SessionRow,
    'id' | 'user' | 'credential' | 'device' | 'protocol' | 'origin_ip' | 'proxy' | 'reason' | 'justification'
  >,
): string {
  return fold(
    [row.id, row.user, row.credential, row.device, row.protocol, row.origin_ip, row.proxy, row.reason, row.justification].join(
      '\n',
    ),
  );
}

// ---- Order and keyset paging -------------------------------------------------------------------------------------------------------

type Sort = SessionQuery['sort'];

function order(sort: Sort): { column: RawBuilder<unknown>; direction: 'asc' | 'desc' } {
  const columns: Record<Sort['by'], RawBuilder<unknown>> = {
    startedAt: sql`started_at`,
    user: sql`user collate nocase`,
    device: sql`device collate nocase`,
    credential: sql`credential collate nocase`,
    durationMs: sql`coalesce(duration_ms, -1)`,
  };
  return { column: columns[sort.by], direction: sort.direction };
}

function cursorOf(row: SessionRow, by: Sort['by']): string {
  const values = {
    startedAt: row.started_at,
    user: row.user,
    device: row.device,
    credential: row.credential,
    durationMs: row.duration_ms ?? -1,
  };
  return Buffer.from(JSON.stringify([values[by], row.id])).toString('base64url');
}

/** The position of a cursor as an SQL row value. */
function parseCursor(cursor: string): RawBuilder<unknown> {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if ((typeof value === 'string' || typeof value === 'number') && typeof id === 'string') return sql`(${value}, ${id})`;
  } catch {
    // Falls through to the failure below.
  }
  return fail('INVALID_INPUT', { issues: ['cursor: not one of ours'] });
}
