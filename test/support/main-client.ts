import type { EventPayload } from '../../contract/events.ts';
import { fail } from '../../contract/failure.ts';
import type { Synchronisation } from '../../contract/history.ts';
import { User } from '../../contract/identity.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { type Archive, createArchive } from '../../main/archive/archive.ts';
import { createExports } from '../../main/export/exports.ts';
import { createGateway, type Gateway } from '../../main/gateway/client.ts';
import { createClock } from '../../main/gateway/clock.ts';
import { createConnection } from '../../main/gateway/connection.ts';
import { createRecord, type RecordKept } from '../../main/history/record.ts';
import { createHistory, type HistoryService } from '../../main/history/service.ts';
import { createDrafts, type Drafts } from '../../main/requests/drafts.ts';
import { createRequests, type RequestService } from '../../main/requests/service.ts';
import { createSessions, type Publish, type SessionService } from '../../main/sessions/service.ts';
import { createReceiptKey } from '../../main/viewing/receipt-key.ts';
import { forkArchive } from './archive-process.ts';
import { until } from './processes.ts';

/** Main's services of one signed-in person, as main makes them, without windows. */
export type MainClient = {
  user: User;
  gateway: Gateway;
  requests: RequestService;
  drafts: Drafts;
  sessions: SessionService;
  line(): 'signed-out' | 'connecting' | 'online' | 'offline';
  retryNow(): void;
  /** Every request that the windows were told of, in order, and the ids that were taken away. */
  told: AccessRequest[];
  removed: string[];
  archive: Archive;
  record: RecordKept;
  history: HistoryService;
  /** What was said about the archive, how far it was, and what was reported as unforeseen. */
  notices: string[];
  progress: Synchronisation[];
  errors: unknown[];
  stop(): Promise<void>;
};

/**
 * Signs a demo person in at `url` and follows its events. The archive is kept in `userData`, by the account. `wait` stands for the pauses
 * between two tries of a call.
 */
export async function startMainClient(
  url: string,
  userName: string,
  userData: string,
  options: { wait?: (ms: number) => Promise<void> } = {},
): Promise<MainClient> {
  const clock = createClock();
  const told: AccessRequest[] = [];
  const removed: string[] = [];
  let token: string | null = null;
  let refreshToken = '';
  const gateway = createGateway({
    address: url,
    fetch: (address, init) => fetch(address, init),
    certificates: () => null,
    credentials: {
      accessToken: async () => token,
      renew: async () => {
        const renewed = await gateway.calls.identity.refresh({ refreshToken });
        token = renewed.accessToken;
        refreshToken = renewed.refreshToken;
      },
    },
    clock,
    ...options,
  });
  const given = await gateway.calls.identity.signIn({ userName, password: 'demo-oversight' });
  token = given.accessToken;
  refreshToken = given.refreshToken;
  const user = User.parse(given.user);
  const archive = createArchive({ userData, fork: forkArchive, report: () => '', lost: () => undefined });
  if ((await archive.open(user.accountId, Buffer.alloc(32, 5))).length > 0) fail('ARCHIVE_FAILED');
  const connection = createConnection(
    clock,
    () => undefined,
    () => undefined,
  );
  const notices: string[] = [];
  const progress: Synchronisation[] = [];
  const publish: Publish = (name, payload) => {
    if (name === 'storage-notice') notices.push((payload as EventPayload<'storage-notice'>).notice);
    if (name === 'synchronisation') progress.push(payload as Synchronisation);
    if (name !== 'requests') return;
    const news = payload as EventPayload<'requests'>;
    told.push(...news.changed);
    removed.push(...news.removed);
  };
  const errors: unknown[] = [];
  const report = (error: unknown) => {
    errors.push(error);
    return '';
  };
  let trusted: string | null = null;
  const receiptKey = createReceiptKey({
    said: gateway.receiptKey,
    ask: gateway.about,
    remembered: {
      get: async () => trusted,
      async keep(key) {
        trusted = key;
      },
    },
    changed: () => undefined,
    report,
  });
  const record = createRecord({
    gateway: () => gateway,
    archive,
    clock,
    wantedDays: () => 90,
    sealKey: receiptKey.get,
    publish,
    report,
  });
  const drafts = createDrafts({ gateway: () => gateway, archive, clock, publish });
  const requests = createRequests({
    gateway: () => gateway,
    archive,
    clock,
    personId: () => user.id,
    ...record,
    drafts,
    publish,
  });
  const exports = createExports({ gateway: () => gateway, line: () => line(), archive, clock, policy: () => requests.policy() });
  const history = createHistory({
    gateway: () => gateway,
    archive,
    clock,
    ...record,
    publish,
    exports,
    exporter: { run: async () => fail('CANCELED'), cancel: () => undefined },
    reportFacts: async () => fail('CANCELED'),
    chooseFile: async () => null,
    fonts: '',
  });
  const line = () => connection.get().state;
  const sessions = createSessions({
    gateway: () => gateway,
    line,
    archive,
    keeping: record.keeping,
    clock,
    publish,
    chooseFile: async () => null,
    exports,
  });
  connection.start(gateway, async (event) => {
    sessions.heard(event);
    await requests
      .heard(event)
      .finally(() => record.sync.heard(event))
      .catch(report);
  });
  await until('the line to the gateway', () => line() === 'online', 60_000, 10);
  return {
    user,
    gateway,
    requests,
    drafts,
    sessions,
    line,
    retryNow: connection.retryNow,
    told,
    removed,
    archive,
    record,
    history,
    notices,
    progress,
    errors,
    async stop() {
      connection.stop();
      record.sync.stop();
      record.check.stop();
      record.retention.stop();
      await archive.stop();
    },
  };
}
