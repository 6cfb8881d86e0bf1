import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toMs } from '../../../contract/time.ts';
import { spokenIn } from '../../store/spoken.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { useZone } from '../../store/use-zone.ts';
import type { AccessWords } from './access.ts';
import type { CellWords } from './cells.tsx';

/** What `accessLabel` needs, in the person's language and zone. */
export function useAccessWords(): AccessWords {
  const { t, i18n } = useTranslation();
  const zone = useZone();
  const nowMs = useGatewayNow('half-minute');
  return useMemo(() => {
    const spoken = spokenIn(i18n.language, zone, nowMs);
    return { t: (key, values) => t(key, values ?? { at: '' }), at: (instant) => spoken.short(toMs(instant)) };
  }, [t, i18n.language, zone, nowMs]);
}

/** Words and times for every cell of the table, made once for all of them. */
export function useCellWords(): CellWords {
  const { t } = useTranslation();
  const times = useTimes();
  const access = useAccessWords();
  return useMemo(
    () => ({
      times,
      access,
      state: (state) => t(`sessions.state.${state}`),
      audited: (verdict) => t('sessions.auditedAs', { verdict: t(`review.verdicts.${verdict}`) }),
      running: t('sessions.running'),
    }),
    [t, times, access],
  );
}
