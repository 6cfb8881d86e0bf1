import { ActionIcon, Button, Divider, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Filter.module.css';
import { type Saved, savedWith } from './saved.ts';

const room = 50;

type Props<F> = {
  saved: readonly Saved<F>[];
  /** The filter that is set now; null while none is. */
  current: F | null;
  onApply: (filter: F) => void;
  onChange: (saved: Saved<F>[]) => void;
};

/** Filters that a person gave a name: to apply, to add the one that is set now, to delete. */
export function SavedFilters<F>({ saved, current, onApply, onChange }: Props<F>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const named = name.trim();
  const isFull = saved.length >= room && !saved.some((one) => one.name === named);

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus width={280}>
      <Popover.Target>
        <button
          type="button"
          className={classes.pill}
          aria-label={t('filter.saved.title')}
          title={t('filter.saved.title')}
          onClick={() => setOpened(!opened)}
        >
          <IconBookmark size={15} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('filter.saved.title')}>
        <Stack gap="xs">
          <Text fw={600} size="sm">
            {t('filter.saved.title')}
          </Text>
          {saved.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('filter.saved.none')}
            </Text>
          )}
          {saved.map((one) => (
            <div key={one.name} className={classes.saved}>
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                justify="flex-start"
                onClick={() => {
                  onApply(one.filter);
                  setOpened(false);
                }}
              >
                {one.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('filter.saved.remove', { name: one.name })}
                onClick={() => onChange(saved.filter((other) => other.name !== one.name))}
              >
                <IconTrash size={15} aria-hidden="true" />
              </ActionIcon>
            </div>
          ))}
          <Divider />
          {current === null ? (
            <Text size="sm" c="dimmed">
              {t('filter.saved.nothingToSave')}
            </Text>
          ) : (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (named === '' || isFull) return;
                onChange(savedWith(saved, { name: named, filter: current }));
                setName('');
                // The button cannot be pressed again now: whoever pressed it by key goes on from the box, and Escape still closes.
                box.current?.focus();
              }}
            >
              <Stack gap="xs">
                <TextInput
                  ref={box}
                  label={t('filter.saved.saveThis')}
                  size="sm"
                  maxLength={60}
                  data-autofocus
                  value={name}
                  error={isFull ? t('filter.saved.full') : undefined}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Button type="submit" size="compact-sm" disabled={named === '' || isFull}>
                  {t('filter.saved.save')}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
