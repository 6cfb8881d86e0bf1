import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../contract/session.ts';
import { toMs } from '../../../contract/time.ts';
import type { SessionColumn } from '../../../contract/settings.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { shownAccess } from './access.ts';
import { AccessCell, StateCell } from './Badges.tsx';
import { clockDuration } from './grid.ts';

/** What each column shows of a session. */
export const cells: Record<SessionColumn, (session: Session) => ReactNode> = {
  id: ({ id }) => id,
  user: ({ user }) => <Text of={user} />,
  credential: ({ credential }) => <Text of={credential} />,
  device: ({ device }) => <Text of={device} />,
  protocol: ({ protocol }) => protocol,
  originIp: ({ originIp }) => <Text of={originIp} />,
  proxy: ({ proxy }) => <Text of={proxy} />,
  startedAt: ({ startedAt }) => <Moment at={startedAt} />,
  duration: ({ durationMs, startedAt, state }) =>
    durationMs !== null ? clockDuration(durationMs) : state === 'live' ? <Running since={startedAt} /> : '',
  state: ({ state }) => <StateCell state={state} />,
  access: (session) => <AccessCell access={shownAccess(session)} />,
  reason: ({ reason }) => <Text of={reason} />,
  justification: ({ justification }) => <Text of={justification} />,
};

/** Text that may be cut off: the whole of it is under the pointer. */
function Text({ of }: { of: string }) {
  return <span title={of}>{of}</span>;
}

function Moment({ at }: { at: string }) {
  return useTimes().moment(at);
}

function Running({ since }: { since: string }) {
  const { t } = useTranslation();
  const now = useGatewayNow(1000);
  return <span title={t('sessions.running')}>{clockDuration(Math.max(0, now - toMs(since)))}</span>;
}
