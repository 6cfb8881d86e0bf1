import { Autocomplete, Button, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const settleMs = 120;

type Props = {
  label: string;
  value: string;
  /** Values that hold some text, to choose from while one types. */
  suggest?: (text: string) => Promise<string[]>;
  onApply: (value: string) => void;
  close: () => void;
};

/** Some words that a value must hold. */
export function WordsEditor({ label, value, suggest, onApply, close }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const apply = (words: string): void => {
    onApply(words.trim());
    close();
  };
  const field = {
    label,
    description: t('filter.contains'),
    size: 'sm',
    maxLength: 200,
    'data-autofocus': true,
    spellCheck: false,
    value: text,
  } as const;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply(text);
      }}
    >
      <Stack gap="sm">
        {suggest ? (
          <Suggesting {...field} suggest={suggest} onType={setText} onChoose={apply} />
        ) : (
          <TextInput {...field} onChange={(event) => setText(event.currentTarget.value)} />
        )}
        <Button type="submit" size="compact-sm">
          {t('filter.apply')}
        </Button>
      </Stack>
    </form>
  );
}

type SuggestingProps = {
  label: string;
  description: string;
  value: string;
  suggest: (text: string) => Promise<string[]>;
  onType: (text: string) => void;
  onChoose: (value: string) => void;
};

function Suggesting({ suggest, onType, onChoose, ...field }: SuggestingProps) {
  const [values, setValues] = useState<string[]>([]);
  const [asked] = useDebouncedValue(field.value, settleMs);
  useEffect(() => {
    let current = true;
    suggest(asked.trim()).then(
      (found) => current && setValues(found),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [suggest, asked]);
  return (
    <Autocomplete
      {...field}
      // A list of its own inside the popover: Escape closes the list first, and a click in it is not one outside.
      comboboxProps={{ withinPortal: false }}
      maxDropdownHeight={190}
      data={values}
      filter={({ options }) => options}
      onChange={onType}
      onOptionSubmit={onChoose}
    />
  );
}
