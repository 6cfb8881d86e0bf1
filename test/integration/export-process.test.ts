import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createExporter } from '../../main/export/exporter.ts';
import { createExports } from '../../main/export/exports.ts';
import type { ExportJob } from '../../main/export/job.ts';
import type { Gateway } from '../../main/gateway/client.ts';
import { forkExport, type TestExportProcess } from '../support/export-process.ts';
import { exportJob, keepHistory, newestFirst } from '../support/kept-history.ts';
import { openMemoryArchive } from '../support/memory-archive.ts';
import { noonMs, samplePolicy, sampleRequest } from '../support/samples.ts';

/** The exporting process as main runs it: what is left when it is canceled, dies, or the disk is full. */
describe('the exporting process', () => {
  let folder: string;
  let archive: string;
  let place: string;
  let running: TestExportProcess | null = null;
  const reported: string[] = [];
  const exporter = createExporter({
    fork: () => {
      running = forkExport();
      return running;
    },
    report: (error) => String(reported.push(String(error))),
  });
  let exports: ReturnType<typeof createExports>;
  const gateway = { calls: { exports: { record: async () => ({}) } } } as unknown as Gateway;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'oversight-exporting-'));
    archive = await keepHistory(
      folder,
      Array.from({ length: 20_000 }, (_, number) => sampleRequest(number)),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    place = mkdtempSync(path.join(folder, 'place-'));
    reported.length = 0;
    exports = createExports({
      gateway: () => gateway,
      line: () => 'online',
      archive: await openMemoryArchive(),
      clock: { now: () => noonMs },
      policy: async () => samplePolicy(),
    });
  });

  function save(name: string, more: Partial<ExportJob>, progress: (rows: number) => void) {
    const about = { format: more.format ?? 'csv', subject: { of: 'history', query: newestFirst } } as const;
    return exports.save(path.join(place, name), about, (unfinished) =>
      exporter.run(exportJob(archive, unfinished, more), progress),
    );
  }

  it('writes the file, tells how far it is, and ends', async () => {
    const told: number[] = [];
    expect(await save('a.jsonl', { format: 'jsonl' }, (rows) => void told.push(rows))).toEqual({ rows: 20_000, recorded: 'now' });
    expect(readdirSync(place)).toEqual(['a.jsonl']);
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(() => process.kill(running?.pid ?? 0, 0)).toThrow();
    expect(reported).toEqual([]);
  });

  it.each(['csv', 'jsonl', 'pdf'] as const)(
    'leaves nothing of a %s that is canceled, and what had the name before',
    async (format) => {
      writeFileSync(path.join(place, 'a'), 'the last export');
      const saving = save('a', { format }, () => exporter.cancel());
      await expect(saving).rejects.toMatchObject({ failure: { code: 'CANCELED' } });
      expect(readdirSync(place)).toEqual(['a']);
      expect(readFileSync(path.join(place, 'a'), 'utf8')).toBe('the last export');
      expect(reported).toEqual([]);
      expect((await save('b.csv', {}, () => undefined)).rows).toBe(20_000);
    },
  );

  it('that dies leaves nothing, and it is said', async () => {
    const saving = save('a.pdf', { format: 'pdf' }, () => process.kill(running?.pid ?? 0, 'SIGKILL'));
    await expect(saving).rejects.toMatchObject({ failure: { code: 'ARCHIVE_FAILED' } });
    expect(readdirSync(place)).toEqual([]);
    expect(reported).toEqual(['Error: the exporting process has ended']);
  });

  // Only root can make a disk so small.
  it.skipIf(process.getuid?.() !== 0)(
    'leaves nothing where the disk is full, and says that the file could not be written',
    async () => {
      const full = path.join(place, 'full');
      mkdirSync(full);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', full]).status).toBe(0);
      try {
        await expect(save('full/a.jsonl', { format: 'jsonl' }, () => undefined)).rejects.toMatchObject({
          failure: { code: 'CANNOT_SAVE_FILE' },
        });
        expect(readdirSync(full)).toEqual([]);
      } finally {
        spawnSync('umount', [full]);
      }
    },
  );
});
