import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryLine } from '../../contract/history.ts';
import { canonical } from '../../contract/receipt.ts';
import { createArchiveHandlers } from '../../main/archive/handlers.ts';
import type { ExportJob } from '../../main/export/job.ts';
import { runExport } from '../../main/export/run.ts';
import { parseCsv } from '../support/csv.ts';
import { archiveKey, eventfulRequest, exportJob, keepHistory, newestFirst, viewingOf } from '../support/kept-history.ts';
import { sampleRequest } from '../support/samples.ts';

/** Exports of history as the exporting process writes them, read back by programs that are not ours. */
describe('history in a file', () => {
  let folder: string;
  let archive: string;
  const file = (name: string) => path.join(folder, name);
  const sha256Of = (name: string) =>
    createHash('sha256')
      .update(readFileSync(file(name)))
      .digest('hex');
  const textOf = (name: string, ...args: string[]) =>
    execFileSync('pdftotext', [...args, file(name), '-'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

  const eventful = eventfulRequest(0);
  const requests = [
    eventful,
    ...Array.from({ length: 1_233 }, (_, number) =>
      sampleRequest(number + 1, {
        requester: { id: 'p-o', userName: 'otto', displayName: number % 2 ? 'Otto Ther' : 'Zoë Quist' },
      }),
    ),
  ];
  const viewing = viewingOf(eventful);

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'oversight-history-'));
    archive = await keepHistory(folder, requests, [viewing]);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function write(name: string, more: Partial<ExportJob>) {
    const told: [number, number][] = [];
    const exported = await runExport(exportJob(archive, file(name), more), (...progress) => void told.push(progress));
    return { ...exported, told };
  }

  it('as CSV has a row for each request, in order, whose cells are what was typed and no formula', async () => {
    const { rows, sha256, dataSha256, told } = await write('a.csv', { format: 'csv' });
    expect({ rows, sha256, dataSha256 }).toEqual({ rows: 1_234, sha256: sha256Of('a.csv'), dataSha256: null });
    expect(told[0]).toEqual([0, 1_234]);
    const text = readFileSync(file('a.csv'), 'utf8');
    expect(text.charCodeAt(0)).not.toBe(0xfeff);
    const [head = [], ...lines] = parseCsv(text);
    expect(lines.map(([id]) => id)).toEqual(requests.map(({ id }) => id));
    expect(lines.every((line) => line.length === head.length)).toBe(true);
    const first = Object.fromEntries(head.map((name, at) => [name, lines[0]?.[at]]));
    expect(first).toMatchObject({
      status: 'revoked',
      requesterName: 'João Conceição',
      justification: `'${eventful.justification}`,
      governanceCode: "'+CHG-1",
      approvers: 'Ana Prado (approve)',
      comments: 'Ana Prado: -2 minutes, please\nAna Prado: Łódź: enough seen',
      createdAt: eventful.createdAt,
      viewings: '1',
      watchedSeconds: '285',
    });
  });

  it('begins with a byte order mark where one is wanted', async () => {
    await write('a.csv', { byteOrderMark: true });
    expect(readFileSync(file('a.csv')).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  });

  it('as JSON Lines has a whole record a line, in one form of all it could have', async () => {
    const { rows, sha256, dataSha256 } = await write('a.jsonl', { format: 'jsonl' });
    expect({ rows, sha256, dataSha256 }).toEqual({ rows: 1_234, sha256: sha256Of('a.jsonl'), dataSha256: sha256Of('a.jsonl') });
    const lines = readFileSync(file('a.jsonl'), 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => HistoryLine.strict().parse(JSON.parse(line)).id)).toEqual(requests.map(({ id }) => id));
    expect(lines.every((line) => canonical(JSON.parse(line)) === line)).toBe(true);
    const { may: _may, ...kept } = eventful;
    expect(JSON.parse(lines[0] ?? '')).toEqual({ ...kept, viewings: [viewing] });
  });

  it('holds what the query finds, in its order', async () => {
    const filter = { requester: 'zoe' };
    const { rows, told } = await write('a.csv', { query: { filter, sort: { by: 'createdAt', direction: 'asc' } } });
    const wanted = requests.filter(({ requester }) => requester.displayName === 'Zoë Quist').reverse();
    expect(rows).toBe(wanted.length);
    expect(told[0]).toEqual([0, wanted.length]);
    expect(
      parseCsv(readFileSync(file('a.csv'), 'utf8'))
        .slice(1)
        .map(([id]) => id),
    ).toEqual(wanted.map(({ id }) => id));
    expect((await write('none.csv', { query: { ...newestFirst, filter: { text: 'nobody typed this' } } })).rows).toBe(0);
    expect(parseCsv(readFileSync(file('none.csv'), 'utf8'))).toHaveLength(1);
  });

  it('as PDF is sound, and says what it is, for whom, of what, with the figures, the checksum of its data and every step', async () => {
    const { dataSha256 } = await write('a.jsonl', { format: 'jsonl' });
    const report = await write('a.pdf', { format: 'pdf' });
    expect(report.dataSha256).toBe(dataSha256);
    expect(report.sha256).toBe(sha256Of('a.pdf'));
    expect(spawnSync('qpdf', ['--check', file('a.pdf')]).status).toBe(0);
    const info = execFileSync('pdfinfo', [file('a.pdf')], { encoding: 'utf8' });
    expect(info).toMatch(/Title: +Report on access requests · Bank gateway/);
    const pages = Number(/Pages: +(\d+)/.exec(info)?.[1]);

    const cover = textOf('a.pdf', '-l', '1', '-layout');
    for (const said of [
      'Bank gateway',
      'Marta Reis (marta.reis) · PAM Auditor',
      '2026-11-24 09:00:00 (UTC−03:00)',
      'Oversight 1.2.3',
    ])
      expect(cover).toContain(said);
    expect(cover).toContain(dataSha256);
    expect(cover).toContain('bears a seal of the gateway yet');
    expect(cover).toMatch(/1,234\s+1\s+0\s+Asked\s+Approved\s+Rejected/);
    expect(cover).toContain(`Page 1 of ${pages}`);

    const all = textOf('a.pdf', '-layout');
    expect(all.match(/Page \d+ of \d+/g)).toEqual(Array.from({ length: pages }, (_, at) => `Page ${at + 1} of ${pages}`));
    for (const { id } of requests) expect(all).toContain(id);
    for (const said of [
      'João Conceição asked for the session video',
      'Ana Prado approved (level 1)',
      '“-2 minutes, please”',
      'João Conceição began to watch the session video',
      'Watched for 0:04:45; 12 receipts acknowledged; 1 snapshot',
      'Ana Prado revoked the access',
      '“Łódź: enough seen”',
      'segunda linha: 调查昨晚的变更记录',
      '2026-11-24 09:03:00',
    ])
      expect(all).toContain(said);
    expect(all).toContain('End of the report: 1,234 requests.');
  });

  it('as PDF speaks Portuguese and names its filters in words', async () => {
    const { facts } = exportJob(archive, '');
    await write('a.pdf', {
      format: 'pdf',
      facts: { ...facts, language: 'pt-BR' },
      query: {
        ...newestFirst,
        filter: { text: 'aspas', phases: ['revoked'], askedUntil: '2026-11-25T00:00:00.000Z', watched: true },
      },
    });
    expect(readFileSync(file('a.pdf'), 'latin1')).toContain('/Lang (pt-BR)');
    const text = textOf('a.pdf', '-layout');
    expect(text).toMatch(/Texto +contém “aspas”/);
    expect(text).toMatch(/Status +revogada/);
    expect(text).toMatch(/Solicitada antes de +2026-11-24 21:00:00 UTC−03:00/);
    expect(text).toMatch(/Assistida +sim/);
    expect(text).toContain('Ana Prado revogou o acesso');
    expect(text).toContain('Fim do relatório: 1 solicitação.');
  });

  it('as PDF embeds only the fonts that its text needs', async () => {
    await write('a.pdf', { format: 'pdf', query: { ...newestFirst, filter: { requester: 'Otto' } } });
    const fonts = (name: string) => execFileSync('pdffonts', [file(name)], { encoding: 'utf8' });
    expect(fonts('a.pdf')).not.toContain('NotoSansSC');
    await write('b.pdf', { format: 'pdf', query: { ...newestFirst, filter: { requester: 'João' } } });
    expect(fonts('b.pdf')).toContain('NotoSansSC');
  });

  it('is as of one moment, also while the archive changes', async () => {
    const handlers = createArchiveHandlers();
    await handlers.open({ folder, name: 'history', key: archiveKey });
    let changed = false;
    const exported = await runExport(exportJob(archive, file('a.jsonl'), { format: 'jsonl' }), () => {
      if (changed) return;
      changed = true;
      void handlers['requests.put']({ items: [sampleRequest(5_000), { ...eventful, version: 2, justification: 'changed' }] });
    });
    await handlers.close({});
    expect(exported.rows).toBe(1_234);
    expect(readFileSync(file('a.jsonl'), 'utf8')).not.toContain('"changed"');
  });

  it('is written from an archive in memory too', async () => {
    const handlers = createArchiveHandlers();
    await handlers.open({ folder, name: 'memory', key: null });
    await handlers['requests.put']({ items: requests.slice(0, 10) });
    const { image } = JSON.parse(await handlers.image({}));
    const exported = await runExport(exportJob('', file('a.csv'), { source: { image } }), () => undefined);
    expect(exported.rows).toBe(10);
  });

  it('where nothing can be written is none, and the person is told that much', async () => {
    writeFileSync(file('there.csv'), 'of somebody');
    mkdirSync(file('a-folder'));
    for (const name of ['there.csv', 'a-folder', 'missing/x.csv'])
      await expect(write(name, {})).rejects.toMatchObject({ failure: { code: 'CANNOT_SAVE_FILE' } });
    expect(readFileSync(file('there.csv'), 'utf8')).toBe('of somebody');
  });
});
