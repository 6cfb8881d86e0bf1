import { Radio, Stack } from '@mantine/core';
import { type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { HistoryField, type HistoryFilter, phases } from '../../../contract/history.ts';
import { Kind } from '../../../contract/session.ts';
import { call } from '../../store/bridge.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import { Choices } from '../../ui/filter/Choices.tsx';
import { FilterPills, type FilterRules } from '../../ui/filter/FilterPills.tsx';
import { RangeEditor } from '../../ui/filter/RangeEditor.tsx';
import { WordsEditor } from '../../ui/filter/WordsEditor.tsx';
import { askedOf, type FilterName, filterNames, isEmpty, isSet, pillText, pinned, withAsked, without } from './filter.ts';
import { useFilterWords } from './words.ts';

type Props = { filter: HistoryFilter; onChange: (filter: HistoryFilter) => void; children: ReactNode };

const rules: FilterRules<HistoryFilter, FilterName> = { names: filterNames, pinned, isSet, without, isEmpty };

/** The pills over the table, one for each filter; `children` stand at the end of the line. */
export function HistoryFilters({ filter, onChange, children }: Props) {
  const { t } = useTranslation();
  const words = useFilterWords();
  return (
    <FilterPills
      rules={rules}
      filter={filter}
      onChange={onChange}
      textOf={(name) => pillText(filter, name, words)}
      labelOf={(name) => t(`history.filter.${name}`)}
      isWide={(name) => name === 'asked'}
      editor={(name, close) => <Editor name={name} filter={filter} onChange={onChange} close={close} />}
      saved={useSettings().savedSearches}
      onSaved={(savedSearches) => void changeSettings({ savedSearches })}
    >
      {children}
    </FilterPills>
  );
}

type EditorProps = {
  name: FilterName;
  filter: HistoryFilter;
  onChange: (filter: HistoryFilter) => void;
  close: () => void;
};

function Editor({ name, filter, onChange, close }: EditorProps) {
  const { t } = useTranslation();
  switch (name) {
    case 'asked':
      return <RangeEditor range={askedOf(filter)} onChange={(range) => onChange(withAsked(filter, range))} close={close} />;
    case 'phases':
      return (
        <Choices
          label={t('history.filter.phases')}
          options={phases.map((value) => ({ value, label: t(`requests.phase.${value}`) }))}
          value={filter.phases ?? []}
          onChange={(chosen) => onChange({ ...filter, phases: chosen })}
        />
      );
    case 'watched':
      return (
        <OneOf
          label={t('history.filter.watched')}
          options={[
            { value: 'yes', label: t('history.filter.watched_true') },
            { value: 'no', label: t('history.filter.watched_false') },
          ]}
          value={filter.watched === undefined ? null : filter.watched ? 'yes' : 'no'}
          onChange={(value) => onChange({ ...filter, watched: value === 'yes' })}
        />
      );
    case 'kind':
      return (
        <OneOf
          label={t('history.filter.kind')}
          options={Kind.options.map((value) => ({ value, label: t(`common.kind.${value}`) }))}
          value={filter.kind ?? null}
          onChange={(kind) => onChange({ ...filter, kind })}
        />
      );
    case 'session':
      return (
        <WordsEditor
          label={t('history.filter.session')}
          value={filter.session ?? ''}
          onApply={(session) => onChange({ ...filter, session })}
          close={close}
        />
      );
    default:
      return <KnownWords name={name} filter={filter} onChange={onChange} close={close} />;
  }
}

/** Words of which those that are on record are offered while one types. */
function KnownWords({ name, filter, onChange, close }: EditorProps & { name: HistoryField }) {
  const { t } = useTranslation();
  const suggest = useCallback(
    async (text: string) => (await call('history.values', { field: HistoryField.enum[name], text })).values,
    [name],
  );
  return (
    <WordsEditor
      label={t(`history.filter.${name}`)}
      value={filter[name] ?? ''}
      suggest={suggest}
      onApply={(value) => onChange({ ...filter, [name]: value })}
      close={close}
    />
  );
}

type OneOfProps<T extends string> = {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T | null;
  onChange: (value: T) => void;
};

function OneOf<T extends string>({ label, options, value, onChange }: OneOfProps<T>) {
  return (
    <Radio.Group label={label} value={value} onChange={(chosen) => onChange(chosen as T)}>
      <Stack gap={8} mt={8}>
        {options.map((option, index) => (
          <Radio
            key={option.value}
            size="xs"
            value={option.value}
            label={option.label}
            data-autofocus={index === 0 || undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
