import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AccessRequest } from '../../contract/request.ts';
import type { Kind } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import { createGateway, type Gateway } from '../../main/gateway/client.ts';
import { createClock } from '../../main/gateway/clock.ts';
import type { TestGateway } from './gateway.ts';

/** The gateway as a signed-in demo person calls it, without a window. */
export async function personAt(gateway: Pick<TestGateway, 'url'>, userName: string): Promise<Gateway> {
  let token: string | null = null;
  const made = createGateway({
    address: gateway.url,
    fetch: (url, init) => fetch(url, init),
    certificates: () => null,
    credentials: { accessToken: async () => token, renew: () => enter() },
    clock: createClock(),
  });
  const enter = async () => {
    token = (await made.calls.identity.signIn({ userName, password: 'demo-oversight' })).accessToken;
  };
  await enter();
  return made;
}

/** Has `asker` ask for a session from now on, and `approver` approve it. */
export async function grant(
  asker: Gateway,
  approver: Gateway,
  wish: { sessionId: string; kind?: Kind; windowMs: number },
): Promise<AccessRequest> {
  const { reasons } = await asker.calls.policy();
  const request = await asker.calls.requests.create({
    key: randomUUID(),
    sessionId: wish.sessionId,
    kind: wish.kind ?? 'recording',
    justification: 'Review of the change in the night',
    reasonId: reasons[0]?.id ?? '',
    governanceCode: 'CHG-0001',
    window: { start: toInstant(Date.now()), end: toInstant(Date.now() + wish.windowMs) },
  });
  return approveIt(approver, request);
}

export function approveIt(approver: Gateway, { id, version }: AccessRequest): Promise<AccessRequest> {
  return approver.calls.requests.decide({ key: randomUUID(), id, version, verdict: 'approve', comment: '' });
}

/** Adds a recorded session whose recording lies in `folder`; with `live`, one that runs and whose stream is that folder for ever. */
export async function addRecording(
  gateway: TestGateway,
  id: string,
  folder: string,
  durationMs: number,
  live = false,
): Promise<void> {
  const file = path.join(gateway.dataDir, `${id}.json`);
  const session = {
    id,
    user: 'akim',
    credential: 'root',
    device: `${id}.example`,
    originIp: '10.4.1.80',
    protocol: 'SSH',
    startedAt: toInstant(Date.now() - 3_600_000),
    durationMs: live ? null : durationMs,
    state: live ? 'live' : 'recorded',
    route: 'Infrastructure approvers',
    events: [{ atMs: 2_000, type: 'command', text: 'sudo -i' }],
    ...(live ? { livestream: { type: 'live-loop', path: folder } } : { recording: { type: 'folder', path: folder } }),
  };
  await writeFile(file, JSON.stringify(session));
  await gateway.command('session', 'add', file);
}
