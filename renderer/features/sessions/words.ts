import { useTranslation } from 'react-i18next';
import { useTimes } from '../../store/time.ts';
import type { AccessWords } from './access.ts';

/** What `accessLabel` needs, in the person's language and zone. */
export function useAccessWords(): AccessWords {
  const { t } = useTranslation();
  const { moment } = useTimes();
  return { t: (key, values) => t(key, values ?? {}), clock: moment };
}
