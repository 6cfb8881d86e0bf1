import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { useZone } from '../../store/use-zone.ts';
import { atWall, wallOf } from '../../store/zone.ts';
import { type DayStart, type Preset, presetOf, type TimeRange } from './range.ts';

/** Ranges of time in the person's language and zone. */
export type RangeWords = { dayStart: DayStart; preset(preset: Preset): string; range(range: TimeRange): string };

export function useRangeWords(): RangeWords {
  const { t } = useTranslation();
  const { moment } = useTimes();
  const zone = useZone();
  const nowMs = useGatewayNow('half-minute');
  return useMemo(() => {
    const today = { ...wallOf(nowMs, zone), hour: 0, minute: 0 };
    const dayStart: DayStart = (days) => atWall({ ...today, day: today.day + days }, zone);
    const preset = (name: Preset) => t(`filter.preset.${name}`);
    return {
      dayStart,
      preset,
      range(range) {
        const { from, until } = range;
        const named = presetOf(range, dayStart);
        if (named) return preset(named);
        if (from !== undefined && until !== undefined) return t('filter.between', { from: moment(from), until: moment(until) });
        if (from !== undefined) return t('filter.since', { at: moment(from) });
        return until === undefined ? '' : t('filter.before', { at: moment(until) });
      },
    };
  }, [t, moment, zone, nowMs]);
}
