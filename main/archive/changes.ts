import type { ChangeRecord, ChangesPage } from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { keptSession, lineOf, linesText, type NotKept, restsSince, type Subject, subjectOf } from '../../contract/seal.ts';
import type { Session } from '../../contract/session.ts';
import type { Database } from './database.ts';
import type { metaQueries } from './meta.ts';
import type { requestQueries } from './requests.ts';
import { isSigned, sha256 } from './seals.ts';
import type { sessionQueries } from './sessions.ts';
import type { viewingQueries } from './viewings.ts';

/**
 * `cursor` is null before the first page. `complete`: everything was there once, or is. `anewFrom` is the page with which everything began to be
 * read anew: what is in an earlier one goes when the last page is there; null when no such reading is under way.
 */
export type FeedState = { cursor: string | null; complete: boolean; anewFrom: number | null };

/** A page that was made fit to be kept, the key (SPKI, base64url) its seal must be good by, and since when (epoch ms) what rests is not kept. */
export type ApplyPage = { page: ChangesPage; key: string | null; keepSinceMs: number };
/** The requests that are new or other than before, and that are gone. `order`: the page does not follow what was read. */
export type Applied = { taken: true; changed: string[]; removed: string[] } | { taken: false; why: 'order' | 'seal' };

export type CheckPage = { key: string; after: number; keepSinceMs: number };

/** What is done at once at the end of a pull: short, so that others are answered in between. */
const slice = 500;

/** The gateway's feed, as it is taken in: rows, seal and cursor together, so that a kill in the middle loses and repeats nothing. */
export function changeQueries(
  db: Database,
  kept: {
    requests: ReturnType<typeof requestQueries>;
    viewings: ReturnType<typeof viewingQueries>;
    sessions: ReturnType<typeof sessionQueries>;
    meta: ReturnType<typeof metaQueries>;
  },
) {
  const { requests, viewings, sessions, meta } = kept;
  const lastPage = db.prepare<[], number | null>('select max(number) from pages').pluck();
  const lastSignature = db.prepare<[], string>('select signature from pages order by number desc limit 1').pluck();
  const addPage = db.prepare('insert into pages values (@number, @before, @after, @at, @notKept, @signature, @lines)');
  const noteGone = db.prepare('insert or replace into gone values (?, ?, ?)');
  const waitsNow = (['requests', 'viewings'] as const).map((table) =>
    db.prepare(`update ${table} set page = 0 where page is null`),
  );
  const oldRequests = db.prepare<[number, number], string>('select id from requests where page < ? limit ?').pluck();
  const oldViewings = db.prepare<[number, number], string>('select id from viewings where page < ? limit ?').pluck();
  const oldSessions = db.prepare<[number, number], string>('select id from sessions where page < ? limit ?').pluck();
  const seen = db.prepare<[string, number], { id: string; json: string }>(
    'select id, json from sessions where page is null and id > ? order by id limit ?',
  );
  const seenOnly = db.prepare('update sessions set page = null where id = ?');
  const dropOld = ['delete from pages where number < ?', 'delete from gone where page < ?'].map((text) => db.prepare(text));
  const restingWaits = db.prepare<[number], string>('select id from requests where page = 0 and changed_at < ?').pluck();
  const doubt = (['requests', 'viewings'] as const).map((table) => db.prepare(`update ${table} set page = -1 where page = 0`));

  const state = (): FeedState => JSON.parse(meta.get('feed') ?? 'null') ?? { cursor: null, complete: false, anewFrom: null };
  const write = (feed: FeedState) => meta.put('feed', JSON.stringify(feed));

  function remove(what: Subject, id: string): boolean {
    if (what === 'request') return requests.remove(id);
    if (what === 'viewing') viewings.remove(id);
    else sessions.remove(id);
    return false;
  }

  /** Whether it has rested for longer than it may be kept. A session stays for what speaks of it, a viewing for its request. */
  const rests = (record: ChangeRecord, keepSinceMs: number) =>
    (record.what === 'request' || (record.what === 'viewing' && record.viewing.requestId === null)) &&
    restsSince(record) < keepSinceMs;

  function takeIn(records: readonly ChangeRecord[], page: number, keepSinceMs: number): { changed: string[]; removed: string[] } {
    const stay = records.filter((record) => !rests(record, keepSinceMs));
    for (const record of stay) {
      if (record.what !== 'session') continue;
      sessions.put([record.session], page);
      if (sessions.putCommands(record.session.id, record.commands)) requests.reindex(record.session.id);
    }
    const asked = stay.flatMap((record): AccessRequest[] => (record.what === 'request' ? [record.request] : []));
    const changed = requests.put(asked, page);
    viewings.put(
      stay.flatMap((record) => (record.what === 'viewing' ? [record.viewing] : [])),
      page,
    );
    const removed: string[] = [];
    for (const record of records) {
      if (record.what !== 'gone' && !rests(record, keepSinceMs)) continue;
      const { what, id } = subjectOf(record);
      if (remove(what, id)) removed.push(id);
      if (record.what === 'gone') noteGone.run(what, id, page);
    }
    return { changed, removed };
  }

  return {
    state,
    begin: db.transaction((): FeedState => {
      for (const statement of waitsNow) statement.run();
      return state();
    }),
    apply: db.transaction(({ page, key, keepSinceMs }: ApplyPage): Applied => {
      const feed = state();
      const { records, reset, cursor, seal } = page;
      // Asked once more, since the answer was lost with the process: it is in already.
      if (lastSignature.get() === seal.signature && cursor === feed.cursor) return { taken: true, ...namesIn(records) };
      if (seal.before !== (reset ? '' : feed.cursor) || seal.after !== cursor) return { taken: false, why: 'order' };
      const lines = linesText(records.map((record) => lineOf(record, sha256)));
      if (key !== null && !isSigned(seal, lines, key)) return { taken: false, why: 'seal' };
      if (!reset && records.length === 0 && cursor === feed.cursor) return { taken: true, changed: [], removed: [] };
      const number = (lastPage.get() ?? 0) + 1;
      addPage.run({ ...seal, number, notKept: JSON.stringify(seal.notKept), lines });
      const taken = takeIn(records, number, keepSinceMs);
      write({ cursor, complete: feed.complete, anewFrom: reset ? number : feed.anewFrom });
      return { taken: true, ...taken };
    }),
    finish: db.transaction((keepSinceMs: number): { done: boolean; removed: string[]; doubtful: number } => {
      const feed = state();
      const from = feed.anewFrom;
      if (from === null) {
        const removed = restingWaits.all(keepSinceMs);
        for (const id of removed) requests.remove(id);
        // The gateway would have named them since.
        const doubtful = doubt.reduce((sum, statement) => sum + statement.run().changes, 0);
        return { done: true, removed, doubtful };
      }
      const removed = oldRequests.all(from, slice);
      for (const id of removed) requests.remove(id);
      const watched = oldViewings.all(from, slice);
      for (const id of watched) viewings.remove(id);
      const referred = oldSessions.all(from, slice);
      for (const id of referred) {
        // It may still have been seen in a search; what was typed in it is not this person's to know any more.
        sessions.putCommands(id, null);
        seenOnly.run(id);
      }
      const done = [removed, watched, referred].every(({ length }) => length < slice);
      if (done) {
        for (const statement of dropOld) statement.run(from);
        write({ ...feed, complete: true, anewFrom: null });
      }
      return { done, removed, doubtful: 0 };
    }),
    strip: db.transaction((notKept: NotKept, after: string): string | null => {
      const rows = seen.all(after, slice);
      sessions.put(rows.map(({ json }): Session => keptSession(JSON.parse(json), notKept)));
      return rows.at(-1)?.id ?? null;
    }),
    forget: () => write({ ...state(), cursor: null }),
  };
}

/** The requests that a page speaks of. */
function namesIn(records: readonly ChangeRecord[]): { changed: string[]; removed: string[] } {
  return {
    changed: records.flatMap((record) => (record.what === 'request' ? [record.request.id] : [])),
    removed: records.flatMap((record) => (record.what === 'gone' && record.of === 'request' ? [record.id] : [])),
  };
}
