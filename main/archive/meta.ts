import type { Database } from './database.ts';

/** Single values by name: who was signed in, the policy as last heard, when all of it was true. */
export function metaQueries(db: Database) {
  const select = db.prepare<[string], { value: string }>('select value from meta where name = ?');
  const upsert = db.prepare('insert or replace into meta values (?, ?)');
  return {
    get: (name: string): string | null => select.get(name)?.value ?? null,
    put: (name: string, value: string) => void upsert.run(name, value),
  };
}
