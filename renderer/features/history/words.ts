import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toMs } from '../../../contract/time.ts';
import { useLanguage } from '../../store/language.ts';
import { useRangeWords } from '../../ui/filter/use-range-words.ts';
import type { FilterWords } from './filter.ts';

/** How the days that weeks begin with are said: "16 Nov". Weeks begin in UTC, whatever zone the person reads times in. */
export function useWeekDay(): (start: string) => string {
  const language = useLanguage();
  return useMemo(() => {
    const year = new Intl.DateTimeFormat(language, { timeZone: 'UTC', year: 'numeric', day: 'numeric', month: 'short' });
    const short = new Intl.DateTimeFormat(language, { timeZone: 'UTC', day: 'numeric', month: 'short' });
    const thisYear = new Date().getUTCFullYear();
    return (start) => {
      const ms = toMs(start);
      return (new Date(ms).getUTCFullYear() === thisYear ? short : year).format(ms).replace(/\.$/, '');
    };
  }, [language]);
}

/** What `pillText` and `filterLines` need, in the person's language and zone. */
export function useFilterWords(): FilterWords {
  const { t } = useTranslation();
  const { range } = useRangeWords();
  const day = useWeekDay();
  return useMemo(
    () => ({
      name: (name) => t(`history.filter.${name}`),
      phase: (phase) => t(`requests.phase.${phase}`),
      kind: (kind) => t(`common.kind.${kind}`),
      watched: (watched) => t(watched ? 'history.filter.watched_true' : 'history.filter.watched_false'),
      range,
      week: (start) => t('history.filter.week', { day: day(start) }),
    }),
    [t, range, day],
  );
}
