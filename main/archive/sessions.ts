import type { Session, SessionFilter, SessionPage, SessionQuery } from '../../contract/session.ts';
import { toMs } from '../../contract/time.ts';
import type { Database } from './database.ts';

/** The sessions that were seen here: the same filters, order and paging as at the gateway, without its search of commands. */
export function sessionQueries(db: Database) {
  const insert = db.prepare(
    'insert or replace into sessions values (@id, @started_at, @user, @device, @credential, @duration_ms, @state, @protocol, @words, @json)',
  );
  const put = db.transaction((items: Session[]) => {
    for (const session of items) {
      const { id, user, device, credential, state, protocol } = session;
      const words = fold([id, user, credential, device, protocol, session.originIp, session.proxy, session.reason, session.justification].join('\n'));
      const row = { id, user, device, credential, state, protocol, words, started_at: toMs(session.startedAt), duration_ms: session.durationMs ?? -1 };
      insert.run({ ...row, json: JSON.stringify(session) });
    }
  });
  const one = db.prepare<[string], { json: string }>('select json from sessions where id = ?');

  return {
    put,
    get: (id: string): Session | null => JSON.parse(one.get(id)?.json ?? 'null'),
    page({ filter, sort, cursor, limit }: SessionQuery): SessionPage {
      const { where, values } = conditionsOf(filter);
      const column = columns[sort.by];
      const position = cursor === undefined ? null : (JSON.parse(cursor) as [string | number, string]);
      const after = position ? `and (${column}, id) ${sort.direction === 'asc' ? '>' : '<'} (@at, @after)` : '';
      const rows = db
        .prepare<object, { json: string; at: string | number; id: string }>(
          `select json, ${column} as at, id from sessions where ${where} ${after} order by ${column} ${sort.direction}, id ${sort.direction} limit @limit`,
        )
        .all({ ...values, limit: limit + 1, at: position?.[0], after: position?.[1] });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const total = cursor === undefined ? db.prepare<object, { total: number }>(`select count(*) as total from sessions where ${where}`).get(values) : null;
      return {
        items: JSON.parse(`[${shown.map((row) => row.json).join(',')}]`),
        nextCursor: rows.length > limit && last ? JSON.stringify([last.at, last.id]) : null,
        total: total?.total ?? null,
      };
    },
  };
}

const columns: Record<SessionQuery['sort']['by'], string> = {
  startedAt: 'started_at',
  user: 'user',
  device: 'device',
  credential: 'credential',
  durationMs: 'duration_ms',
};

function conditionsOf(filter: SessionFilter): { where: string; values: Record<string, string | number> } {
  const conditions = ['true'];
  const values: Record<string, string | number> = {};
  const add = (condition: (name: string) => string, value: string | number) => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    conditions.push(condition(`@${name}`));
  };
  for (const name of ['id', 'user', 'credential', 'device', 'originIp', 'proxy', 'reason', 'justification'] as const) {
    const text = filter[name];
    if (text) add((value) => `instr(fold(json ->> '$.${name}'), ${value}) > 0`, fold(text));
  }
  for (const word of filter.text?.split(/\s+/).filter((one) => one !== '') ?? []) add((value) => `instr(words, ${value}) > 0`, fold(word));
  if (filter.startedFrom) add((value) => `started_at >= ${value}`, toMs(filter.startedFrom));
  if (filter.startedUntil) add((value) => `started_at < ${value}`, toMs(filter.startedUntil));
  if (filter.protocols?.length) add((value) => `protocol in (select value from json_each(${value}))`, JSON.stringify(filter.protocols));
  if (filter.states?.length) add((value) => `state in (select value from json_each(${value}))`, JSON.stringify(filter.states));
  return { where: conditions.join(' and '), values };
}

/** Text without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
