/** biome-ignore-all lint/a11y/useSemanticElements: what is drawn row by row cannot be a table element */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import { useFailureText } from '../../ui/Failure.tsx';
import classes from './SessionsGrid.module.css';

/** The last row, when the next page could not be had. */
export function MoreFailed({ failure, retry }: { failure: Failure; retry: () => void }) {
  const { t } = useTranslation();
  const { what } = useFailureText(failure);
  return (
    <div role="gridcell" tabIndex={-1} className={classes.failedRow}>
      <span role="alert">
        {t('sessions.moreFailed')} {what}
      </span>
      <Button size="compact-xs" variant="default" onClick={retry}>
        {t('sessions.retry')}
      </Button>
    </div>
  );
}
