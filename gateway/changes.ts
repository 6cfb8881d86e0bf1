import type { ChangeRecord, ChangesPage, Seal, ViewingRecord } from '../contract/history.ts';
import { canonical } from '../contract/receipt.ts';
import type { Policy } from '../contract/request.ts';
import { keptRecord, type Line, lineOf, linesText, sealText } from '../contract/seal.ts';
import { toInstant } from '../contract/time.ts';
import { ViewingEnd } from '../contract/viewing.ts';
import type { Actor } from './identity/viewer.ts';
import { maySee, maySeeViewing, seesEveryRequest, seesEveryViewing, watchesDirectly } from './policy.ts';
import { rangesOf, type Signer, sha256 } from './receipts.ts';
import { allAsSeenBy, peopleOf, toFacts } from './request-rows.ts';
import { mayWatchNow, asSeenBy as sessionsAsSeenBy } from './sessions.ts';
import type { Database, Handle } from './store/database.ts';
import type { Tables } from './store/schema.ts';
import { readPolicy } from './store/settings.ts';

type Row = Pick<Tables['changes'], 'what' | 'id' | 'removed'> & { sequence: number };

/** A page is full when it has so much text, however few records: an answer has a limit. */
const mostBytes = 4_000_000;
/** So many rows are looked at for one page at most, however few of them this person may see. */
const mostLookedAt = 10_000;
const leastLookedAt = 100;
const mostCommands = 64_000;

/**
 * The feed: what has changed on record since a cursor, as one person may see it now. A cursor says up to where they have read, and with which
 * rights: with others, everything is read anew, since what they may see now has no change of its own.
 */
export function createChanges(db: Database, signer: Signer, now: () => number) {
  async function list(actor: Actor, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<ChangesPage> {
    const policy = await readPolicy(db);
    const rights = rightsOf(actor, policy);
    const last = await newest(db);
    const known = parseCursor(cursor);
    const reset = known === null || known.rights !== rights || known.sequence > last;
    let position = reset ? 0 : known.sequence;
    const records: ChangeRecord[] = [];
    const lines: Line[] = [];
    let bytes = 0;
    let lookedAt = 0;
    let more = true;
    while (more && records.length < limit && bytes < mostBytes && lookedAt < mostLookedAt) {
      const asked = Math.max(leastLookedAt, limit - records.length);
      const rows = await rowsAfter(db, position, asked);
      const found = await asSeen(db, actor, policy, rows, !reset, now());
      for (const [index, { sequence }] of rows.entries()) {
        const record = found[index];
        if (records.length === limit || bytes >= mostBytes) break;
        position = sequence;
        lookedAt += 1;
        if (!record) continue;
        records.push(record);
        lines.push(lineOf(keptRecord(record, policy.notKept), sha256));
        bytes += JSON.stringify(record).length;
      }
      more = rows.length === asked || (rows.at(-1)?.sequence ?? position) > position;
    }
    const remaining = more ? await countAfter(db, position) : 0;
    const next = `${position}.${rights}`;
    const unsigned: Omit<Seal, 'signature'> = {
      before: reset ? '' : (cursor ?? ''),
      after: next,
      at: toInstant(now()),
      notKept: policy.notKept,
    };
    const seal = { ...unsigned, signature: signer.sign(sealText(unsigned, linesText(lines), sha256)) };
    return { reset, records, cursor: next, more: remaining > 0, remaining, seal };
  }

  /** Whether this person may see a viewing: for who is told that something on record has changed. */
  async function maySeeViewingOf(actor: Actor, id: string): Promise<boolean> {
    const rows = await db.selectFrom('viewings').selectAll().where('id', '=', id).execute();
    return (await visibleViewings(db, actor, rows)).length > 0;
  }

  return { list, maySeeViewing: maySeeViewingOf };
}

export type Changes = ReturnType<typeof createChanges>;

/** Something has changed for readers by time alone: it is in the feed again. */
export async function touch(handle: Handle, what: Row['what'], id: string): Promise<void> {
  await handle.deleteFrom('changes').where('what', '=', what).where('id', '=', id).execute();
  await handle.insertInto('changes').values({ what, id, removed: 0 }).execute();
}

async function newest(handle: Handle): Promise<number> {
  const row = await handle
    .selectFrom('changes')
    .select(({ fn }) => fn.max('sequence').as('sequence'))
    .executeTakeFirst();
  return Number(row?.sequence ?? 0);
}

const rowsAfter = (handle: Handle, position: number, limit: number): Promise<Row[]> =>
  handle
    .selectFrom('changes')
    .select(['sequence', 'what', 'id', 'removed'])
    .where('sequence', '>', position)
    .orderBy('sequence')
    .limit(limit)
    .execute();

async function countAfter(handle: Handle, position: number): Promise<number> {
  const row = await handle
    .selectFrom('changes')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .where('sequence', '>', position)
    .executeTakeFirstOrThrow();
  return Number(row.rows);
}

/**
 * Everything that decides what one reads of the record beside the record itself: who one is, roles, permissions, groups, and the rules of the
 * policy that are in what is read.
 */
function rightsOf(actor: Actor, policy: Policy): string {
  const { personId, roles, permissions, groupIds } = actor;
  const sets = [roles, permissions, groupIds, policy.notKept].map((names) => [...names].sort());
  return sha256(canonical([personId, sets, watchesDirectly(actor, policy), policy.recordedPersonMayNotApprove])).slice(0, 16);
}

function parseCursor(cursor: string | undefined): { sequence: number; rights: string } | null {
  const [, sequence, rights] = /^(\d{1,15})\.([0-9a-f]{16})$/.exec(cursor ?? '') ?? [];
  return sequence === undefined || rights === undefined ? null : { sequence: Number(sequence), rights };
}

/** What each row says to `actor`, in their order: null for what they may not see. `gone` is said only to who may have had it. */
async function asSeen(
  handle: Handle,
  actor: Actor,
  policy: Policy,
  rows: readonly Row[],
  tellGone: boolean,
  nowMs: number,
): Promise<(ChangeRecord | null)[]> {
  const idsOf = (what: Row['what']) => rows.filter((row) => row.what === what && row.removed === 0).map(({ id }) => id);
  const [requests, viewings, sessions] = await Promise.all([
    requestRecords(handle, actor, idsOf('request'), nowMs),
    viewingRecords(handle, actor, idsOf('viewing')),
    sessionRecords(handle, actor, policy, idsOf('session'), nowMs),
  ]);
  const found = { request: requests, viewing: viewings, session: sessions };
  return rows.map(({ what, id, removed }) => {
    if (removed === 0) return found[what].get(id) ?? null;
    return tellGone ? { what: 'gone', of: what, id } : null;
  });
}

type Records = Promise<Map<string, ChangeRecord>>;

async function requestRecords(handle: Handle, actor: Actor, ids: string[], nowMs: number): Records {
  if (ids.length === 0) return new Map();
  const rows = await handle.selectFrom('requests').selectAll().where('id', 'in', ids).execute();
  const seen = await allAsSeenBy(handle, actor, rows, nowMs);
  return new Map(seen.flatMap((request) => (request ? [[request.id, { what: 'request', request }] as const] : [])));
}

type ViewingRow = Pick<
  Tables['viewings'],
  'id' | 'person_id' | 'session_id' | 'kind' | 'request_id' | 'started_at' | 'ended_at' | 'end_json'
> & { covered_json: string; watched_ms: number };

/** Those of some viewings that this person may see. */
async function visibleViewings<R extends Pick<ViewingRow, 'person_id' | 'request_id'>>(
  handle: Handle,
  actor: Actor,
  rows: readonly R[],
): Promise<R[]> {
  if (seesEveryViewing(actor)) return [...rows];
  const ids = [...new Set(rows.flatMap(({ request_id }) => request_id ?? []))];
  const requests =
    ids.length === 0
      ? []
      : await toFacts(handle, await handle.selectFrom('requests').selectAll().where('id', 'in', ids).execute());
  const byId = new Map(requests.map((facts) => [facts.id, facts]));
  return rows.filter(({ person_id, request_id }) =>
    maySeeViewing(actor, { personId: person_id, request: byId.get(request_id ?? '') ?? null }),
  );
}

async function viewingRecords(handle: Handle, actor: Actor, ids: string[]): Records {
  if (ids.length === 0) return new Map();
  const all: ViewingRow[] = await handle.selectFrom('viewings').selectAll().where('id', 'in', ids).execute();
  const rows = await visibleViewings(handle, actor, all);
  if (rows.length === 0) return new Map();
  const seen = rows.map(({ id }) => id);
  const [people, snapshots, checkpoints] = await Promise.all([
    peopleOf(
      handle,
      rows.map((row) => row.person_id),
    ),
    handle
      .selectFrom('snapshots')
      .select(({ fn }) => ['viewing_id', fn.countAll<number>().as('count')])
      .where('viewing_id', 'in', seen)
      .groupBy('viewing_id')
      .execute(),
    handle.selectFrom('receipt_checkpoints').selectAll().where('viewing_id', 'in', seen).execute(),
  ]);
  const snapshotsOf = new Map(snapshots.map(({ viewing_id, count }) => [viewing_id, Number(count)]));
  const checkpointOf = new Map(checkpoints.map((row) => [row.viewing_id, row]));
  return new Map(
    rows.map((row) => {
      const end = row.end_json === null ? null : ViewingEnd.parse(JSON.parse(row.end_json));
      const checkpoint = checkpointOf.get(row.id);
      const viewing: ViewingRecord = {
        id: row.id,
        sessionId: row.session_id,
        kind: row.kind,
        requestId: row.request_id,
        viewer: people.get(row.person_id) ?? { id: row.person_id, userName: '', displayName: '' },
        startedAt: toInstant(row.started_at),
        endedAt: row.ended_at === null ? null : toInstant(row.ended_at),
        why: end?.why ?? null,
        watchedMs: row.watched_ms,
        shown: row.kind === 'recording' ? rangesOf(row.covered_json).slice(0, 5_000) : [],
        snapshots: snapshotsOf.get(row.id) ?? 0,
        receipts: checkpoint
          ? { count: checkpoint.sequence + 1, hash: (JSON.parse(checkpoint.checkpoint_json) as { hash: string }).hash }
          : null,
      };
      return [row.id, { what: 'viewing', viewing }];
    }),
  );
}

/** Sessions that a request or viewing speaks of which this person may see. */
async function sessionRecords(handle: Handle, actor: Actor, policy: Policy, ids: string[], nowMs: number): Records {
  if (ids.length === 0) return new Map();
  const referred = await sessionsReferredTo(handle, actor, ids);
  if (referred.length === 0) return new Map();
  const rows = await handle.selectFrom('sessions').selectAll().where('id', 'in', referred).execute();
  const sessions = await sessionsAsSeenBy(handle, actor, rows, nowMs);
  const watchable = sessions.filter(mayWatchNow).map(({ id }) => id);
  const commands = policy.notKept.includes('commands') ? new Map<string, string>() : await commandsOf(handle, watchable);
  return new Map(
    sessions.map((session) => {
      const mine = watchable.includes(session.id) && !policy.notKept.includes('commands') ? commands.get(session.id) : null;
      return [session.id, { what: 'session', session, commands: mine === undefined ? '' : mine }];
    }),
  );
}

async function sessionsReferredTo(handle: Handle, actor: Actor, ids: string[]): Promise<string[]> {
  // They are in the feed because something speaks of them, and all of it is theirs to see.
  if (seesEveryRequest(actor)) return ids;
  const requests = await handle.selectFrom('requests').selectAll().where('session_id', 'in', ids).execute();
  const facts = await toFacts(handle, requests);
  const found = new Set(facts.filter((one) => maySee(actor, one)).map(({ session }) => session.id));
  const rest = ids.filter((id) => !found.has(id));
  if (rest.length > 0) {
    const viewings = await handle
      .selectFrom('viewings')
      .select(['session_id', 'person_id', 'request_id'])
      .where('session_id', 'in', rest)
      .execute();
    for (const { session_id } of await visibleViewings(handle, actor, viewings)) found.add(session_id);
  }
  return [...found];
}

/** What was typed in sessions, a line each. */
async function commandsOf(handle: Handle, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await handle
    .selectFrom('session_events')
    .select(['session_id', 'text'])
    .where('session_id', 'in', ids)
    .where('type', '=', 'command')
    .orderBy('session_id')
    .orderBy('number')
    .execute();
  const texts = Map.groupBy(rows, (row) => row.session_id);
  return new Map([...texts].map(([id, lines]) => [id, cut(lines.map(({ text }) => text).join('\n'))]));
}

/** Never through the middle of a character. */
const cut = (text: string) => (text.length <= mostCommands ? text : text.slice(0, mostCommands).replace(/[\uD800-\uDBFF]$/u, ''));
