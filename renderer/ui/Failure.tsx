import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Failure as FailureValue } from '../../contract/failure.ts';
import { useTimes } from '../store/time.ts';
import classes from './Empty.module.css';
import { FailureDetail } from './FailureDetail.tsx';
import { type FailureText, failureText, type Say } from './failure-text.ts';

/** What happened and what to do about it, in two sentences. */
export function useFailureText(failure: FailureValue): FailureText {
  return useFailureTexts()(failure);
}

/** The same for a failure that comes later. */
export function useFailureTexts(): (failure: FailureValue) => FailureText {
  const { t } = useTranslation();
  const times = useTimes();
  return (failure) => failureText(failure, times, t as unknown as Say);
}

/** A failure where something should have been, with the way to try again. */
export function Failure({ failure, onRetry }: { failure: FailureValue; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { what, todo, detail } = useFailureText(failure);
  return (
    <div className={classes.empty} role="alert">
      <p className={classes.title}>{what}</p>
      <p className={classes.text}>{todo}</p>
      <FailureDetail detail={detail} />
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('common.actions.retry')}
        </Button>
      )}
    </div>
  );
}
