import { Progress } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Synchronisation } from '../../../contract/history.ts';
import classes from './HistoryScreen.module.css';
import { useHistoryStatus } from './status.ts';

/** How far the first reading of everything is, while it goes on. */
export function SynchronisationBar() {
  const status = useHistoryStatus();
  useEffect(() => void useHistoryStatus.load(), []);
  if (status.state !== 'ready' || status.value.synchronisation.state !== 'reading') return null;
  return <Reading {...status.value.synchronisation} />;
}

function Reading({ done, total }: Extract<Synchronisation, { state: 'reading' }>) {
  const { t } = useTranslation();
  const first = t('history.reading.first');
  return (
    <div className={classes.reading} role="status">
      <span>{first}</span>
      <Progress
        className={classes.bar}
        size="sm"
        aria-label={first}
        value={total ? Math.min(100, (done / total) * 100) : 100}
        animated={total === null}
        striped={total === null}
      />
      <span className={classes.numbers}>
        {total === null ? t('history.reading.some', { done }) : t('history.reading.of', { done, total })}
      </span>
    </div>
  );
}
