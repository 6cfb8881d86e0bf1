import { readdirSync } from 'node:fs';
import path from 'node:path';
import { RequestQuery } from '../../contract/request.ts';
import { SessionQuery } from '../../contract/session.ts';
import type { ArchiveCallName, ArchiveCalls, ArchiveNotice } from '../../main/archive/calls.ts';
import { answerTo, createArchiveHandlers } from '../../main/archive/handlers.ts';

export const archiveKey = Buffer.alloc(32, 7);

/** What the archive's process does, in this one: when it would end itself because of damage, another stands in for it, as in the app. */
export function keptFiles(folder: string, key: string | null = archiveKey.toString('hex')) {
  let handlers = createArchiveHandlers();
  const notices: ArchiveNotice[] = [];
  const files = {
    /** Everything that had to be said so far. */
    notices,
    async call<N extends ArchiveCallName>(name: N, input: ArchiveCalls[N]['input']): Promise<ArchiveCalls[N]['output']> {
      for (let tries = 1; ; tries += 1) {
        const answer = await answerTo(handlers, { id: tries, name, input });
        if (answer && 'json' in answer) return JSON.parse(answer.json);
        if (answer) throw new Error(answer.error);
        if (tries > 1) throw new Error(`two processes have ended because of ${name}`);
        await handlers.close({});
        handlers = createArchiveHandlers();
        await files.open();
      }
    },
    async open() {
      notices.push(...(await files.call('open', { folder, name: 'one', key })).notices);
    },
    close: () => files.call('close', {}),
  };
  return files;
}

export type KeptFiles = ReturnType<typeof keptFiles>;

/** Every request, session and draft that is there, as text by its id. */
export async function everythingIn(files: KeptFiles): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let cursor: string | undefined; ; ) {
    const query = RequestQuery.parse({ scope: 'all', limit: 500, ...(cursor !== undefined && { cursor }) });
    const page = await files.call('requests.list', { query, personId: 'p-me', nowMs: 0 });
    for (const request of page.items) found.set(`request ${request.id}`, JSON.stringify(request));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  for (let cursor: string | undefined; ; ) {
    const page = await files.call('sessions.page', SessionQuery.parse({ limit: 500, ...(cursor !== undefined && { cursor }) }));
    for (const session of page.items) found.set(`session ${session.id}`, JSON.stringify(session));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  for (const [id, text] of await draftsIn(files)) found.set(id, text);
  return found;
}

export async function draftsIn(files: KeptFiles): Promise<Map<string, string>> {
  const { items } = await files.call('drafts.unsent', {});
  return new Map(items.map((item) => [`draft ${item.draft.sessionId}`, JSON.stringify(item)]));
}

export const asideIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.includes('.unreadable-'))
    .map((name) => path.join(folder, name));
