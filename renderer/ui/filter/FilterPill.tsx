import { Button, Popover, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Filter.module.css';

type Props = {
  name: string;
  /** What the filter is set to, in words; null while it is not set. */
  value: string | null;
  opened: boolean;
  onOpen: (opened: boolean) => void;
  onClear: () => void;
  width?: number;
  children: ReactNode;
};

/** A filter over a table: what it is set to, and under it, once opened, the way to set it. */
export function FilterPill({ name, value, opened, onOpen, onClear, width = 250, children }: Props) {
  const { t } = useTranslation();
  const full = value === null ? name : t('filter.chip', { name, value });
  return (
    <Popover opened={opened} onChange={onOpen} position="bottom-start" shadow="md" trapFocus returnFocus width={width}>
      <Popover.Target>
        <button
          type="button"
          className={classes.pill}
          data-set={value !== null || undefined}
          title={full}
          onClick={() => onOpen(!opened)}
        >
          <span>{full}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <Stack gap="sm">
          {children}
          {value !== null && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              onClick={() => {
                onClear();
                onOpen(false);
              }}
            >
              {t('filter.clearOne')}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
