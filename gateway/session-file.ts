import { z } from 'zod';
import { Protocol, SessionEvent, SessionState } from '../contract/session.ts';
import { Instant, toMs } from '../contract/time.ts';
import { MediaSource } from './media/source.ts';
import { insertEvents } from './session-events.ts';
import { indexedText } from './sessions.ts';
import { type Database, fold } from './store/database.ts';

/** A session as a PAM system hands it over: what `session add` reads. */
export const SessionFile = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  user: z.string(),
  /** The user name of the account whose session it is, if that person has one here. */
  recordedUserName: z.string().nullable().default(null),
  credential: z.string(),
  device: z.string(),
  originIp: z.string(),
  protocol: Protocol,
  proxy: z.string().default(''),
  startedAt: Instant,
  durationMs: z.number().int().nonnegative().nullable(),
  state: SessionState,
  reason: z.string().default(''),
  justification: z.string().default(''),
  /** The approval route, by name. */
  route: z.string(),
  events: z.array(SessionEvent).default([]),
  recording: MediaSource.nullable().default(null),
  livestream: MediaSource.nullable().default(null),
});
export type SessionFile = z.infer<typeof SessionFile>;

/** Puts a session into the store with its events and its search text. A session of that id is left as it is. */
export async function addSession(db: Database, file: SessionFile): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    if (await trx.selectFrom('sessions').select('id').where('id', '=', file.id).executeTakeFirst()) return false;
    const route = await trx.selectFrom('routes').select('id').where('name', '=', file.route).executeTakeFirstOrThrow();
    const person = file.recordedUserName
      ? await trx.selectFrom('accounts').select('person_id').where('user_name', '=', file.recordedUserName).executeTakeFirst()
      : undefined;
    const started_at = toMs(file.startedAt);
    const commands = file.events.filter((event) => event.type === 'command');
    const row = {
      id: file.id,
      user: file.user,
      recorded_person_id: person?.person_id ?? null,
      credential: file.credential,
      device: file.device,
      protocol: file.protocol,
      origin_ip: file.originIp,
      proxy: file.proxy,
      started_at,
      ended_at: file.durationMs === null ? null : started_at + file.durationMs,
      duration_ms: file.durationMs,
      state: file.state,
      reason: file.reason,
      justification: file.justification,
      route_id: route.id,
      command_count: commands.length,
      alert_count: file.events.filter((event) => event.type === 'alert').length,
      recording_json: file.recording && JSON.stringify(file.recording),
      livestream_json: file.livestream && JSON.stringify(file.livestream),
    };
    const { insertId } = await trx.insertInto('sessions').values(row).executeTakeFirstOrThrow();
    const text = {
      rowid: Number(insertId),
      metadata: indexedText(row),
      commands: fold(commands.map((event) => event.text).join('\n')),
    };
    await trx.insertInto('sessions_text').values(text).execute();
    await insertEvents(trx, file.id, file.events, 0);
    return true;
  });
}
