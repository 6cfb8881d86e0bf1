import type { ReactNode } from 'react';
import type { AuditVerdict, Session } from '../../../contract/session.ts';
import type { SessionColumn } from '../../../contract/settings.ts';
import { toMs } from '../../../contract/time.ts';
import { useGatewayNow } from '../../store/time.ts';
import type { Times } from '../../store/times.ts';
import { type AccessWords, accessLabel, shownAccess } from './access.ts';
import { AccessBadge, AuditedSign, StateBadge } from './Badges.tsx';

/** Made once for all rows: words and times in the person's language and zone. */
export type CellWords = {
  times: Times;
  access: AccessWords;
  state(state: Session['state']): string;
  audited(verdict: AuditVerdict): string;
  running: string;
};

/** What each column shows of a session. */
export const cells: Record<SessionColumn, (session: Session, words: CellWords) => ReactNode> = {
  id: ({ id }) => <Text of={id} />,
  user: ({ user }) => <Text of={user} />,
  credential: ({ credential }) => <Text of={credential} />,
  device: ({ device }) => <Text of={device} />,
  protocol: ({ protocol }) => protocol,
  originIp: ({ originIp }) => <Text of={originIp} />,
  proxy: ({ proxy }) => <Text of={proxy} />,
  startedAt: ({ startedAt }, { times }) => times.moment(startedAt),
  duration: ({ durationMs, startedAt, state }, { times, running }) =>
    durationMs !== null ? (
      times.duration(durationMs)
    ) : state === 'live' ? (
      <Running since={startedAt} times={times} label={running} />
    ) : (
      ''
    ),
  state: ({ state, audited }, words) => (
    <>
      <StateBadge state={state} text={words.state(state)} />
      {audited && <AuditedSign verdict={audited} text={words.audited(audited)} />}
    </>
  ),
  access: (session, { access }) => <AccessBadge {...accessLabel(shownAccess(session), access)} />,
  reason: ({ reason }) => <Text of={reason} />,
  justification: ({ justification }) => <Text of={justification} />,
};

/** Text that may be cut off: the whole of it is under the pointer. */
function Text({ of }: { of: string }) {
  return <span title={of}>{of}</span>;
}

function Running({ since, times, label }: { since: string; times: Times; label: string }) {
  return <span title={label}>{times.duration(useGatewayNow('second') - toMs(since))}</span>;
}
