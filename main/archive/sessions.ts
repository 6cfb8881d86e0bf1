import { sealedText } from '../../contract/seal.ts';
import type { Session, SessionFilter, SessionPage, SessionQuery } from '../../contract/session.ts';
import { toMs } from '../../contract/time.ts';
import type { Json } from './calls.ts';
import { fromCursor, toCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { fold } from './words.ts';

const columns = {
  startedAt: 'started_at',
  user: 'user',
  device: 'device',
  credential: 'credential',
  durationMs: 'duration_ms',
} as const satisfies Record<SessionQuery['sort']['by'], string>;
const texts = ['id', 'user', 'credential', 'device', 'originIp', 'proxy', 'reason', 'justification'] as const;
const statementsKept = 64;

/** The sessions that are known here: the same filters, order and paging as at the gateway; commands are searched where they are known. */
export function sessionQueries(db: Database) {
  const upsert = db.prepare(
    `insert into sessions (id, started_at, user, device, credential, duration_ms, state, protocol, words, json, page)
     values (@id, @started_at, @user, @device, @credential, @duration_ms, @state, @protocol, @words, @json, @page)
     on conflict (id) do update set started_at = @started_at, user = @user, device = @device, credential = @credential, duration_ms = @duration_ms,
       state = @state, protocol = @protocol, words = @words, json = @json, page = @page
     where @json <> json or page is not @page`,
  );
  const one = db.prepare<[string], { json: string; page: number | null }>('select json, page from sessions where id = ?');
  const setCommands = db.prepare('insert or replace into session_commands values (?, ?)');
  const dropCommands = db.prepare('delete from session_commands where session_id = ?');
  const commandsOf = db.prepare<[string], string>('select commands from session_commands where session_id = ?').pluck();
  const setWords = db.prepare('update sessions set words = @words where id = @id and words <> @words');
  const remove = db.prepare('delete from sessions where id = ?');

  // Every form of filter is a statement of its own; the forms that people use are few.
  const prepared = new Map<string, ReturnType<typeof db.prepare<object, unknown>>>();
  /** The first column of each row. */
  function all<V>(sql: string, values: object): V[] {
    const statement = prepared.get(sql) ?? db.prepare<object, unknown>(sql).pluck();
    if (prepared.size >= statementsKept) prepared.clear();
    prepared.set(sql, statement);
    return statement.all(values) as V[];
  }

  return {
    /** `page` is the page of the feed that they are in; null for what came otherwise. */
    put: db.transaction((items: Session[], page: number | null = null) => {
      for (const session of items) {
        const there = page === null ? one.get(session.id) : undefined;
        const still = there ? pageStill(there, session) : null;
        upsert.run({ ...rowOf(session, commandsOf.get(session.id) ?? ''), page: page ?? still });
      }
    }),
    /** Commands that were typed in a session, a line each; null when this person may not know them. Answers whether they are others. */
    putCommands: db.transaction((id: string, commands: string | null): boolean => {
      if ((commandsOf.get(id) ?? null) === commands) return false;
      if (commands === null) dropCommands.run(id);
      else setCommands.run(id, commands);
      const kept = one.get(id);
      if (kept) setWords.run({ id, words: rowOf(JSON.parse(kept.json), commands ?? '').words });
      return true;
    }),
    /** Whether it was there. */
    remove: db.transaction((id: string): boolean => {
      dropCommands.run(id);
      return remove.run(id).changes > 0;
    }),
    get: (id: string): Json<Session | null> => one.get(id)?.json ?? 'null',
    page({ filter, sort, cursor, limit }: SessionQuery): Json<SessionPage> {
      const { where, values } = conditionsOf(filter);
      const column = columns[sort.by];
      const { direction } = sort;
      const position = cursor === undefined ? null : fromCursor(cursor);
      const rest = position === null ? '' : `and (${column}, id) ${direction === 'asc' ? '>' : '<'} (@at, @after)`;
      const rows = all<string>(
        `select json from sessions where ${where} ${rest} order by ${column} ${direction}, id ${direction} limit @limit`,
        { ...values, limit: limit + 1, ...(position !== null && { at: position[0], after: position[1] }) },
      );
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = rows.length > limit && last ? cursorAfter(JSON.parse(last), column) : null;
      const total = cursor === undefined ? all<number>(`select count(*) from sessions where ${where}`, values)[0] : undefined;
      return `{"items":[${shown.join(',')}],"nextCursor":${JSON.stringify(nextCursor)},"total":${total ?? null}}`;
    },
  };
}

/** The page of a session that is told again otherwise: it still holds unless more than this person's access to it is another. */
function pageStill(there: { json: string; page: number | null }, session: Session): number | null {
  if (there.page === null) return null;
  const text = (one: Session) => sealedText({ what: 'session', session: one, commands: null });
  return text(JSON.parse(there.json)) === text(session) ? there.page : null;
}

function cursorAfter(session: Session, column: (typeof columns)[keyof typeof columns]): string {
  return toCursor(rowOf(session, '')[column], session.id);
}

function rowOf(session: Session, commands: string) {
  const { id, user, device, credential, state, protocol } = session;
  return {
    id,
    user,
    device,
    credential,
    state,
    protocol,
    words: fold([...texts.map((name) => session[name]), protocol, commands].join('\n')),
    started_at: toMs(session.startedAt),
    // A session that runs has no duration yet; like null it comes before all others.
    duration_ms: session.durationMs ?? -1,
    json: JSON.stringify(session),
  };
}

function conditionsOf(filter: SessionFilter): { where: string; values: Record<string, string | number> } {
  const conditions: string[] = [];
  const values: Record<string, string | number> = {};
  const add = (value: string | number, condition: (name: string) => string) => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    conditions.push(condition(`@${name}`));
  };
  // The index finds parts of three characters and more; fewer are looked for in the text itself.
  const inWords = (folded: string) => {
    if ([...folded].length >= 3 && !folded.includes('\0')) {
      add(
        `"${folded.replaceAll('"', '""')}"`,
        (value) => `rowid in (select rowid from sessions_text where sessions_text match ${value})`,
      );
    } else add(folded, (value) => `instr(words, ${value}) > 0`);
  };
  for (const word of filter.text?.split(/\s+/).filter((one) => one !== '') ?? []) inWords(fold(word));
  for (const name of texts) {
    const text = filter[name];
    if (!text) continue;
    inWords(fold(text));
    add(fold(text), (value) => `instr(fold(json ->> '$.${name}'), ${value}) > 0`);
  }
  if (filter.startedFrom) add(toMs(filter.startedFrom), (value) => `started_at >= ${value}`);
  if (filter.startedUntil) add(toMs(filter.startedUntil), (value) => `started_at < ${value}`);
  if (filter.protocols?.length)
    add(JSON.stringify(filter.protocols), (value) => `protocol in (select value from json_each(${value}))`);
  if (filter.states?.length) add(JSON.stringify(filter.states), (value) => `state in (select value from json_each(${value}))`);
  return { where: conditions.join(' and ') || 'true', values };
}
