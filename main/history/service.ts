import { JsonText } from '../../contract/bridge.ts';
import type { CallOutput, CallParsed } from '../../contract/calls.ts';
import { fail } from '../../contract/failure.ts';
import type { HistoryField, HistoryFilter, HistoryQuery } from '../../contract/history.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';

export interface HistoryService {
  page(query: HistoryQuery, from: number, limit: number): Promise<JsonText<CallOutput<'history.page'>>>;
  count(query: HistoryQuery): Promise<CallOutput<'history.count'>>;
  get(requestId: string): Promise<CallOutput<'history.get'>>;
  figures(filter: HistoryFilter): Promise<JsonText<CallOutput<'history.figures'>>>;
  values(field: HistoryField, text: string): Promise<CallOutput<'history.values'>>;
  status(): Promise<CallOutput<'history.status'>>;
  export(input: CallParsed<'history.export'>): Promise<CallOutput<'history.export'>>;
  cancelExport(): void;
}

/** History: what is on record, read from the archive of this computer, online and offline alike. */
export function createHistory(options: { gateway: () => Gateway; archive: Archive; clock: Clock }): HistoryService {
  const { gateway, archive, clock } = options;
  return {
    async page(query, from, limit) {
      gateway();
      return new JsonText(await archive.text('history.page', { query, from, limit, nowMs: clock.now() }));
    },
    async count(query) {
      gateway();
      return archive.call('history.count', { query, nowMs: clock.now() });
    },
    async get(requestId) {
      gateway();
      const { item } = await archive.call('history.get', { requestId });
      return item ?? fail('NOT_FOUND', { what: 'request' });
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
      return { synchronisation: { state: 'idle' }, synchronisedAt: value, requests: total };
    },
    export: async () => fail('EXPORT_NOT_ALLOWED'),
    cancelExport: () => undefined,
  };
}
