import { fail } from '../../contract/failure.ts';
import { User } from '../../contract/identity.ts';
import type { AccessRequest } from '../../contract/request.ts';
import { createArchive } from '../../main/archive/archive.ts';
import { createExports } from '../../main/export/exports.ts';
import { createGateway, type Gateway } from '../../main/gateway/client.ts';
import { createClock } from '../../main/gateway/clock.ts';
import { createConnection } from '../../main/gateway/connection.ts';
import { createDrafts, type Drafts } from '../../main/requests/drafts.ts';
import { createRequests, type RequestService } from '../../main/requests/service.ts';
import { createSessions, type SessionService } from '../../main/sessions/service.ts';
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
  const publish: Parameters<typeof createRequests>[0]['publish'] = (name, payload) => {
    if (name !== 'requests') return;
    const news = payload as { changed: AccessRequest[]; removed: string[] };
    told.push(...news.changed);
    removed.push(...news.removed);
  };
  const drafts = createDrafts({ gateway: () => gateway, archive, clock, publish });
  const requests = createRequests({ gateway: () => gateway, archive, clock, personId: () => user.id, publish, drafts });
  const line = () => connection.get().state;
  const sessions = createSessions({
    gateway: () => gateway,
    line,
    archive,
    clock,
    publish,
    chooseFile: async () => null,
    exports: createExports({ gateway: () => gateway, archive, clock, policy: () => requests.policy() }),
  });
  connection.start(gateway, async (event) => {
    sessions.heard(event);
    await requests.heard(event);
  });
  await until('the line to the gateway', () => line() === 'online', 20_000, 10);
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
    async stop() {
      connection.stop();
      await archive.stop();
    },
  };
}
