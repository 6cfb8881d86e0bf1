import { useTranslation } from 'react-i18next';
import type { AccessRequest, Phase } from '../../../contract/request.ts';
import { toMs } from '../../../contract/time.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { Badge, type Tone } from '../Badge.tsx';

type Counting = Extract<Phase, 'pending' | 'scheduled' | 'open'>;
type Clocks = Pick<AccessRequest, 'deadline' | 'window'>;

const tones: Record<Exclude<Phase, Counting>, Tone> = {
  over: 'chip',
  rejected: 'bad',
  expired: 'chip',
  canceled: 'chip',
  revoked: 'bad',
};
const urgentMs = 15 * 60_000;

/** The phase of a request with the clock that counts in it: what is left to decide, when the window opens or ends. */
export function PhaseBadge({ request, phase }: { request: Clocks; phase: Phase }) {
  const { t } = useTranslation();
  switch (phase) {
    case 'pending':
    case 'scheduled':
    case 'open':
      return <CountingBadge request={request} phase={phase} />;
    default:
      return <Badge tone={tones[phase]} text={t(`requests.phase.${phase}`)} />;
  }
}

function CountingBadge({ request, phase }: { request: Clocks; phase: Counting }) {
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
      return phase satisfies never;
  }
}
