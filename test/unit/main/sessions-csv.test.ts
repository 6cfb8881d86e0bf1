import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../../contract/failure.ts';
import type { Session, SessionPage, SessionQuery } from '../../../contract/session.ts';
import { sessionColumns } from '../../../contract/settings.ts';
import { csvLine } from '../../../main/export/csv.ts';
import { writeSessions } from '../../../main/sessions/export.ts';
import { parseCsv } from '../../support/csv.ts';
import { sampleSession } from '../../support/samples.ts';

describe('a line of CSV', () => {
  it('quotes what needs it and nothing else', () => {
    expect(csvLine(['a', 'b c', 'd,e', 'f"g', 'h\r\ni', ''])).toBe('a,b c,"d,e","f""g","h\r\ni",\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1+1', '＋1', '－1', '＠x', '=HYPERLINK("http://x","y")'])(
    'takes the formula out of %j',
    (text) => {
      expect(parseCsv(csvLine([text]))).toEqual([[`'${text}`]]);
    },
  );

  it('is read back as it was, apart from that', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '-', ' ', 'é') }), { minLength: 1 }),
        (cells) => {
          const [read = []] = parseCsv(csvLine(cells));
          expect(read.map((cell, at) => (cell === `'${cells[at]}` ? cells[at] : cell))).toEqual(cells);
          expect(read.every((cell) => !/^[=+\-@\t\r\n]/.test(cell))).toBe(true);
        },
      ),
    );
  });
});

const sha256Of = (name: string) => createHash('sha256').update(readFileSync(name)).digest('hex');

describe('sessions in a file', () => {
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
    const written = await writeSessions(file(), query, sessionColumns, source.page, (...done) => void progress.push(done));
    expect(written).toEqual({ rows: 1_234, sha256: sha256Of(file()), dataSha256: null });
    expect(source.asked).toHaveLength(3);
    expect(progress).toEqual([
      [500, 1_234],
      [1_000, 1_234],
      [1_234, 1_234],
    ]);
    const text = readFileSync(file(), 'utf8');
    expect(text.charCodeAt(0)).toBe(0xfeff);
    const [head, ...lines] = parseCsv(text.slice(1));
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

  it('that breaks off says why', async () => {
    const source = pages(
      Array.from({ length: 1_200 }, (_, number) => sampleSession(number)),
      1,
    );
    await expect(writeSessions(file(), query, ['id'], source.page, () => undefined)).rejects.toMatchObject({
      failure: { code: 'UNREACHABLE' },
    });
  });

  it('to where nothing can be written says so', async () => {
    const source = pages([sampleSession(1)]);
    for (const place of [path.join(folder, 'missing', 'x.csv'), folder])
      await expect(writeSessions(place, query, ['id'], source.page, () => undefined)).rejects.toMatchObject({
        failure: { code: 'CANNOT_SAVE_FILE' },
      });
    expect(readdirSync(folder)).toEqual([]);
  });
});
