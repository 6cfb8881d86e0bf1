import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ArchiveAnswer, type ArchiveAsk, type ArchiveHandlers, type ArchiveNotice, type Json, json } from './calls.ts';
import { changeQueries } from './changes.ts';
import { isDamage, isFileDamaged, type Opened, openEncrypted } from './database.ts';
import { draftQueries } from './drafts.ts';
import { exportQueries } from './exports.ts';
import { historyQueries } from './history.ts';
import { keepJournal } from './journal.ts';
import { keptName, setAside, takeBack } from './kept-receipts.ts';
import { metaQueries } from './meta.ts';
import { archiveMigrations, draftsMigrations } from './migrations.ts';
import { narrowJson } from './narrow.ts';
import { receiptQueries } from './receipts.ts';
import { requestQueries } from './requests.ts';
import { rescue } from './rescue.ts';
import { retentionQueries } from './retention.ts';
import { sealQueries } from './seals.ts';
import { sessionQueries } from './sessions.ts';
import { viewingQueries } from './viewings.ts';
import { fold } from './words.ts';

/** How long a look at every page of a large file is good for. */
const lookedForMs = 7 * 24 * 3_600_000;
/** While it is there, the files are looked at wholly when they are opened. */
const suspectFile = (folder: string, name: string) => path.join(folder, `${name}.suspect`);

/** The answer to what has nothing to say but that it is done. */
const done = (_finished?: unknown): Json<{}> => '{}';

/** What the archive's process does for each call. Two files for each account: what can be fetched again, and what cannot. */
export function createArchiveHandlers(): ArchiveHandlers {
  let open: ReturnType<typeof queriesOf> | null = null;
  let openedAs: { folder: string; name: string } | null = null;
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
      const suspect = suspectFile(folder, name);
      const openFiles = () => {
        const archive = openEncrypted(path.join(folder, `${name}.archive`), key, archiveMigrations, existsSync(suspect));
        try {
          const drafts = openEncrypted(path.join(folder, `${name}.drafts`), key, draftsMigrations, true);
          if (drafts.aside && key) rescue(drafts.aside, key, drafts.db);
          open = queriesOf(archive, drafts);
          rmSync(suspect, { force: true });
          const looked = archive.looked || Date.now() - Date.parse(open.meta.get('looked') ?? '') < lookedForMs;
          return json({ notices: noticesOf(archive, drafts, open.meta.get('user') !== null), looked });
        } catch (error) {
          archive.db.close();
          throw error;
        }
      };
      openedAs = key === null ? null : { folder, name };
      try {
        return openFiles();
      } catch (error) {
        if (!isDamage(error) || existsSync(suspect)) throw error;
        writeFileSync(suspect, '');
        return openFiles();
      }
    },
    look: ({ folder, name, key }) => json({ damaged: isFileDamaged(path.join(folder, `${name}.archive`), key) }),
    suspect() {
      if (openedAs) writeFileSync(suspectFile(openedAs.folder, openedAs.name), '');
      return done();
    },
    close() {
      return done(close());
    },
    wipe({ folder, name, keepReceipts = false }) {
      close();
      const stays = (file: string) => keepReceipts && path.basename(file).startsWith(keptName(name));
      for (const file of filesOf(folder, name)) if (!stays(file)) rmSync(file);
      return done();
    },
    'requests.put': ({ items }) => json({ changed: opened().requests.put(items) }),
    'requests.count': ({ nowMs }) => json({ waiting: opened().requests.countWaiting(nowMs) }),
    'requests.list': ({ query, personId, nowMs }) => opened().requests.list(query, personId, nowMs),
    'requests.get': ({ id }) => `{"request":${opened().requests.get(id)}}`,
    'viewings.put': ({ items }) => done(opened().viewings.put(items)),
    'sessions.put': ({ items }) => done(opened().sessions.put(items)),
    'sessions.putCommands'({ id, commands }) {
      const { sessions, requests } = opened();
      if (sessions.putCommands(id, commands)) requests.reindex(id);
      return done();
    },
    'sessions.page': (query) => opened().sessions.page(query),
    'sessions.get': ({ id }) => `{"session":${opened().sessions.get(id)}}`,
    'drafts.get': ({ sessionId, kind }) => `{"draft":${opened().drafts.get(sessionId, kind)}}`,
    'drafts.put': (draft) => done(opened().drafts.put(draft)),
    'drafts.drop': ({ sessionId, kind }) => done(opened().drafts.drop(sessionId, kind)),
    'drafts.keep': ({ draft, session, at }) => done(opened().drafts.keep(draft, session, at)),
    'drafts.sent': ({ sessionId, kind }) => `{"sent":${opened().drafts.sent(sessionId, kind)}}`,
    'drafts.sending': ({ request, at }) => done(opened().drafts.sending(request, at)),
    'drafts.refused': ({ request }) => done(opened().drafts.refused(request)),
    'drafts.unsent': () => opened().drafts.unsent(),
    'decisionDrafts.get': ({ requestId }) => `{"draft":${opened().drafts.getDecision(requestId)}}`,
    'decisionDrafts.put': (draft) => done(opened().drafts.putDecision(draft)),
    'decisionDrafts.drop': ({ requestId }) => done(opened().drafts.dropDecision(requestId)),
    'reviewDrafts.get': ({ sessionId, what }) => `{"draft":${opened().drafts.getReview(sessionId, what)}}`,
    'reviewDrafts.put': (draft) => done(opened().drafts.putReview(draft)),
    'reviewDrafts.drop': ({ sessionId, what }) => done(opened().drafts.dropReview(sessionId, what)),
    'receipts.setAside': (input) => json(setAside(input)),
    'receipts.takeBack': (input) => done(takeBack(input, opened())),
    'receipts.put': ({ viewingId, entries }) => done(opened().receipts.put(viewingId, entries)),
    'receipts.acknowledged': (checkpoint) => done(opened().receipts.acknowledged(checkpoint)),
    'receipts.drop': ({ viewingId }) => done(opened().receipts.drop(viewingId)),
    'receipts.waiting': () => opened().receipts.waiting(),
    'history.page': ({ query, from, limit, nowMs }) => opened().history.page(query, from, limit, nowMs),
    'history.count': async ({ query, nowMs }) => json({ total: await opened().history.count(query, nowMs) }),
    'history.get': ({ requestId }) => `{"item":${opened().history.get(requestId)}}`,
    'history.figures': async ({ filter, nowMs }) => json(await opened().history.figures(filter, nowMs)),
    'history.values': async ({ field, text, nowMs }) => json({ values: await opened().history.values(field, text, nowMs) }),
    'history.expire': async ({ untilMs, nowMs }) => json({ gone: await opened().retention.expire(untilMs, nowMs) }),
    image: () => json({ image: opened().image() }),
    'exports.begin': ({ key, unfinished }) => done(opened().exports.begin(key, unfinished)),
    'exports.put': (record) => done(opened().exports.put(record)),
    'exports.drop': ({ key }) => done(opened().exports.drop(key)),
    'exports.waiting': () => opened().exports.waiting(),
    'changes.state': () => json(opened().changes.state()),
    'changes.begin': () => json(opened().changes.begin()),
    'changes.apply': (input) => json(opened().changes.apply(input)),
    'changes.finish': ({ keepSinceMs }) => json(opened().changes.finish(keepSinceMs)),
    'changes.strip': ({ notKept, after }) => json({ next: opened().changes.strip(notKept, after) }),
    'changes.forget': () => done(opened().changes.forget()),
    'changes.check': (input) => json(opened().seals.check(input)),
    'changes.confirm': ({ requestId, key }) => json({ confirmation: opened().seals.confirm(requestId, key) }),
    'meta.get': ({ name }) => json({ value: opened().meta.get(name) }),
    'meta.put': ({ name, value }) => done(opened().meta.put(name, value)),
  };
}

/**
 * The answer to one message. An answer means that it is done and, for a write, on the disk. None means that a file is damaged: that is
 * noted, and a new process that opens the files looks at them wholly and answers with what there is then.
 */
export async function answerTo(handlers: ArchiveHandlers, { id, name, input }: ArchiveAsk): Promise<ArchiveAnswer | null> {
  try {
    return { id, json: narrowJson(await (handlers[name] as (input: unknown) => string | Promise<string>)(input)) };
  } catch (error) {
    if (isDamage(error) && name !== 'open') {
      handlers.suspect({});
      return null;
    }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Everything that is asked of the two files of an account. */
export function queriesOf({ db, state }: Opened, drafts: Opened) {
  db.function('fold', { deterministic: true }, (text) => fold(String(text ?? '')));
  const journal = keepJournal(db);
  const requests = requestQueries(db, journal);
  const viewings = viewingQueries(db);
  const sessions = sessionQueries(db);
  const meta = metaQueries(db);
  requests.takeInEarlier();
  return {
    requests,
    viewings,
    history: historyQueries(db, viewings, journal),
    retention: retentionQueries(db),
    sessions,
    meta,
    changes: changeQueries(db, { requests, viewings, sessions, meta }),
    seals: sealQueries(db),
    drafts: draftQueries(drafts.db),
    receipts: receiptQueries(drafts.db),
    exports: exportQueries(drafts.db),
    image: () => (state === 'in-memory' || state === 'too-new' ? db.serialize().toString('base64') : null),
    close() {
      db.close();
      drafts.db.close();
    },
  };
}

function filesOf(folder: string, name: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.startsWith(`${name}.`))
      .map((file) => path.join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `used`: somebody was signed in with these files before, so that each of them was there. */
function noticesOf(archive: Opened, drafts: Opened, used: boolean): ArchiveNotice[] {
  const notices: ArchiveNotice[] = [];
  if (archive.state === 'in-memory') return ['archive-in-memory'];
  if (archive.state === 'too-new' || drafts.state === 'too-new') notices.push('archive-too-new');
  // The archive is made before the drafts: drafts without an archive have lost it.
  if (archive.state === 'rebuilt' || (archive.begun && drafts.state === 'ok' && !drafts.begun)) notices.push('archive-rebuilt');
  if (drafts.state === 'rebuilt' || (drafts.begun && used)) notices.push('drafts-lost');
  return notices;
}
