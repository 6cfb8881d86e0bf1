import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../../contract/failure.ts';
import type { Session, SessionPage, SessionQuery } from '../../../contract/session.ts';
import { sessionColumns } from '../../../contract/settings.ts';
import { csvLine } from '../../../main/sessions/csv.ts';
import { exportSessions } from '../../../main/sessions/export.ts';
import { sampleSession } from '../../support/samples.ts';

/** Reads CSV as RFC 4180 says. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted && char === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',') {
      row.push(cell);
      cell = '';
    } else if (!quoted && char === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      at += 1;
    } else cell += char;
  }
  return rows;
}

describe('a line of CSV', () => {
  it('quotes what needs it and nothing else', () => {
    expect(csvLine(['a', 'b c', 'd,e', 'f"g', 'h\r\ni', ''])).toBe('a,b c,"d,e","f""g","h\r\ni",\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")'])('takes the formula out of %j', (text) => {
    expect(parse(csvLine([text]))).toEqual([[`'${text}`]]);
  });

  it('is read back as it was, apart from that', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '-', ' ', 'é') }), { minLength: 1 }),
        (cells) => {
          const [read = []] = parse(csvLine(cells));
          expect(read.map((cell, at) => (cell === `'${cells[at]}` ? cells[at] : cell))).toEqual(cells);
          expect(read.every((cell) => !/^[=+\-@\t\r]/.test(cell))).toBe(true);
        },
      ),
    );
  });
});

describe('an export', () => {
  let folder: string;
  const file = () => path.join(folder, 'sessions.csv');
  const query = { filter: {}, sort: { by: 'startedAt', direction: 'desc' } } as const;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'oversight-export-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Pages of `sessions`; at the page `breaksAt` the gateway is gone. */
  function pages(sessions: Session[], breaksAt = -1) {
    const asked: SessionQuery[] = [];
    return {
      asked,
      async page(of: SessionQuery): Promise<SessionPage> {
        if (asked.push(of) - 1 === breaksAt) throw new FailureError({ code: 'UNREACHABLE', data: { host: 'g', why: 'cut' } });
        const from = Number(of.cursor ?? 0);
        const next = from + of.limit;
        return {
          items: sessions.slice(from, next),
          nextCursor: next < sessions.length ? String(next) : null,
          total: of.cursor === undefined ? sessions.length : null,
        };
      },
    };
  }

  it('holds every session once, page by page, and tells how far it is', async () => {
    const sessions = Array.from({ length: 1_234 }, (_, number) =>
      sampleSession(number, number === 3 ? { user: '=cmd', reason: 'a,"b"' } : {}),
    );
    const progress: [number, number | null][] = [];
    const source = pages(sessions);
    const rows = await exportSessions(file(), query, sessionColumns, source.page, (...done) => void progress.push(done));
    expect(rows).toBe(1_234);
    expect(source.asked).toHaveLength(3);
    expect(progress).toEqual([
      [500, 1_234],
      [1_000, 1_234],
      [1_234, 1_234],
    ]);
    const text = readFileSync(file(), 'utf8');
    expect(text.charCodeAt(0)).toBe(0xfeff);
    const [head, ...lines] = parse(text.slice(1));
    expect(head).toEqual([...sessionColumns]);
    expect(lines.map(([id]) => id)).toEqual(sessions.map(({ id }) => id));
    expect(lines[3]).toEqual([
      'S-000003',
      "'=cmd",
      'root',
      'srv-3',
      'SSH',
      '10.0.0.1',
      'proxy-1',
      '2026-11-24T11:57:00.000Z',
      '90',
      'recorded',
      'ask',
      'a,"b"',
      'Planned maintenance',
    ]);
    expect(readdirSync(folder)).toEqual(['sessions.csv']);
  });

  it('that breaks off leaves what was there before, and nothing half done', async () => {
    writeFileSync(file(), 'the last export');
    const source = pages(
      Array.from({ length: 1_200 }, (_, number) => sampleSession(number)),
      1,
    );
    await expect(exportSessions(file(), query, ['id'], source.page, () => undefined)).rejects.toMatchObject({
      failure: { code: 'UNREACHABLE' },
    });
    expect(readFileSync(file(), 'utf8')).toBe('the last export');
    expect(readdirSync(folder)).toEqual(['sessions.csv']);
  });

  it('to where nothing can be written says so', async () => {
    const source = pages([sampleSession(1)]);
    for (const place of [path.join(folder, 'missing', 'x.csv'), folder])
      await expect(exportSessions(place, query, ['id'], source.page, () => undefined)).rejects.toMatchObject({
        failure: { code: 'CANNOT_SAVE_FILE' },
      });
    expect(readdirSync(folder)).toEqual([]);
  });
});
