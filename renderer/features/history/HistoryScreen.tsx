import { ActionIcon, Button } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryFilter } from '../../../contract/history.ts';
import { call, on } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { usePolicy } from '../../store/policy.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import { useTimes } from '../../store/time.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure, useFailureText } from '../../ui/Failure.tsx';
import barClasses from '../../ui/filter/Filter.module.css';
import { SearchBox } from '../../ui/filter/SearchBox.tsx';
import { mostRows } from '../../ui/grid/moves.ts';
import { Screen } from '../../ui/Screen.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ExportButton } from './ExportDialog.tsx';
import { isEmpty } from './filter.ts';
import { HistoryDetails } from './HistoryDetails.tsx';
import { HistoryFilters } from './HistoryFilters.tsx';
import { HistoryGrid } from './HistoryGrid.tsx';
import classes from './HistoryScreen.module.css';
import { SynchronisationBar } from './SynchronisationBar.tsx';
import { useHistoryStatus } from './status.ts';
import { createHistoryList, type HistoryList } from './store.ts';

const Figures = lazy(async () => ({ default: (await import('./Figures.tsx')).Figures }));

let list: HistoryList | null = null;

/** One list for the whole window: who comes back finds filters, place and choice as they were. */
function historyList(): HistoryList {
  list ??= createHistoryList({ call, on });
  return list;
}

/** Everything on record that this person may see, from the archive of this computer: the same online and offline. */
export function HistoryScreen() {
  const { t } = useTranslation();
  const history = historyList();
  const query = history.use((state) => state.query);
  // Only what is drawn here: pages come with every few rows that somebody scrolls, and the figures are no part of them.
  const name = history.use(({ list }) => list.name);
  const searching = history.use(({ list }) => list.name === 'waiting' || (list.name === 'shown' && list.searching));
  const total = history.use(({ list }) => (list.name === 'shown' ? list.rows.total : null));
  const failure = history.use(({ list }) => (list.name === 'failed' ? list.failure : null));
  const trouble = history.use(({ list }) => (list.name === 'shown' ? list.trouble : null));
  const currentId = history.use(({ current }) => current?.id ?? null);
  const { figuresShown } = useSettings();
  useEffect(() => history.open(), [history]);
  useEffect(() => void usePolicy.load(), []);

  const { filter } = query;
  const find = useCallback(
    (next: HistoryFilter): void => history.find({ ...history.use.getState().query, filter: next }),
    [history],
  );
  const isNothing = name === 'shown' && !searching && total === 0;
  return (
    <Screen
      title={t('history.title')}
      breadcrumb={[t('history.area')]}
      aside={<ArchiveNote />}
      toolbar={
        <SearchBox
          label={t('history.searchLabel')}
          placeholder={t('history.search')}
          text={filter.text ?? ''}
          onSearch={(text) => {
            const now = history.use.getState().query;
            history.find({ ...now, filter: { ...now.filter, text } });
          }}
        />
      }
    >
      <div className={classes.screen}>
        <HistoryFilters filter={filter} onChange={find}>
          <Count total={searching ? null : total} failed={name === 'failed'} />
          <ActionIcon
            variant="default"
            size={28}
            aria-label={t(figuresShown ? 'history.figures.hide' : 'history.figures.show')}
            aria-expanded={figuresShown}
            title={t(figuresShown ? 'history.figures.hide' : 'history.figures.show')}
            onClick={() => void changeSettings({ figuresShown: !figuresShown })}
          >
            <IconChartBar size={16} aria-hidden="true" />
          </ActionIcon>
          <ExportButton query={query} total={total} />
        </HistoryFilters>
        <SynchronisationBar />
        {figuresShown && !(isNothing && isEmpty(filter)) && (
          <Suspense fallback={<div className={classes.figuresComing} />}>
            <Figures filter={filter} onChange={find} />
          </Suspense>
        )}
        {failure !== null ? (
          <div className={classes.instead}>
            <Failure failure={failure} onRetry={history.refresh} />
          </div>
        ) : isNothing ? (
          <div className={classes.instead}>
            <Nothing filtered={!isEmpty(filter)} onClear={() => find({})} />
          </div>
        ) : (
          <div className={classes.panes}>
            <HistoryGrid history={history} />
            {currentId !== null && <HistoryDetails requestId={currentId} onClose={() => history.makeCurrent(null)} />}
          </div>
        )}
        {trouble !== null && <Trouble failure={trouble} onRetry={history.refresh} />}
      </div>
    </Screen>
  );
}

function Count({ total, failed }: { total: number | null; failed: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={barClasses.count} role="status">
      {total === null
        ? failed
          ? ''
          : t('history.searching')
        : total > mostRows
          ? t('history.countMost', { most: mostRows, total })
          : t('history.count', { count: total })}
    </span>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  const status = useHistoryStatus();
  const isReading = status.state === 'ready' && status.value.synchronisation.state === 'reading';
  if (!filtered && isReading) return <Waiting text={t('history.reading.first')} />;
  if (!filtered) return <Empty title={t('history.empty.title')} text={t('history.empty.text')} />;
  return (
    <Empty title={t('history.empty.noMatch')} text={t('history.empty.noMatchText')}>
      <Button variant="default" onClick={onClear}>
        {t('filter.clear')}
      </Button>
    </Empty>
  );
}

/** How old what is shown is, while the gateway cannot be reached. */
function ArchiveNote() {
  const { t } = useTranslation();
  const { said } = useTimes();
  const connection = useConnection();
  const status = useHistoryStatus();
  if (connection.state !== 'ready' || connection.value.state !== 'offline' || status.state !== 'ready') return null;
  const { synchronisedAt } = status.value;
  return (
    <span role="status">
      {synchronisedAt === null ? t('history.fromArchiveEmpty') : t('history.fromArchive', { at: said(synchronisedAt) })}
    </span>
  );
}

function Trouble({ failure, onRetry }: { failure: Parameters<typeof useFailureText>[0]; onRetry: () => void }) {
  const { t } = useTranslation();
  const { what } = useFailureText(failure);
  return (
    <div className={classes.trouble} role="alert">
      <span>
        {t('history.unread')} {what}
      </span>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        {t('common.actions.retry')}
      </Button>
    </div>
  );
}
