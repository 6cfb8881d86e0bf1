import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { useZone } from '../../store/use-zone.ts';
import { atWall, wallOf } from '../../store/zone.ts';
import type { FilterWords } from './filter.ts';

/** What `pillText` and the editor of Started need, in the person's language and zone. */
export function useFilterWords(): FilterWords {
  const { t } = useTranslation();
  const { moment } = useTimes();
  const zone = useZone();
  const nowMs = useGatewayNow('half-minute');
  return useMemo(() => {
    const today = { ...wallOf(nowMs, zone), hour: 0, minute: 0 };
    return {
      name: (name) => t(`sessions.filter.${name}`),
      state: (state) => t(`sessions.state.${state}`),
      preset: (preset) => t(`sessions.filter.started_${preset}`),
      range: ({ startedFrom, startedUntil }) =>
        startedFrom !== undefined && startedUntil !== undefined
          ? t('sessions.filter.between', { from: moment(startedFrom), until: moment(startedUntil) })
          : startedFrom !== undefined
            ? t('sessions.filter.since', { at: moment(startedFrom) })
            : t('sessions.filter.before', { at: moment(startedUntil ?? '') }),
      dayStart: (days) => atWall({ ...today, day: today.day + days }, zone),
    };
  }, [t, moment, zone, nowMs]);
}
