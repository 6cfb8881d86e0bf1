import { rmSync } from 'node:fs';
import path from 'node:path';
import type { ArchiveHandlers, ArchiveNotice } from './calls.ts';
import { filesOf, openEncrypted, type Opened } from './database.ts';
import { draftQueries } from './drafts.ts';
import { archiveMigrations, draftsMigrations } from './migrations.ts';
import { requestQueries } from './requests.ts';
import { fold, sessionQueries } from './sessions.ts';

/** What the archive's process does for each call. Two files for each account: what can be fetched again, and what cannot. */
export function createArchiveHandlers(): ArchiveHandlers {
  let open: ReturnType<typeof queries> | null = null;
  const opened = () => {
    if (open === null) throw new Error('the archive is not open');
    return open;
  };
  const close = () => {
    open?.close();
    open = null;
  };
  return {
    open({ folder, name, key }) {
      close();
      const archive = openEncrypted(path.join(folder, `${name}.archive`), key, archiveMigrations);
      const drafts = openEncrypted(path.join(folder, `${name}.drafts`), key, draftsMigrations);
      open = queries(archive, drafts);
      return { notice: noticeOf(archive.state, drafts.state) };
    },
    close() {
      close();
      return {};
    },
    wipe({ folder, name }) {
      close();
      for (const suffix of ['archive', 'drafts']) for (const file of filesOf(path.join(folder, `${name}.${suffix}`))) rmSync(file, { force: true });
      return {};
    },
    'requests.put': ({ items }) => (opened().requests.put(items), {}),
    'requests.replace': ({ items }) => (opened().requests.replace(items), {}),
    'requests.list': ({ query, personId, nowMs }) => opened().requests.list(query, personId, nowMs),
    'requests.get': ({ id }) => ({ request: opened().requests.get(id) }),
    'sessions.put': ({ items }) => (opened().sessions.put(items), {}),
    'sessions.page': (query) => opened().sessions.page(query),
    'sessions.get': ({ id }) => ({ session: opened().sessions.get(id) }),
    'drafts.get': ({ sessionId, kind }) => ({ draft: opened().drafts.get(sessionId, kind) }),
    'drafts.put': (draft) => (opened().drafts.put(draft), {}),
    'drafts.drop': ({ sessionId, kind }) => (opened().drafts.drop(sessionId, kind), {}),
    'meta.get': ({ name }) => ({ value: opened().meta.get(name) }),
    'meta.put': ({ name, value }) => (opened().meta.put(name, value), {}),
  };
}

function queries({ db }: Opened, drafts: Opened) {
  db.function('fold', { deterministic: true }, (text) => fold(String(text ?? '')));
  const select = db.prepare<[string], { value: string }>('select value from meta where name = ?');
  const upsert = db.prepare('insert or replace into meta values (?, ?)');
  return {
    requests: requestQueries(db),
    sessions: sessionQueries(db),
    drafts: draftQueries(drafts.db),
    meta: {
      get: (name: string) => select.get(name)?.value ?? null,
      put: (name: string, value: string) => void upsert.run(name, value),
    },
    close() {
      db.close();
      drafts.db.close();
    },
  };
}

function noticeOf(...states: Opened['state'][]): ArchiveNotice {
  if (states.includes('in-memory')) return 'archive-in-memory';
  if (states.includes('too-new')) return 'archive-too-new';
  return states.includes('rebuilt') ? 'archive-rebuilt' : null;
}
