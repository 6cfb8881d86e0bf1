import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { call, on } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { useSettings } from '../../store/settings.ts';
import { useTimes } from '../../store/time.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import barClasses from '../../ui/filter/Filter.module.css';
import { SearchBox } from '../../ui/filter/SearchBox.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { ExportButton } from './ExportButton.tsx';
import { FilterBar } from './FilterBar.tsx';
import { isEmpty } from './filter.ts';
import { SessionsGrid } from './SessionsGrid.tsx';
import classes from './SessionsScreen.module.css';
import { createSessionsList, type SessionsList } from './store.ts';

let list: SessionsList | null = null;

/** One list for the whole window: who comes back from a session finds it as it was. */
function sessionsList(): SessionsList {
  list ??= createSessionsList({ call, on });
  return list;
}

/** Remote Sessions: search, filters, the table. */
export function SessionsScreen() {
  const { t } = useTranslation();
  const sessions = sessionsList();
  const { columns } = useSettings();
  const search = sessions.use((state) => state.search);
  const state = sessions.use((it) => it.list);
  const connection = useConnection();

  useEffect(() => sessions.open(), [sessions]);

  const shown = state.name === 'shown' ? state : null;
  const isBehind = shown?.found.from === 'archive' && connection.state === 'ready' && connection.value.state === 'online';
  useEffect(() => {
    if (isBehind) sessions.refresh();
  }, [isBehind, sessions]);

  const { filter, sort } = search;
  const total = shown?.found.total ?? null;
  const find = (next: typeof filter): void => sessions.find({ filter: next, sort });

  return (
    <Screen
      title={t('sessions.title')}
      breadcrumb={[t('sessions.area'), t('sessions.group')]}
      toolbar={
        <SearchBox
          label={t('sessions.searchLabel')}
          placeholder={t('sessions.search')}
          text={filter.text ?? ''}
          onSearch={(text) => find({ ...sessions.use.getState().search.filter, text })}
        />
      }
    >
      <div className={classes.screen}>
        <FilterBar filter={filter} onChange={find}>
          <span className={barClasses.count} role="status">
            {shown?.searching || !shown ? t('sessions.searching') : total === null ? '' : t('sessions.count', { count: total })}
          </span>
          <ColumnsMenu chosen={columns} />
          <ExportButton search={search} chosen={columns} />
        </FilterBar>
        {shown?.found.from === 'archive' && connection.state === 'ready' && connection.value.state === 'offline' && (
          <ArchiveNote asOf={shown.found.asOf} />
        )}
        {state.name === 'failed' ? (
          <div className={classes.instead}>
            <Failure failure={state.failure} onRetry={sessions.refresh} />
          </div>
        ) : shown && shown.found.items.length === 0 && !shown.searching ? (
          <div className={classes.instead}>
            {isEmpty(filter) ? (
              <Empty
                title={t('sessions.empty.title')}
                text={t(shown.found.from === 'archive' ? 'sessions.empty.archive' : 'sessions.empty.text')}
              />
            ) : (
              <Empty title={t('sessions.empty.noMatch')} text={t('sessions.empty.noMatchText')}>
                <Button variant="default" onClick={() => find({})}>
                  {t('filter.clear')}
                </Button>
              </Empty>
            )}
          </div>
        ) : (
          <SessionsGrid sessions={sessions} chosen={columns} />
        )}
      </div>
    </Screen>
  );
}

function ArchiveNote({ asOf }: { asOf: string }) {
  const { t } = useTranslation();
  const { moment } = useTimes();
  return (
    <div className={classes.archive} role="status">
      {t('sessions.fromArchive', { at: moment(asOf) })}
    </div>
  );
}
