import { fail } from '../contract/failure.ts';
import type { SessionEvent } from '../contract/session.ts';
import type { MediaSource } from './media/source.ts';
import { insertEvents } from './session-events.ts';
import { addSession, type SessionFile } from './session-file.ts';
import { indexedText, readSession } from './sessions.ts';
import { type Database, fold, type Handle } from './store/database.ts';

/**
 * A running session has ended at `nowMs`; without its recording it is converting until it is given one. The viewings of its stream end with
 * it. Answers with false for a session that is neither running nor waiting for what is given. Fails with NOT_FOUND.
 */
export async function endSession(db: Database, id: string, nowMs: number, recording: MediaSource | null): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const session = await readSession(trx, id);
    if (session.state === 'live') {
      const durationMs = Math.max(0, nowMs - session.started_at);
      await trx
        .updateTable('sessions')
        .set({ state: 'converting', ended_at: nowMs, duration_ms: durationMs })
        .where('id', '=', id)
        .execute();
    } else if (session.state !== 'converting' || recording === null) return false;
    if (recording) await giveRecording(trx, id, recording);
    await tell(trx, id, nowMs);
    return true;
  });
}

/**
 * What an import does with the session of its file, once its recording is made: one that is not there yet is added, one that runs or has
 * waited for its recording is given it, its viewers told. Answers with false for one that has a recording, or never gets one.
 */
export async function recordSession(db: Database, file: SessionFile, recording: MediaSource, nowMs: number): Promise<boolean> {
  const there = await db.selectFrom('sessions').select('id').where('id', '=', file.id).executeTakeFirst();
  if (there) return endSession(db, file.id, nowMs, recording);
  if (!(await addSession(db, { ...file, state: 'recorded', recording }))) return false;
  await tell(db, file.id, nowMs);
  return true;
}

/** A session has its recording: it can be watched from now on. */
async function giveRecording(handle: Handle, id: string, recording: MediaSource): Promise<void> {
  await handle
    .updateTable('sessions')
    .set({ state: 'recorded', recording_json: JSON.stringify(recording) })
    .where('id', '=', id)
    .execute();
}

/** Writes down that a session has changed, for everyone who may see it. */
async function tell(handle: Handle, id: string, nowMs: number): Promise<void> {
  await handle.insertInto('events').values({ at: nowMs, type: 'session', subject: id, person_id: null }).execute();
}

/** Puts more events behind those of a session, with what is counted and searched of them. Fails with NOT_FOUND. */
export async function addSessionEvents(db: Database, id: string, added: readonly SessionEvent[], nowMs: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) return fail('NOT_FOUND', { what: 'session' });
    const last = await trx
      .selectFrom('session_events')
      .select(({ fn }) => fn.max('number').as('number'))
      .where('session_id', '=', id)
      .executeTakeFirst();
    const first = last?.number === null || last === undefined ? 0 : Number(last.number) + 1;
    if (added.length === 0) return;
    await insertEvents(trx, id, added, first);
    const count = (type: SessionEvent['type']) => added.filter((event) => event.type === type).length;
    await trx
      .updateTable('sessions')
      .set({ command_count: row.command_count + count('command'), alert_count: row.alert_count + count('alert') })
      .where('id', '=', id)
      .execute();
    const commands = await trx
      .selectFrom('session_events')
      .select('text')
      .where('session_id', '=', id)
      .where('type', '=', 'command')
      .orderBy('number')
      .execute();
    await trx.deleteFrom('sessions_text').where('rowid', '=', row.row_number).execute();
    const text = {
      rowid: row.row_number,
      metadata: indexedText(row),
      commands: fold(commands.map((command) => command.text).join('\n')),
    };
    await trx.insertInto('sessions_text').values(text).execute();
    await tell(trx, id, nowMs);
  });
}
