import { useTranslation } from 'react-i18next';
import type { AccessRequest, Phase } from '../../../contract/request.ts';
import { toMs } from '../../../contract/time.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { Badge, type Tone } from '../Badge.tsx';

const tones: Record<Phase, Tone> = {
  pending: 'warn',
  scheduled: 'chip',
  open: 'good',
  over: 'chip',
  rejected: 'bad',
  expired: 'chip',
  canceled: 'chip',
  revoked: 'bad',
};
const urgentMs = 15 * 60_000;

/** The phase of a request with the clock that counts in it: what is left to decide, when the window opens or ends. */
export function PhaseBadge({ request, phase }: { request: AccessRequest; phase: Phase }) {
  const { t } = useTranslation();
  const times = useTimes();
  const nowMs = useGatewayNow('second');
  switch (phase) {
    case 'pending': {
      const left = toMs(request.deadline) - nowMs;
      return <Badge tone={left < urgentMs ? 'bad' : 'warn'} text={t('requests.left', { time: times.roughly(left) })} />;
    }
    case 'scheduled':
      return <Badge tone="chip" text={t('requests.opensIn', { time: times.roughly(toMs(request.window.start) - nowMs) })} />;
    case 'open':
      return (
        <Badge
          tone="good"
          dot
          text={`${t('requests.phase.open')} ${t('requests.openUntil', { time: times.clock(request.window.end) })}`}
        />
      );
    default:
      return <Badge tone={tones[phase]} text={t(`requests.phase.${phase}`)} />;
  }
}
