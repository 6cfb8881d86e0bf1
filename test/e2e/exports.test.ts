import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HistoryLine } from '../../contract/history.ts';
import { type App, launchApp, signIn } from '../support/app.ts';
import { callFromPage } from '../support/bridge-in-page.ts';
import { parseCsv } from '../support/csv.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { grant, personAt } from '../support/people.ts';
import { until } from '../support/processes.ts';

/** History written to files by the built app: what is written, who hears of it, and what becomes of it when something goes wrong. */
describe('exports of history', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let app: App;
  let folder: string;
  const file = (name: string) => path.join(folder, name);
  const query = { filter: {}, sort: { by: 'createdAt', direction: 'desc' } };

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    const [marta, paulo] = [await personAt(gateway, 'marta.reis'), await personAt(gateway, 'paulo.nunes')];
    await grant(marta, paulo, { sessionId: '4f1aa', windowMs: 3_600_000 });
    folder = await desktop.newFolder('exports');
    app = await launchApp(desktop, { userData: 'app', gateway: gateway.url });
    await signIn(app, 'marta.reis');
    await until('history', async () => (await total()) > 0);
  });
  afterAll(async () => {
    await app?.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  const total = async () =>
    ((await callFromPage(app.window, 'history.count', { query })).value as { total: number } | undefined)?.total ?? 0;
  const online = async () =>
    ((await callFromPage(app.window, 'connection.get', {})).value as { state: string }).state === 'online';
  const hashOf = async (name: string) =>
    createHash('sha256')
      .update(await readFile(file(name)))
      .digest('hex');
  const listed = async (hash: string) =>
    (await gateway.command('exports', 'list')).split('\n').filter((line) => line.includes(hash));

  /** Has the app write to `name`, as if the person had chosen it in the dialog. */
  async function write(name: string, format: string) {
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file(name));
    return callFromPage(app.window, 'history.export', { query, format, byteOrderMark: false });
  }

  it('hold everything in each form, and are on record at the gateway with the hash of the file', async () => {
    const rows = await total();
    for (const format of ['csv', 'jsonl', 'pdf']) {
      expect(await write(`all.${format}`, format)).toEqual({ ok: true, value: { saved: true, rows, recorded: 'now' } });
      const [line, ...more] = await listed(await hashOf(`all.${format}`));
      expect(more).toEqual([]);
      for (const part of ['marta.reis', format, `${rows} rows`, '"of":"history"']) expect(line).toContain(part);
    }
    expect((await readdir(folder)).sort()).toEqual(['all.csv', 'all.jsonl', 'all.pdf']);
    expect(parseCsv(await readFile(file('all.csv'), 'utf8'))).toHaveLength(rows + 1);
    const lines = (await readFile(file('all.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => HistoryLine.parse(JSON.parse(line)))).toHaveLength(rows);
    expect(spawnSync('qpdf', ['--check', file('all.pdf')]).status).toBe(0);
    const text = execFileSync('pdftotext', ['-layout', file('all.pdf'), '-'], { encoding: 'utf8' });
    expect(text).toContain(await hashOf('all.jsonl'));
    expect(text).toContain('Paulo Nunes approved (level 1)');
    // The gateway's word on it, as the archive has it.
    expect(text).toMatch(/Signature +[\w-]{40,}/);
    expect(text).toContain(`As the gateway signed them: ${rows}. Waiting for its seal: 0. Not what it signed: 0.`);
  });

  it('leave a file of the same name as it was until they are whole, and nobody else may read them', async () => {
    await writeFile(file('again.csv'), 'the last export');
    await write('again.csv', 'csv');
    expect(await readFile(file('again.csv'), 'utf8')).toMatch(/^id,kind,status/);
    expect(execFileSync('stat', ['-c', '%a', file('again.csv')], { encoding: 'utf8' }).trim()).toBe('600');
  });

  it('are none, and no file is left, where the person does not want one or the folder cannot be written', async () => {
    await app.electron.evaluate(({ dialog }) => {
      dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' });
    });
    expect(await callFromPage(app.window, 'history.export', { query, format: 'csv', byteOrderMark: false })).toEqual({
      ok: true,
      value: { saved: false },
    });
    await mkdir(file('closed'));
    await chmod(file('closed'), 0o500);
    expect((await write('closed/x.csv', 'csv')).failure?.code).toBe('CANNOT_SAVE_FILE');
    expect((await write('missing/x.csv', 'csv')).failure?.code).toBe('CANNOT_SAVE_FILE');
    expect(await readdir(file('closed'))).toEqual([]);
  });

  it('are refused where the policy forbids them, also while the client has not heard of it', async () => {
    await gateway.command('policy', 'set', 'exportsAllowed=false');
    await until('the policy to be known', async () => {
      const { value } = await callFromPage(app.window, 'policy.get', {});
      return (value as { exportsAllowed: boolean }).exportsAllowed === false;
    });
    expect((await write('no.csv', 'csv')).failure?.code).toBe('EXPORT_NOT_ALLOWED');
    expect(await readdir(folder)).not.toContain('no.csv');
    await gateway.command('policy', 'set', 'exportsAllowed=true');
    await until('the policy to be known', async () => {
      const { value } = await callFromPage(app.window, 'policy.get', {});
      return (value as { exportsAllowed: boolean }).exportsAllowed;
    });
  });

  it('are written offline as well, and put on record when the line is back, also by a later run of the app', async () => {
    await gateway.stop();
    await until('the app to know', async () => !(await online()));
    expect(await write('offline.csv', 'csv')).toMatchObject({ ok: true, value: { saved: true, recorded: 'later' } });
    const hash = await hashOf('offline.csv');
    // The same rows as before make the same file.
    const before = (await listed(hash)).length;
    await app.close();
    await gateway.restart();
    app = await launchApp(desktop, { userData: 'app', gateway: gateway.url });
    await app.window.getByRole('link', { name: 'Remote Sessions' }).waitFor();
    await until('the export to be on record', async () => (await listed(hash)).length === before + 1);
    expect(await hashOf('offline.csv')).toBe(hash);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
