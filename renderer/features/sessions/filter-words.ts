import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRangeWords } from '../../ui/filter/use-range-words.ts';
import type { FilterWords } from './filter.ts';

/** What `pillText` needs, in the person's language and zone. */
export function useFilterWords(): FilterWords {
  const { t } = useTranslation();
  const { range } = useRangeWords();
  return useMemo(
    () => ({ name: (name) => t(`sessions.filter.${name}`), state: (state) => t(`sessions.state.${state}`), range }),
    [t, range],
  );
}
