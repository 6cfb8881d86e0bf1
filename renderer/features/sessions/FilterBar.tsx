import { Button, Checkbox, Menu, Popover, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Protocol, type SessionFilter, SessionState } from '../../../contract/session.ts';
import classes from './FilterBar.module.css';
import { type FilterName, filterNames, isEmpty, isSet, pillText, pinned, type WordsName, without } from './filter.ts';
import { useFilterWords } from './filter-words.ts';
import { SavedFilters } from './SavedFilters.tsx';
import { StartedEditor } from './StartedEditor.tsx';

type Props = { filter: SessionFilter; onChange: (filter: SessionFilter) => void; children: ReactNode };

/** The pills over the table, one for each filter; `children` stand at the end of the line. */
export function FilterBar({ filter, onChange, children }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<FilterName | null>(null);
  const shown = filterNames.filter((name) => pinned.includes(name) || isSet(filter, name) || open === name);
  const others = filterNames.filter((name) => !shown.includes(name));

  return (
    <div className={classes.bar} role="toolbar" aria-label={t('sessions.filter.bar')}>
      {shown.map((name) => (
        <Pill
          key={name}
          name={name}
          filter={filter}
          opened={open === name}
          onOpen={(opened) => setOpen((now) => (opened ? name : now === name ? null : now))}
          onChange={onChange}
        />
      ))}
      {others.length > 0 && (
        <Menu position="bottom-start" shadow="md" returnFocus={false}>
          <Menu.Target>
            <button type="button" className={classes.pill} aria-label={t('sessions.filter.addLabel')}>
              {t('sessions.filter.add')}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((name) => (
              <Menu.Item key={name} onClick={() => setOpen(name)}>
                {t(`sessions.filter.${name}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <SavedFilters filter={filter} onApply={onChange} />
      {!isEmpty({ ...filter, text: undefined }) && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => onChange(filter.text === undefined ? {} : { text: filter.text })}
        >
          {t('sessions.filter.clear')}
        </Button>
      )}
      <div className={classes.end}>{children}</div>
    </div>
  );
}

type PillProps = {
  name: FilterName;
  filter: SessionFilter;
  opened: boolean;
  onOpen: (opened: boolean) => void;
  onChange: (filter: SessionFilter) => void;
};

function Pill({ name, filter, opened, onOpen, onChange }: PillProps) {
  const { t } = useTranslation();
  const words = useFilterWords();
  const text = pillText(filter, name, words);
  const full = text.value === null ? text.name : t('sessions.filter.chip', { name: text.name, value: text.value });
  const close = (): void => onOpen(false);

  return (
    <Popover
      opened={opened}
      onChange={onOpen}
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      width={name === 'started' ? 290 : 250}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.pill}
          data-set={text.value !== null || undefined}
          title={full}
          onClick={() => onOpen(!opened)}
        >
          <span>{full}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text.name}>
        <Stack gap="sm">
          <Editor name={name} filter={filter} onChange={onChange} close={close} />
          {isSet(filter, name) && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              onClick={() => {
                onChange(without(filter, name));
                close();
              }}
            >
              {t('sessions.filter.clearOne')}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Editor({ name, filter, onChange, close }: Omit<PillProps, 'opened' | 'onOpen'> & { close: () => void }) {
  const { t } = useTranslation();
  switch (name) {
    case 'started':
      return (
        <StartedEditor range={filter} onChange={(range) => onChange({ ...without(filter, 'started'), ...range })} close={close} />
      );
    case 'protocols':
      return (
        <Choices
          label={t('sessions.filter.protocols')}
          options={Protocol.options.map((value) => ({ value, label: value }))}
          value={filter.protocols ?? []}
          onChange={(protocols) => onChange({ ...filter, protocols })}
        />
      );
    case 'states':
      return (
        <Choices
          label={t('sessions.filter.states')}
          options={SessionState.options.map((value) => ({ value, label: t(`sessions.state.${value}`) }))}
          value={filter.states ?? []}
          onChange={(states) => onChange({ ...filter, states })}
        />
      );
    default:
      return (
        <WordsEditor
          name={name}
          value={filter[name] ?? ''}
          onApply={(value) => onChange({ ...filter, [name]: value })}
          close={close}
        />
      );
  }
}

function WordsEditor({
  name,
  value,
  onApply,
  close,
}: {
  name: WordsName;
  value: string;
  onApply: (value: string) => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text.trim());
        close();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t(`sessions.filter.${name}`)}
          description={t('sessions.filter.contains')}
          size="sm"
          maxLength={200}
          data-autofocus
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="compact-sm">
          {t('sessions.filter.apply')}
        </Button>
      </Stack>
    </form>
  );
}

type ChoicesProps<T extends string> = {
  label: string;
  options: readonly { value: T; label: string }[];
  value: readonly T[];
  onChange: (value: T[]) => void;
};

function Choices<T extends string>({ label, options, value, onChange }: ChoicesProps<T>) {
  return (
    <Checkbox.Group
      label={label}
      value={[...value]}
      onChange={(chosen) => onChange(options.map((option) => option.value).filter((option) => chosen.includes(option)))}
    >
      <Stack gap={8} mt={8}>
        {options.map((option, index) => (
          <Checkbox
            key={option.value}
            size="xs"
            value={option.value}
            label={option.label}
            data-autofocus={index === 0 || undefined}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
