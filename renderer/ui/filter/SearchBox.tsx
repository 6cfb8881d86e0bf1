import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Filter.module.css';

const settleMs = 200;

type Props = { label: string; placeholder: string; text: string; onSearch: (text: string) => void };

/** Free text, searched for while one types. Ctrl+K goes there from anywhere on the screen. */
export function SearchBox({ label, placeholder, text, onSearch }: Props) {
  const { t } = useTranslation();
  const [value, setValue] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const said = useRef(text);
  // Whoever leaves before it has settled finds it as it was typed.
  const search = useDebouncedCallback(
    (next: string) => {
      said.current = next;
      onSearch(next);
    },
    { delay: settleMs, flushOnUnmount: true },
  );
  useHotkeys([['mod+K', () => input.current?.select()]], []);

  // A saved filter brings its own words. What this box said itself is older than what is in it.
  useEffect(() => {
    if (text === said.current) return;
    said.current = text;
    setValue(text);
  }, [text]);

  const change = (next: string): void => {
    setValue(next);
    search(next.trim());
  };

  return (
    <TextInput
      ref={input}
      type="text"
      role="searchbox"
      w={{ base: 240, md: 330 }}
      size="sm"
      classNames={{ input: classes.search ?? '' }}
      maxLength={200}
      spellCheck={false}
      autoComplete="off"
      aria-label={label}
      aria-keyshortcuts="Control+K"
      placeholder={placeholder}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      rightSectionWidth={value === '' ? 62 : 34}
      rightSection={
        value === '' ? (
          <Kbd size="xs" aria-hidden="true">
            {t('filter.searchKeys')}
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label={t('filter.clearSearch')} onClick={() => change('')} />
        )
      }
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') change('');
      }}
    />
  );
}
