import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Protocol, SessionEvent } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { hashPassword } from '../identity/passwords.ts';
import { accountNamed, addAccount, groupNamed } from '../people.ts';
import { addSession, type SessionFile } from '../session-file.ts';
import type { Database } from '../store/database.ts';
import { databases, demoAccounts, demoOneTimeSecret, demoPassword, finance, infrastructure, security } from './people.ts';
import { furtherSessions } from './sessions.ts';

const recordings = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../assets/recordings');

/** A recording's session.json, as scripts/make-recordings.mjs writes it. */
const Recording = z.object({
  id: z.string(),
  user: z.string(),
  credential: z.string(),
  device: z.string(),
  originIp: z.string(),
  protocol: Protocol,
  proxy: z.string(),
  durationMs: z.number().int(),
  reason: z.string().default(''),
  justification: z.string().default(''),
  route: z.string().default(infrastructure),
  events: z.array(SessionEvent),
});

const minute = 60_000;
const hour = 60 * minute;
/** How long before seeding each recorded session began, newest first. */
const ages = [2.7 * hour, 4.3 * hour, 16 * hour, 20 * hour, 27 * hour, 50 * hour];

/** What people have noted in recordings: the session, where in it, who, what, and how long before seeding. */
const comments = [
  ['4f1aa', 43_500, 'clara.nogueira', 'One second is far too short. From here on checkout answers with errors.', 90 * minute],
  ['4f1aa', 125_100, 'diego.alves', 'He finds it himself and puts the old file back. 90 seconds in all.', 40 * minute],
  ['4f1d0', 51_700, 'clara.nogueira', 'The ticket asks for totals by city. These are names and addresses.', 14 * hour],
  ['4f1d0', 69_800, 'diego.alves', 'The whole table goes to a file, not only Recife. Where is that file now?', 13 * hour],
] as const;

/** Demo people, sessions and recordings. What is there already is left as it is. */
export async function seedDemo(db: Database, nowMs = Date.now()): Promise<void> {
  if (!(await accountNamed(db, 'marta.reis'))) await seedPeople(db);
  if (await db.selectFrom('sessions').select('id').limit(1).executeTakeFirst()) return;
  const names = existsSync(recordings)
    ? readdirSync(recordings)
        .filter((name) => existsSync(path.join(recordings, name, 'session.json')))
        .sort()
    : [];
  for (const [index, name] of names.entries()) {
    const folder = path.join(recordings, name);
    const { events, ...recorded } = Recording.parse(JSON.parse(readFileSync(path.join(folder, 'session.json'), 'utf8')));
    await addSession(db, {
      ...recorded,
      recordedUserName: recorded.user,
      startedAt: toInstant(nowMs - (ages[index % ages.length] ?? hour)),
      state: 'recorded',
      events,
      recording: { type: 'folder', path: folder },
      livestream: null,
    });
    if (index === 0) await addSession(db, liveSession(folder, nowMs));
  }
  await seedComments(db, nowMs);
  for (const session of furtherSessions(nowMs)) await addSession(db, session);
}

async function seedComments(db: Database, nowMs: number): Promise<void> {
  const there = await db.selectFrom('sessions').select('id').execute();
  for (const [sessionId, atMs, userName, text, ageMs] of comments) {
    const author = await accountNamed(db, userName);
    if (!author || !there.some(({ id }) => id === sessionId)) continue;
    await db
      .insertInto('comments')
      .values({
        id: randomUUID(),
        session_id: sessionId,
        person_id: author.person_id,
        account_id: author.id,
        at_ms: atMs,
        text,
        created_at: nowMs - ageMs,
        withdrawn_at: null,
      })
      .execute();
  }
}

/** A session that never ends: a recording that plays for ever as if it were live. */
function liveSession(folder: string, nowMs: number): SessionFile {
  return {
    id: '4f21c',
    user: 'jsouza',
    recordedUserName: 'jsouza',
    credential: 'root',
    device: 'db-prod-03',
    originIp: '10.4.1.22',
    protocol: 'SSH',
    proxy: 'proxy-1',
    startedAt: toInstant(nowMs - 4 * minute),
    durationMs: null,
    state: 'live',
    reason: 'Maintenance',
    justification: 'Checking replication lag',
    route: infrastructure,
    events: [],
    recording: null,
    livestream: { type: 'live-loop', path: folder },
  };
}

async function seedPeople(db: Database): Promise<void> {
  // One hash for all of them: it is the same password, and each hash takes a third of a second.
  const passwordHash = await hashPassword(demoPassword);
  await db.transaction().execute(async (trx) => {
    for (const { personOf, oneTimeCode, ...account } of demoAccounts) {
      const owner = personOf ? await accountNamed(trx, personOf) : undefined;
      await addAccount(trx, {
        ...account,
        passwordHash,
        personId: owner?.person_id,
        totpSecret: oneTimeCode ? demoOneTimeSecret : undefined,
      });
    }
    const routes = {
      [infrastructure]: [[infrastructure, 1]],
      'Databases, two levels': [
        [databases, 1],
        [security, 1],
      ],
      [finance]: [[finance, 1]],
    } as const;
    for (const [name, levels] of Object.entries(routes)) {
      const route_id = randomUUID();
      await trx.insertInto('routes').values({ id: route_id, name }).execute();
      for (const [index, [group, needed]] of levels.entries()) {
        await trx
          .insertInto('route_levels')
          .values({ route_id, level: index + 1, group_id: await groupNamed(trx, group), needed })
          .execute();
      }
    }
  });
}
