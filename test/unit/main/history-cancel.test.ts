import { expect, it } from 'vitest';
import type { ArchiveSource } from '../../../main/archive/database.ts';
import type { ExportJob } from '../../../main/export/job.ts';
import { createHistory } from '../../../main/history/service.ts';

const wish = {
  query: { filter: {}, sort: { by: 'createdAt', direction: 'desc' } },
  format: 'csv',
  byteOrderMark: false,
} as const;

/** History of which only exporting is there; `source` is answered when the test says so. */
function history() {
  const source = Promise.withResolvers<ArchiveSource>();
  const written: ExportJob[] = [];
  const service = createHistory({
    archive: { source: () => source.promise },
    exports: {
      check: async () => undefined,
      save: async (_file: string, _about: object, write: (unfinished: string) => Promise<object>) => write('x.part'),
    },
    exporter: { run: async (job: ExportJob) => ({ rows: written.push(job) }), cancel: () => undefined },
    reportFacts: async () => ({ at: '2026-11-28T00:00:00.000Z' }),
    chooseFile: async () => 'x.csv',
    publish: () => undefined,
  } as unknown as Parameters<typeof createHistory>[0]);
  return { service, source, written };
}

it('an export that is canceled before anything is written is canceled, and the next one is not', async () => {
  const { service, source, written } = history();
  const first = service.export(wish);
  service.cancelExport();
  source.resolve({ file: 'archive', key: '00' });
  await expect(first).rejects.toMatchObject({ failure: { code: 'CANCELED' } });
  expect(written).toEqual([]);
  expect(await service.export(wish)).toMatchObject({ saved: true, rows: 1 });
});
