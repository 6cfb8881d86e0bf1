import { randomUUID } from 'node:crypto';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { TestGateway } from './gateway.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const askers = ['Marta Reis', 'Diego Alves', 'Yuki Tanaka', 'Clara Nogueira', 'Helena Melo', 'Otto Klein'];
const deciders = ['Paulo Nunes', 'Ana Prado'];
const reasons = [
  ['incident', 'Incident investigation'],
  ['audit', 'Periodic audit'],
  ['fraud', 'Suspected fraud'],
  ['change', 'Change review'],
  ['training', 'Training'],
] as const;
const justifications = [
  'Checkout was down from 22:14 to 22:31; need to see which file was edited before the restart.',
  'Quarterly review of privileged sessions on the payment databases.',
  'Two invoices were changed outside of business hours; comparing with what was typed.',
  'Verifying that change CHG-4410 was carried out as it was approved.',
  'Revisão da alteração de firewall feita na madrugada de sábado.',
  '核对周五晚上的配置变更。',
  'A service account signed in from an address that is not ours.',
];
const comments = {
  approve: ['Go ahead, and tell us what you find.', 'Fine, within the window.', '', 'Approved; keep it to the last hour.'],
  reject: ['Please name the ticket first.', 'This is not about the incident: ask for the other session.'],
  revoke: ['Enough was seen.'],
};

/**
 * Writes requests of the last `days` days into a gateway's store, with decisions and viewings, as people would have made them. The same
 * number gives the same history. What is written goes to its clients as any change does.
 */
export function writePastRequests({ dataDir }: Pick<TestGateway, 'dataDir'>, count: number, days = 80, nowMs = Date.now()): void {
  const db = new Sqlite(path.join(dataDir, 'gateway.sqlite'));
  db.pragma('busy_timeout = 10000');
  let seed = 7;
  const dice = (sides: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % sides;
  };
  const pick = <T>(items: readonly T[]): T => items[dice(items.length)] as T;
  const people = new Map(
    db
      .prepare<[], { name: string; person: string; account: string }>(
        'select display_name as name, person_id as person, min(accounts.id) as account from people join accounts on person_id = people.id group by person_id',
      )
      .all()
      .map((one) => [one.name, one]),
  );
  const person = (name: string) => people.get(name) ?? { person: '', account: '' };
  const sessions = db
    .prepare<[], { id: string; duration_ms: number | null; route_id: string }>(
      "select id, duration_ms, route_id from sessions where recording_json is not null and state <> 'live' order by id",
    )
    .all();
  const levels = db.prepare<[string], { level: number; id: string; name: string; needed: number }>(
    'select level, group_id as id, name, needed from route_levels join approver_groups on approver_groups.id = group_id where route_id = ? order by level',
  );
  const insert = (table: string, row: Record<string, unknown>) => {
    const names = Object.keys(row);
    db.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`).run(row);
  };
  const familyOf = (account: string): string => {
    const id = `past-${account}`;
    db.prepare('insert or ignore into sign_in_families (id, account_id, created_at, ended_at) values (?, ?, ?, ?)').run(
      id,
      account,
      nowMs - days * day,
      nowMs,
    );
    return id;
  };

  const write = db.transaction(() => {
    for (let number = 0; number < count; number += 1) {
      const session = pick(sessions);
      const asker = person(pick(askers));
      const age = Math.round((number / count) * days * day) + dice(5 * hour) + 2 * hour;
      const createdAt = nowMs - age;
      const deadline = createdAt + hour;
      const start = createdAt + 5 * minute;
      const end = start + (1 + dice(3)) * hour;
      const [reasonId, reasonLabel] = pick(reasons);
      const fate = dice(20);
      const status = fate < 12 ? 'approved' : fate < 15 ? 'rejected' : fate < 17 ? 'expired' : fate < 18 ? 'canceled' : 'revoked';
      const decided = status === 'approved' || status === 'rejected' || status === 'revoked';
      const verdict = status === 'rejected' ? 'reject' : 'approve';
      const decidedAt = createdAt + 2 * minute + dice(40 * minute);
      const decider = person(pick(deciders));
      const stateAt = {
        approved: decidedAt,
        rejected: decidedAt,
        expired: deadline,
        canceled: createdAt + 9 * minute,
        revoked: Math.max(start, decidedAt) + 20 * minute,
      }[status];
      const id = randomUUID();
      const comment = pick(comments[verdict]);
      insert('requests', {
        id,
        version: 2,
        kind: 'recording',
        session_id: session.id,
        requester_person_id: asker.person,
        requester_account_id: asker.account,
        justification: pick(justifications),
        reason_id: reasonId,
        reason_label: reasonLabel,
        governance_code: dice(3) === 0 ? null : `${pick(['INC', 'CHG'])}-${20_000 + dice(900)}`,
        asked_start: start,
        asked_end: end,
        start_at: start,
        end_at: end,
        created_at: createdAt,
        deadline,
        levels_json: JSON.stringify(
          levels
            .all(session.route_id)
            .slice(0, 1)
            .map(({ level, needed, ...group }) => ({ level, group, needed: Math.min(1, needed) })),
        ),
        status,
        level: 1,
        state_at: stateAt,
        state_person_id: status === 'rejected' || status === 'revoked' ? decider.person : null,
        state_comment: status === 'rejected' ? comment : status === 'revoked' ? pick(comments.revoke) : null,
      });
      if (decided)
        insert('decisions', {
          request_id: id,
          person_id: decider.person,
          level: 1,
          verdict,
          comment,
          at: decidedAt,
          version: 1,
          narrowed: 0,
        });
      if ((status === 'approved' || status === 'revoked') && dice(4) > 0) {
        const length = session.duration_ms ?? 8 * minute;
        const from = dice(Math.max(1, Math.floor(length / 3)));
        const startedAt = Math.max(start, decidedAt) + 2 * minute;
        const watched = Math.min(Math.floor(length / 2), 15 * minute);
        insert('viewings', {
          id: randomUUID(),
          account_id: asker.account,
          person_id: asker.person,
          family_id: familyOf(asker.account),
          session_id: session.id,
          kind: 'recording',
          request_id: id,
          lease_id: randomUUID().replaceAll('-', ''),
          lease_expires_at: startedAt + watched,
          started_at: startedAt,
          ended_at: startedAt + watched,
          end_json: JSON.stringify({
            why: 'closed',
            at: new Date(startedAt + watched).toISOString(),
            by: null,
            comment: null,
            failure: null,
          }),
          covered_json: JSON.stringify([{ fromMs: from, toMs: from + watched }]),
          watched_ms: watched,
        });
      }
    }
  });
  write();
  db.close();
}
