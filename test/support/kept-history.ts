import type { HistoryQuery, ViewingRecord } from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { toInstant } from '../../contract/time.ts';
import { createArchiveHandlers } from '../../main/archive/handlers.ts';
import type { ExportJob } from '../../main/export/job.ts';
import { noonMs, sampleRequest } from './samples.ts';

export const archiveKey = '05'.repeat(32);
export const newestFirst: HistoryQuery = { filter: {}, sort: { by: 'createdAt', direction: 'desc' } };

/** An archive on disk with these requests and viewings, closed again. Answers with its file. */
export async function keepHistory(folder: string, requests: AccessRequest[], viewings: ViewingRecord[] = []): Promise<string> {
  const handlers = createArchiveHandlers();
  await handlers.open({ folder, name: 'history', key: archiveKey });
  for (let at = 0; at < requests.length; at += 1000) await handlers['requests.put']({ items: requests.slice(at, at + 1000) });
  await handlers['viewings.put']({ items: viewings });
  await handlers.close({});
  return `${folder}/history.archive`;
}

/** What main would send to the exporting process. */
export function exportJob(archive: string, file: string, more: Partial<ExportJob> = {}): ExportJob {
  return {
    source: { file: archive, key: archiveKey },
    file,
    format: 'csv',
    query: newestFirst,
    byteOrderMark: false,
    facts: {
      language: 'en',
      at: toInstant(noonMs),
      gatewayZoneMinutes: -180,
      gateway: 'Bank gateway',
      person: { id: 'p-me', userName: 'marta.reis', displayName: 'Marta Reis', roles: ['PAM Auditor'] },
      version: '1.2.3',
    },
    fonts: 'node_modules/@fontsource',
    ...more,
  };
}

/** A request that was approved, watched and revoked, with whatever a person can type. */
export function eventfulRequest(number: number, more: Partial<AccessRequest> = {}): AccessRequest {
  const ana = { id: 'p-ana', userName: 'ana.prado', displayName: 'Ana Prado' };
  const at = (minutes: number) => toInstant(noonMs - number * 60_000 + minutes * 60_000);
  return sampleRequest(number, {
    requester: { id: 'p-joao', userName: 'joao', displayName: 'João Conceição' },
    justification: '=HYPERLINK("http://x","y"), “aspas”\nsegunda linha: 调查昨晚的变更记录',
    governanceCode: '+CHG-1',
    decisions: [{ by: ana, level: 1, verdict: 'approve', comment: '-2 minutes, please', at: at(3) }],
    state: { status: 'revoked', at: at(30), by: ana, comment: 'Łódź: enough seen' },
    ...more,
  });
}

export function viewingOf(request: AccessRequest, more: Partial<ViewingRecord> = {}): ViewingRecord {
  return {
    id: `V-${request.id}`,
    sessionId: request.session.id,
    kind: 'recording',
    requestId: request.id,
    viewer: request.requester,
    startedAt: toInstant(Date.parse(request.createdAt) + 10 * 60_000),
    endedAt: toInstant(Date.parse(request.createdAt) + 15 * 60_000),
    why: 'closed',
    watchedMs: 285_000,
    shown: [{ fromMs: 0, toMs: 285_000 }],
    snapshots: 1,
    receipts: { count: 12, hash: 'ab'.repeat(32) },
    ...more,
  };
}
