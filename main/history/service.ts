import type { MessagePortMain } from 'electron';
import { JsonText } from '../../contract/bridge.ts';
import type { CallOutput, CallParsed } from '../../contract/calls.ts';
import { fail } from '../../contract/failure.ts';
import type { HistoryField, HistoryFilter, HistoryItem, HistoryQuery } from '../../contract/history.ts';
import type { Archive } from '../archive/archive.ts';
import type { Exporter } from '../export/exporter.ts';
import type { Exports } from '../export/exports.ts';
import type { ReportFacts } from '../export/job.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import { isOutOfReach, type Publish } from '../sessions/service.ts';
import type { ChooseFile } from '../shell/save-dialog.ts';
import type { RecordKept } from './record.ts';

export interface HistoryService {
  page(query: HistoryQuery, from: number, limit: number): Promise<JsonText<CallOutput<'history.page'>>>;
  /** Gives the archive's process a port to a page that wants rows from it; where nobody is signed in the port ends. */
  introduce(port: MessagePortMain): void;
  count(query: HistoryQuery): Promise<CallOutput<'history.count'>>;
  get(requestId: string): Promise<CallOutput<'history.get'>>;
  figures(filter: HistoryFilter): Promise<JsonText<CallOutput<'history.figures'>>>;
  values(field: HistoryField, text: string): Promise<CallOutput<'history.values'>>;
  status(): Promise<CallOutput<'history.status'>>;
  export(input: CallParsed<'history.export'>): Promise<CallOutput<'history.export'>>;
  cancelExport(): void;
  /** The person wants history kept for another time: what is too old goes, what was left out comes. */
  daysChanged(): void;
}

/** History: what is on record, read from the archive of this computer, online and offline alike. */
export function createHistory(
  options: {
    gateway: () => Gateway;
    archive: Archive;
    clock: Pick<Clock, 'now'>;
    publish: Publish;
    exports: Exports;
    exporter: Exporter;
    /** What a report says of itself, as of now. */
    reportFacts: () => Promise<ReportFacts>;
    /** Asks the person where to save; null when they do not want to. */
    chooseFile: ChooseFile;
    /** The folder of the fonts of reports. */
    fonts: string;
  } & Pick<RecordKept, 'keeping' | 'sync' | 'check' | 'retention'>,
): HistoryService {
  const { gateway, archive, clock, publish, exports, exporter, keeping, sync, check, retention } = options;
  /** Whether the person has canceled the export that is being prepared or written. */
  let isCanceled = false;

  /** What is kept, with what may not be kept asked for at the gateway while it can be reached; else it is said what is missing. */
  async function whole(item: HistoryItem): Promise<HistoryItem> {
    const missing = await keeping.notKept();
    if (missing.length === 0) return item;
    try {
      const asked = gateway();
      const [request, details] = await Promise.all([
        asked.calls.requests.get({ id: item.request.id }),
        item.session && asked.calls.sessions.get({ id: item.session.id }),
      ]);
      return { ...item, request, session: details?.session ?? null };
    } catch (error) {
      if (!isOutOfReach(error)) throw error;
      return { ...item, notKept: missing };
    }
  }

  return {
    async page(query, from, limit) {
      gateway();
      return new JsonText(await archive.text('history.page', { query, from, limit, nowMs: clock.now() }));
    },
    introduce(port) {
      try {
        gateway();
        archive.introduce(port, clock.now());
      } catch {
        port.close();
      }
    },
    async count(query) {
      gateway();
      return archive.call('history.count', { query, nowMs: clock.now() });
    },
    async get(requestId) {
      gateway();
      const { item } = await archive.call('history.get', { requestId });
      if (item === null) return fail('NOT_FOUND', { what: 'request' });
      return whole({ ...item, confirmation: await check.confirm(requestId), notKept: [] });
    },
    async figures(filter) {
      gateway();
      return new JsonText(await archive.text('history.figures', { filter, nowMs: clock.now() }));
    },
    async values(field, text) {
      gateway();
      return archive.call('history.values', { field, text, nowMs: clock.now() });
    },
    async status() {
      gateway();
      const [{ value }, { total }] = await Promise.all([
        archive.call('meta.get', { name: 'synchronised' }),
        archive.call('history.count', {
          query: { filter: {}, sort: { by: 'createdAt', direction: 'desc' } },
          nowMs: clock.now(),
        }),
      ]);
      return { synchronisation: sync.state(), synchronisedAt: value, requests: total };
    },
    async export({ query, format, byteOrderMark }) {
      isCanceled = false;
      await exports.check();
      const facts = await options.reportFacts();
      const file = await options.chooseFile(`history-${facts.at.slice(0, 10)}.${format}`, format);
      if (file === null) return { saved: false };
      const saved = await exports.save(file, { format, subject: { of: 'history', query } }, async (unfinished) => {
        const source = await archive.source();
        // Before there is a process, nobody but us hears of it.
        if (isCanceled) fail('CANCELED');
        return exporter.run(
          { source, file: unfinished, format, query, byteOrderMark, facts, fonts: options.fonts },
          (rows, total) => publish('export-progress', { rows, total }),
        );
      });
      return { saved: true, ...saved };
    },
    cancelExport() {
      isCanceled = true;
      exporter.cancel();
    },
    daysChanged() {
      retention.recheck();
      void sync.pull().catch(() => undefined);
    },
  };
}
