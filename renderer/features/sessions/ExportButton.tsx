import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EventPayload } from '../../../contract/events.ts';
import type { Failure } from '../../../contract/failure.ts';
import type { SessionColumn } from '../../../contract/settings.ts';
import { call, on } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { useFailureText } from '../../ui/Failure.tsx';
import classes from '../../ui/filter/Filter.module.css';
import { inOrder } from './grid.ts';
import type { Search } from './list.ts';

type State =
  | { name: 'idle' }
  | { name: 'exporting'; progress: EventPayload<'export-progress'> | null }
  | { name: 'failed'; failure: Failure };

/** Writes every session that fits to a CSV file, and says how far it is. */
export function ExportButton({ search, chosen }: { search: Search; chosen: readonly SessionColumn[] }) {
  const { t } = useTranslation();
  const [state, setState] = useState<State>({ name: 'idle' });
  const isExporting = state.name === 'exporting';

  useEffect(() => {
    if (!isExporting) return;
    return on('export-progress', (progress) => setState({ name: 'exporting', progress }));
  }, [isExporting]);

  const run = async (): Promise<void> => {
    if (isExporting) return;
    setState({ name: 'exporting', progress: null });
    try {
      const answer = await call('sessions.export', { query: search, columns: [...inOrder(chosen)] });
      if (answer.saved) notify(t('sessions.exported', { count: answer.rows }));
      setState({ name: 'idle' });
    } catch (error) {
      const failure = failureOf(error);
      setState(failure.code === 'CANCELED' ? { name: 'idle' } : { name: 'failed', failure });
    }
  };

  const text = (): string => {
    if (state.name !== 'exporting') return t('sessions.export');
    if (!state.progress) return t('sessions.exporting');
    const { rows, total } = state.progress;
    return total === null ? t('sessions.exportingRows', { count: rows }) : t('sessions.exportingOf', { rows, total });
  };

  return (
    <>
      <Button className={classes.tool} variant="default" size="compact-sm" aria-disabled={isExporting} onClick={() => void run()}>
        {text()}
      </Button>
      {state.name === 'failed' && <SayFailed failure={state.failure} />}
    </>
  );
}

function SayFailed({ failure }: { failure: Failure }) {
  const { t } = useTranslation();
  const { what, todo } = useFailureText(failure);
  useEffect(() => {
    notify(`${t('sessions.exportFailed')} ${what} ${todo}`, 'problem');
  }, [t, what, todo]);
  return null;
}
