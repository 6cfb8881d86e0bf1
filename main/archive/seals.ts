import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { ChangeRecord, Confirmation, Seal } from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { type Line, parseLines, type Subject, sealedText, sealText } from '../../contract/seal.ts';
import type { CheckPage } from './changes.ts';
import type { Database } from './database.ts';
import { columnsOf, shownOf } from './request-row.ts';
import { wordsOf } from './words.ts';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whether the seal of a page with these lines is good by a key (SPKI, base64url). */
export function isSigned(seal: Seal, lines: string, key: string): boolean {
  const text = sealText(seal, lines, sha256);
  try {
    return verify(null, Buffer.from(text), keyOf(key), Buffer.from(seal.signature, 'base64url'));
  } catch {
    return false;
  }
}

let latest: { text: string; key: KeyObject } | null = null;
function keyOf(text: string): KeyObject {
  if (latest?.text !== text)
    latest = { text, key: createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' }) };
  return latest.key;
}

type PageRow = { number: number; before: string; after: string; at: string; not_kept: string; signature: string; lines: string };
type Kept = { id: string; page: number | null };

const tables: Record<Subject, string> = { request: 'requests', viewing: 'viewings', session: 'sessions' };
const pagesRemembered = 16;

const isSamePage = (a: PageRow, b: PageRow) => (Object.keys(a) as (keyof PageRow)[]).every((name) => a[name] === b[name]);

/** Whether what is kept is what the gateway signed: every row against the line of its page, every line against the rows. */
export function sealQueries(db: Database) {
  const pageAfter = db.prepare<[number], PageRow>('select * from pages where number > ? order by number limit 1');
  const pageAt = db.prepare<[number], PageRow>('select * from pages where number = ?');
  const pageBefore = db.prepare<[number], { number: number; after: string }>(
    'select number, after from pages where number < ? order by number desc limit 1',
  );
  const anewFrom = db
    .prepare<[], number | null>("select json_extract(value, '$.anewFrom') from meta where name = 'feed'")
    .pluck();
  const requestRow = db.prepare<[string], Record<string, unknown> & Kept & { json: string; row: number }>(
    `select *, (select words from requests_text where rowid = row) as words,
       (select json from requests_shown where requests_shown.row = requests.row) as shown from requests where id = ?`,
  );
  const viewingRow = db.prepare<[string], Kept & { json: string }>('select id, page, json from viewings where id = ?');
  const sessionRow = db.prepare<[string], Kept & { json: string; commands: string | null }>(
    'select id, page, json, (select commands from session_commands where session_id = id) as commands from sessions where id = ?',
  );
  const commandsOf = db.prepare<[string], string>('select commands from session_commands where session_id = ?').pluck();
  const goneIn = db.prepare<[string, string], number>('select page from gone where what = ? and id = ?').pluck();
  const isReferredTo = db
    .prepare<[string, string], number>(
      'select exists (select 1 from requests where session_id = ?) or exists (select 1 from viewings where session_id = ?)',
    )
    .pluck();
  const between = Object.fromEntries(
    Object.entries(tables).map(([what, table]) => [
      what,
      db.prepare<[number, number], Kept>(`select id, page from ${table} where page > ? and page < ?`),
    ]),
  ) as Record<Subject, ReturnType<typeof db.prepare<[number, number], Kept>>>;
  const inPage = Object.fromEntries(
    Object.entries(tables).map(([what, table]) => [
      what,
      db.prepare<[number], string>(`select id from ${table} where page = ?`).pluck(),
    ]),
  ) as Record<Subject, ReturnType<typeof db.prepare<[number], string>>>;
  const mark = Object.fromEntries(
    Object.entries(tables).map(([what, table]) => [what, db.prepare<[string]>(`update ${table} set page = -1 where id = ?`)]),
  ) as Record<Subject, ReturnType<typeof db.prepare<[string]>>>;
  const viewingsAbout = db
    .prepare<[string, string], string>(
      'select id from viewings where request_id = ? union all select id from viewings where session_id = ? and request_id is null',
    )
    .pluck();

  const remembered = new Map<number, { page: PageRow; key: string; lines: Map<string, Line> }>();
  const nameOf = ({ what, id }: Pick<Line, 'what' | 'id'>) => `${what} ${id}`;

  /** The lines of a page whose seal is good, by whom they are about; null for one that is not the gateway's. */
  function linesOf(page: PageRow, key: string): Map<string, Line> | null {
    const known = remembered.get(page.number);
    if (known?.key === key && isSamePage(known.page, page)) return known.lines;
    const seal = { ...page, notKept: JSON.parse(page.not_kept) };
    if (!isSigned(seal, page.lines, key)) return null;
    const lines = new Map(parseLines(page.lines).map((line) => [nameOf(line), line]));
    const [oldest] = remembered.keys();
    if (remembered.size >= pagesRemembered && oldest !== undefined) remembered.delete(oldest);
    remembered.set(page.number, { page, key, lines });
    return lines;
  }

  /** What is kept of a subject, as a record of the feed. `intact`: what is searched and shown of it is what it says. */
  function keptOf(what: Subject, id: string): { page: number | null; record: ChangeRecord; intact: boolean } | null {
    if (what === 'request') {
      const row = requestRow.get(id);
      if (!row) return null;
      const request: AccessRequest = JSON.parse(row.json);
      const intact =
        Object.entries(columnsOf(request)).every(([name, value]) => row[name] === value) &&
        row['shown'] === shownOf(request) &&
        row['words'] === wordsOf(request, commandsOf.get(request.session.id) ?? '');
      return { page: row.page, record: { what, request }, intact };
    }
    if (what === 'viewing') {
      const row = viewingRow.get(id);
      return row ? { page: row.page, record: { what, viewing: JSON.parse(row.json) }, intact: true } : null;
    }
    const row = sessionRow.get(id);
    return row ? { page: row.page, record: { what, session: JSON.parse(row.json), commands: row.commands }, intact: true } : null;
  }

  /** Whether the line of a page is borne out by what is kept now, or by a later page. */
  function isBorneOut(line: Line, page: number, key: string, keepSinceMs: number): boolean {
    const kept = keptOf(line.what, line.id);
    if (kept) {
      if (kept.page === page) return kept.intact && line.hash !== null && sha256(sealedText(kept.record)) === line.hash;
      // What waits for its page, and what a later one has, is looked at there.
      return kept.page === null || kept.page === 0 || kept.page > page;
    }
    if (line.hash === null || (line.restsSince !== null && line.restsSince < keepSinceMs)) return true;
    if (line.what === 'session' && !isReferredTo.get(line.id, line.id)) return true;
    const later = goneIn.get(line.what, line.id);
    const row = later !== undefined && later > page ? pageAt.get(later) : undefined;
    const lines = row ? linesOf(row, key) : null;
    return lines?.get(nameOf(line))?.hash === null;
  }

  return {
    check: db.transaction(({ key, after, keepSinceMs }: CheckPage): { next: number | null; contradicted: number } => {
      const page = pageAfter.get(after);
      const strays = (Object.keys(tables) as Subject[]).flatMap((what) =>
        between[what].all(after, page?.number ?? Number.MAX_SAFE_INTEGER).map(({ id }) => ({ what, id })),
      );
      const found = new Map(strays.map((one) => [nameOf(one), one]));
      let broken = 0;
      if (page) {
        const lines = linesOf(page, key);
        const last = pageBefore.get(page.number);
        const begins = page.before === '' && (last === undefined || page.number === anewFrom.get());
        if (!begins && last?.after !== page.before) broken += 1;
        const rows = (Object.keys(tables) as Subject[]).flatMap((what) =>
          inPage[what].all(page.number).map((id) => ({ what, id })),
        );
        for (const row of rows) if (!lines?.has(nameOf(row))) found.set(nameOf(row), row);
        if (lines === null) broken += 1;
        for (const line of lines?.values() ?? []) {
          if (isBorneOut(line, page.number, key, keepSinceMs)) continue;
          found.set(nameOf(line), line);
        }
      }
      for (const { what, id } of found.values()) mark[what].run(id);
      return { next: page?.number ?? null, contradicted: found.size + broken };
    }),
    confirm(requestId: string, key: string | null): Confirmation {
      const request = keptOf('request', requestId);
      if (request?.record.what !== 'request') return 'waiting';
      const sessionId = request.record.request.session.id;
      const subjects: { what: Subject; id: string }[] = [
        { what: 'request', id: requestId },
        { what: 'session', id: sessionId },
        ...viewingsAbout.all(requestId, sessionId).map((id) => ({ what: 'viewing', id }) as const),
      ];
      const each = subjects.map(({ what, id }): Confirmation => {
        const kept = keptOf(what, id);
        // Nothing of it is shown; that it is missing is found when everything is looked at.
        if (kept === null) return 'confirmed';
        if (kept.page === -1) return 'contradicted';
        if (kept.page === null || kept.page === 0 || key === null) return 'waiting';
        const page = pageAt.get(kept.page);
        const line = page && linesOf(page, key)?.get(nameOf({ what, id }));
        return kept.intact && line?.hash === sha256(sealedText(kept.record)) ? 'confirmed' : 'contradicted';
      });
      if (each.includes('contradicted')) return 'contradicted';
      return each.includes('waiting') ? 'waiting' : 'confirmed';
    },
  };
}
