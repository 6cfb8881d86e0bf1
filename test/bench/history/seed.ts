import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { openEncrypted } from '../../../main/archive/database.ts';
import { queriesOf } from '../../../main/archive/handlers.ts';
import { archiveMigrations, draftsMigrations } from '../../../main/archive/migrations.ts';
import { makeArchive } from './words.ts';

/** Beside the runtimes that are kept between clones (scripts/lib/steps.mjs). */
const cache =
  process.getuid?.() === 0
    ? '/var/cache/oversight'
    : path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'oversight');

export const key = 'a1'.repeat(32);
export const many = { requests: 1_000_000, sessions: 200_000 };

/** What an archive is made with: one that was made with another schema, other words or other rows of them is never used. */
const edition = [
  ...archiveMigrations,
  ...['words.ts', '../../../main/archive/words.ts', '../../../main/archive/request-row.ts'].map((file) =>
    readFileSync(path.join(import.meta.dirname, file), 'utf8'),
  ),
]
  .reduce((hash, text) => hash.update(text).update('\0'), createHash('sha256'))
  .digest('hex')
  .slice(0, 12);

/** The folder with the seeded archive, as files named `name`, made once: an archive of a million requests takes many minutes. */
export function seeded({ requests, sessions } = many): { folder: string; name: string } {
  const name = 'seeded';
  const folder = path.join(cache, 'bench-history', `${requests}-${sessions}-${edition}`);
  if (existsSync(folder)) return { folder, name };
  const making = `${folder}.making-${process.pid}`;
  mkdirSync(making, { recursive: true });
  const opened = openEncrypted(path.join(making, `${name}.archive`), key, archiveMigrations);
  // It is begun anew if it is not finished.
  opened.db.pragma('synchronous = OFF');
  opened.db.pragma('journal_mode = OFF');
  opened.db.pragma('cache_size = -262144');
  fill(queriesOf(opened, openEncrypted(path.join(making, `${name}.drafts`), key, draftsMigrations)), requests, sessions);
  opened.db.close();
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return { folder, name };
}

function fill(queries: ReturnType<typeof queriesOf>, requests: number, sessions: number): void {
  const made = makeArchive(requests, sessions);
  const atOnce = 20_000;
  for (let from = 0; from < sessions; from += atOnce) queries.sessions.put(made.sessions.slice(from, from + atOnce));
  // The commands of a session are known where its recording may be watched.
  for (let number = 0; number < sessions; number += 50)
    queries.sessions.putCommands(made.sessions[number]?.id ?? '', made.commands());
  for (let from = 0; from < requests; from += atOnce) {
    const items = Array.from({ length: Math.min(atOnce, requests - from) }, (_, number) => made.request(from + number));
    queries.requests.put(items);
    queries.viewings.put(items.map(made.viewing).filter((viewing) => viewing !== null));
  }
}
