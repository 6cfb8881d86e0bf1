import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Failure as FailureValue } from '../../contract/failure.ts';
import { useTimes } from '../store/time.ts';
import type { Times } from '../store/times.ts';
import classes from './Empty.module.css';

/** What happened and what to do about it, in two sentences. */
export function useFailureText(failure: FailureValue): { what: string; todo: string } {
  return useFailureTexts()(failure);
}

/** The same for a failure that comes later. */
export function useFailureTexts(): (failure: FailureValue) => { what: string; todo: string } {
  const { t } = useTranslation();
  const times = useTimes();
  return (failure) => {
    const words = spoken(failure, times, (key) => t(key as 'common.waiting'));
    const say = (part: 'what' | 'todo'): string =>
      String(t(`failure.${failure.code}.${part}` as 'common.waiting', words as {})).trim();
    return { what: say('what'), todo: say('todo') };
  };
}

/** A failure where something should have been, with the way to try again. */
export function Failure({ failure, onRetry }: { failure: FailureValue; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { what, todo } = useFailureText(failure);
  return (
    <div className={classes.empty} role="alert">
      <p className={classes.title}>{what}</p>
      <p className={classes.text}>{todo}</p>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('common.actions.retry')}
        </Button>
      )}
    </div>
  );
}

const moments = new Set(['deadline', 'from', 'until', 'at']);
const lengths = new Set(['maxMs', 'retryAfterMs']);

/** The data of a failure as words: times as people read them, lists joined, codes translated. */
function spoken(failure: FailureValue, times: Times, t: (key: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(failure.data as Record<string, unknown>).map(([name, value]) => {
      if (typeof value === 'string' && moments.has(name)) return [name, times.moment(value)];
      if (typeof value === 'number' && lengths.has(name)) return [name, times.length(value)];
      if (name === 'why' && failure.code === 'UNREACHABLE') return [name, t(`failure.unreachable.${value}`)];
      if (name === 'status' && typeof value === 'string') return [name, t(`requests.phase.${value}`).toLowerCase()];
      return [name, Array.isArray(value) ? value.join(', ') : String(value)];
    }),
  );
}
