import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { protocols, type SessionFilter, sessionStates } from '../../../contract/session.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import { Choices } from '../../ui/filter/Choices.tsx';
import classes from '../../ui/filter/Filter.module.css';
import { FilterPill } from '../../ui/filter/FilterPill.tsx';
import { MoreFilters } from '../../ui/filter/MoreFilters.tsx';
import { RangeEditor } from '../../ui/filter/RangeEditor.tsx';
import { SavedFilters } from '../../ui/filter/SavedFilters.tsx';
import { WordsEditor } from '../../ui/filter/WordsEditor.tsx';
import { type FilterName, filterNames, isEmpty, isSet, pillText, pinned, startedOf, without } from './filter.ts';
import { useFilterWords } from './filter-words.ts';

type Props = { filter: SessionFilter; onChange: (filter: SessionFilter) => void; children: ReactNode };

/** The pills over the table, one for each filter; `children` stand at the end of the line. */
export function FilterBar({ filter, onChange, children }: Props) {
  const { t } = useTranslation();
  const words = useFilterWords();
  const saved = useSettings().savedFilters;
  const [open, setOpen] = useState<FilterName | null>(null);
  const shown = filterNames.filter((name) => pinned.includes(name) || isSet(filter, name) || open === name);

  return (
    <div className={classes.bar} role="toolbar" aria-label={t('filter.bar')}>
      {shown.map((name) => (
        <FilterPill
          key={name}
          {...pillText(filter, name, words)}
          opened={open === name}
          width={name === 'started' ? 290 : 250}
          onOpen={(opened) => setOpen((now) => (opened ? name : now === name ? null : now))}
          onClear={() => onChange(without(filter, name))}
        >
          <Editor name={name} filter={filter} onChange={onChange} close={() => setOpen(null)} />
        </FilterPill>
      ))}
      <MoreFilters
        names={filterNames.filter((name) => !shown.includes(name))}
        label={(name) => t(`sessions.filter.${name}`)}
        onChoose={setOpen}
      />
      <SavedFilters
        saved={saved}
        current={isEmpty(filter) ? null : filter}
        onApply={onChange}
        onChange={(savedFilters) => void changeSettings({ savedFilters })}
      />
      {!isEmpty({ ...filter, text: undefined }) && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => onChange(filter.text === undefined ? {} : { text: filter.text })}
        >
          {t('filter.clear')}
        </Button>
      )}
      <div className={classes.end}>{children}</div>
    </div>
  );
}

type EditorProps = {
  name: FilterName;
  filter: SessionFilter;
  onChange: (filter: SessionFilter) => void;
  close: () => void;
};

function Editor({ name, filter, onChange, close }: EditorProps) {
  const { t } = useTranslation();
  switch (name) {
    case 'started':
      return (
        <RangeEditor
          range={startedOf(filter)}
          onChange={({ from, until }) =>
            onChange({
              ...without(filter, 'started'),
              ...(from !== undefined && { startedFrom: from }),
              ...(until !== undefined && { startedUntil: until }),
            })
          }
          close={close}
        />
      );
    case 'protocols':
      return (
        <Choices
          label={t('sessions.filter.protocols')}
          options={protocols.map((value) => ({ value, label: value }))}
          value={filter.protocols ?? []}
          onChange={(protocols) => onChange({ ...filter, protocols })}
        />
      );
    case 'states':
      return (
        <Choices
          label={t('sessions.filter.states')}
          options={sessionStates.map((value) => ({ value, label: t(`sessions.state.${value}`) }))}
          value={filter.states ?? []}
          onChange={(states) => onChange({ ...filter, states })}
        />
      );
    default:
      return (
        <WordsEditor
          label={t(`sessions.filter.${name}`)}
          value={filter[name] ?? ''}
          onApply={(value) => onChange({ ...filter, [name]: value })}
          close={close}
        />
      );
  }
}
