import { randomUUID } from 'node:crypto';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { TestGateway } from './gateway.ts';

/** Writes into a gateway's store as another process: what is committed is told to its clients at once. */
export type Writer = {
  /** Copies a request so many times, each with an event of its own, in one transaction. Answers with the new ids. */
  copy(requestId: string, count: number): string[];
  close(): void;
};

/** A second hand on the store of a running gateway, for numbers of requests that no person could make. */
export function openWriter({ dataDir }: TestGateway): Writer {
  const db = new Sqlite(path.join(dataDir, 'gateway.sqlite'));
  db.pragma('busy_timeout = 10000');
  const columns = db
    .prepare<[], { name: string }>("select name from pragma_table_info('requests') where name <> 'id'")
    .all()
    .map(({ name }) => name)
    .join(', ');
  const insert = db.prepare(`insert into requests (id, ${columns}) select ?, ${columns} from requests where id = ?`);
  const spread = db.prepare('update requests set created_at = created_at - ?, deadline = deadline + ? where id = ?');
  const tell = db.prepare("insert into events (at, type, subject, person_id) values (?, 'request', ?, null)");
  let made = 0;
  const copy = db.transaction((requestId: string, count: number) =>
    Array.from({ length: count }, () => {
      const id = randomUUID();
      made += 1;
      insert.run(id, requestId);
      spread.run(made, made, id);
      tell.run(Date.now(), id);
      return id;
    }),
  );
  return { copy: (requestId, count) => copy(requestId, count), close: () => void db.close() };
}
