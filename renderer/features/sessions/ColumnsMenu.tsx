import { Button, Checkbox, Popover, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SessionColumn, sessionColumns } from '../../../contract/settings.ts';
import { changeSettings } from '../../store/settings.ts';
import classes from '../../ui/filter/Filter.module.css';
import { toggled } from './grid.ts';

/** Shows and hides columns; the choice is kept on this computer. */
export function ColumnsMenu({ chosen }: { chosen: readonly SessionColumn[] }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button className={classes.tool} variant="default" size="compact-sm" onClick={() => setOpened(!opened)}>
          {t('sessions.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('sessions.columns')}>
        <Stack gap={8}>
          {sessionColumns.map((column, index) => (
            <Checkbox
              key={column}
              size="xs"
              label={t(`sessions.column.${column}`)}
              checked={chosen.includes(column)}
              disabled={chosen.length === 1 && chosen.includes(column)}
              data-autofocus={index === 0 || undefined}
              onChange={() => void changeSettings({ columns: toggled(chosen, column) })}
            />
          ))}
          <Text size="xs" c="dimmed">
            {t('sessions.columnsHint')}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
