import { ActionIcon, Button, Divider, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionFilter } from '../../../contract/session.ts';
import type { SavedFilter } from '../../../contract/settings.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import classes from './FilterBar.module.css';
import { isEmpty } from './filter.ts';
import { savedWith } from './saved.ts';

const room = 50;

/** Filters that a person gave a name: to apply, to add the one that is set now, to delete. */
export function SavedFilters({ filter, onApply }: { filter: SessionFilter; onApply: (filter: SessionFilter) => void }) {
  const { t } = useTranslation();
  const saved = useSettings().savedFilters;
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const change = (savedFilters: SavedFilter[]): void => void changeSettings({ savedFilters });
  const named = name.trim();
  const isFull = saved.length >= room && !saved.some((one) => one.name === named);

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus width={280}>
      <Popover.Target>
        <button
          type="button"
          className={classes.pill}
          aria-label={t('sessions.saved.title')}
          title={t('sessions.saved.title')}
          onClick={() => setOpened(!opened)}
        >
          <IconBookmark size={15} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('sessions.saved.title')}>
        <Stack gap="xs">
          <Text fw={600} size="sm">
            {t('sessions.saved.title')}
          </Text>
          {saved.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('sessions.saved.none')}
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
                aria-label={t('sessions.saved.remove', { name: one.name })}
                onClick={() => change(saved.filter((other) => other.name !== one.name))}
              >
                <IconTrash size={15} aria-hidden="true" />
              </ActionIcon>
            </div>
          ))}
          <Divider />
          {isEmpty(filter) ? (
            <Text size="sm" c="dimmed">
              {t('sessions.saved.nothingToSave')}
            </Text>
          ) : (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (named === '' || isFull) return;
                change(savedWith(saved, { name: named, filter }));
                setName('');
              }}
            >
              <Stack gap="xs">
                <TextInput
                  label={t('sessions.saved.saveThis')}
                  size="sm"
                  maxLength={60}
                  data-autofocus
                  value={name}
                  error={isFull ? t('sessions.saved.full') : undefined}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Button type="submit" size="compact-sm" disabled={named === '' || isFull}>
                  {t('sessions.saved.save')}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
