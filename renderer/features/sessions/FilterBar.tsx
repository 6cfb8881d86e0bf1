import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { protocols, type SessionFilter, sessionStates } from '../../../contract/session.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import { Choices } from '../../ui/filter/Choices.tsx';
import { FilterPills, type FilterRules } from '../../ui/filter/FilterPills.tsx';
import { RangeEditor } from '../../ui/filter/RangeEditor.tsx';
import { WordsEditor } from '../../ui/filter/WordsEditor.tsx';
import { type FilterName, filterNames, isEmpty, isSet, pillText, pinned, startedOf, without } from './filter.ts';
import { useFilterWords } from './filter-words.ts';

type Props = { filter: SessionFilter; onChange: (filter: SessionFilter) => void; children: ReactNode };

const rules: FilterRules<SessionFilter, FilterName> = { names: filterNames, pinned, isSet, without, isEmpty };

/** The pills over the table, one for each filter; `children` stand at the end of the line. */
export function FilterBar({ filter, onChange, children }: Props) {
  const { t } = useTranslation();
  const words = useFilterWords();
  return (
    <FilterPills
      rules={rules}
      filter={filter}
      onChange={onChange}
      textOf={(name) => pillText(filter, name, words)}
      labelOf={(name) => t(`sessions.filter.${name}`)}
      isWide={(name) => name === 'started'}
      editor={(name, close) => <Editor name={name} filter={filter} onChange={onChange} close={close} />}
      saved={useSettings().savedFilters}
      onSaved={(savedFilters) => void changeSettings({ savedFilters })}
    >
      {children}
    </FilterPills>
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
