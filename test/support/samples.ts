import type { User } from '../../contract/identity.ts';
import type { AccessRequest, Draft, Policy } from '../../contract/request.ts';
import type { Session } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';

/** Things of the contract as they could be, each with whatever a test wants of it. Times are around `noonMs`. */
export const noonMs = Date.UTC(2026, 10, 24, 12);
export const hourMs = 3_600_000;

export const me: User = {
  id: 'p-me',
  userName: 'me',
  displayName: 'Mara Evers',
  accountId: 'a-me',
  roles: ['PAM Auditor'],
  permissions: ['PAM.SessionManagement.Recording'],
  approverGroups: [],
};

export function sampleSession(number: number, more: Partial<Session> = {}): Session {
  return {
    id: `S-${String(number).padStart(6, '0')}`,
    user: `user${number % 7}`,
    credential: 'root',
    device: `srv-${number % 11}`,
    protocol: 'SSH',
    startedAt: toInstant(noonMs - number * 60_000),
    durationMs: 90_000 + number,
    state: 'recorded',
    commandCount: 3,
    alertCount: 0,
    originIp: '10.0.0.1',
    proxy: 'proxy-1',
    reason: 'Change',
    justification: 'Planned maintenance',
    audited: null,
    access: { recording: { state: 'ask', after: 'nothing' }, livestream: { state: 'unavailable', why: 'not-live' } },
    ...more,
  };
}

export function sampleRequest(number: number, more: Partial<AccessRequest> = {}): AccessRequest {
  const { id, user, credential, device, protocol, startedAt, durationMs, state, commandCount, alertCount } =
    sampleSession(number);
  const window = { start: toInstant(noonMs), end: toInstant(noonMs + 2 * hourMs) };
  return {
    id: `R-${String(number).padStart(6, '0')}`,
    version: 1,
    kind: 'recording',
    session: { id, user, credential, device, protocol, startedAt, durationMs, state, commandCount, alertCount },
    requester: { id: 'p-other', userName: 'other', displayName: 'Otto Ther' },
    justification: 'Review of the change in the night',
    reason: { id: 'incident', label: 'Incident investigation' },
    governanceCode: null,
    asked: window,
    window,
    createdAt: toInstant(noonMs - number * 60_000),
    deadline: toInstant(noonMs + hourMs),
    levels: [{ level: 1, group: { id: 'g', name: 'Approvers' }, needed: 1 }],
    decisions: [],
    state: { status: 'pending', level: 1 },
    may: {
      decide: { allowed: true },
      cancel: { allowed: false, why: 'NOT_THE_REQUESTER' },
      revoke: { allowed: false, why: 'NOT_REVOCABLE' },
    },
    ...more,
  };
}

export function sampleDraft(more: Partial<Draft> = {}): Draft {
  return {
    sessionId: 'S-000001',
    kind: 'recording',
    key: '0193a0f0-0000-7000-8000-000000000001',
    justification: 'Half a sen',
    reasonId: null,
    governanceCode: '',
    start: null,
    end: null,
    ...more,
  };
}

export function samplePolicy(more: Partial<Policy> = {}): Policy {
  return {
    approvalEnabled: true,
    operatorsWatchDirectly: true,
    recordedPersonMayNotApprove: true,
    approvalDeadlineMs: hourMs,
    maxWindowMs: 8 * hourMs,
    maxStartAheadMs: 24 * hourMs,
    minJustificationLength: 10,
    governanceCode: { label: 'Ticket', required: false, pattern: null },
    reasons: [{ id: 'incident', label: 'Incident investigation' }],
    snapshotsAllowed: false,
    batchDecisionsAllowed: false,
    stepUp: 'none',
    exportsAllowed: true,
    retentionDays: 3650,
    notKept: [],
    ...more,
  };
}
