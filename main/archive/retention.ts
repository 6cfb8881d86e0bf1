import type { Database } from './database.ts';
import { firstRowAt } from './request-row.ts';
import { breathe } from './search.ts';

const rowsAtOnce = 100;

/** Removes what is older than it may be kept. */
export function retentionQueries(db: Database) {
  // What is still going on has not had its last change.
  const requests = db.prepare<object, { row: number; id: string; old: number }>(
    `select row, id, changed_at < @untilMs and not (status = 'pending' and due_at > @nowMs) and not (status = 'approved' and end_at > @nowMs) as old
     from requests where row > @after and row < @before order by row limit ${rowsAtOnce}`,
  );
  const removeRequest = db.prepare('delete from requests where row = ?');
  const removeViewingsOf = db.prepare('delete from viewings where request_id = ?');
  const viewings = db.prepare<object, { rowid: number; id: string; old: number }>(
    `select rowid, id, changed_at < @untilMs and request_row is null as old from viewings where rowid > @after order by rowid limit ${rowsAtOnce}`,
  );
  const removeViewing = db.prepare('delete from viewings where id = ?');
  const sessions = db.prepare<object, { started_at: number; id: string; old: number }>(
    `select started_at, id, not exists (select 1 from requests where session_id = sessions.id)
       and not exists (select 1 from viewings where session_id = sessions.id) as old
     from sessions where (started_at, id) > (@after, @id) and started_at < @untilMs order by started_at, id limit ${rowsAtOnce}`,
  );
  const removeCommands = db.prepare('delete from session_commands where session_id = ?');
  const removeSession = db.prepare('delete from sessions where id = ?');
  const inOne = db.transaction((work: () => void) => work());

  return {
    /**
     * Removes requests whose last change, viewings whose end and sessions whose start lie before `untilMs` (gateway time), unless something
     * that stays refers to them or a request is still going on at `nowMs`. Answers with the ids of the requests that are gone.
     */
    async expire(untilMs: number, nowMs: number): Promise<string[]> {
      const gone: string[] = [];
      for (let after = Number.MIN_SAFE_INTEGER; ; ) {
        const some = requests.all({ after, before: firstRowAt(untilMs), untilMs, nowMs });
        inOne(() => {
          for (const { row, id, old } of some) {
            if (!old) continue;
            removeViewingsOf.run(id);
            removeRequest.run(row);
            gone.push(id);
          }
        });
        if (some.length < rowsAtOnce) break;
        after = some.at(-1)?.row ?? after;
        await breathe();
      }
      for (let after = 0; ; ) {
        const some = viewings.all({ after, untilMs });
        inOne(() => {
          for (const { id, old } of some) if (old) removeViewing.run(id);
        });
        if (some.length < rowsAtOnce) break;
        after = some.at(-1)?.rowid ?? after;
        await breathe();
      }
      for (let [after, id] = [Number.MIN_SAFE_INTEGER, '']; ; ) {
        const some = sessions.all({ after, id, untilMs });
        inOne(() => {
          for (const { id: one, old } of some) {
            if (!old) continue;
            removeCommands.run(one);
            removeSession.run(one);
          }
        });
        const last = some.at(-1);
        if (some.length < rowsAtOnce || !last) break;
        [after, id] = [last.started_at, last.id];
        await breathe();
      }
      return gone;
    },
  };
}
