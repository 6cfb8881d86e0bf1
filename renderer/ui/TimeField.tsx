import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/pt-br';
import { ActionIcon, Popover, Stack, TextInput } from '@mantine/core';
import { DatePicker, TimePicker } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../store/language.ts';
import { atWall, wallOf, type Zone } from '../store/zone.ts';

type Props = {
  label: string;
  value: string;
  placeholder?: string;
  required?: boolean;
  /** The moment (epoch ms) that `value` stands for; null if it stands for none. */
  momentMs: number | null;
  nowMs: number;
  zone: Zone;
  /** Days before this one cannot be picked; null if every day can. */
  notBeforeMs: number | null;
  error: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
  onType: (text: string) => void;
  onPick: (epochMs: number) => void;
  onBlur: () => void;
};

/** A moment that is typed as people write it, or picked from a calendar. */
export function TimeField({
  label,
  value,
  placeholder,
  required = false,
  momentMs,
  nowMs,
  zone,
  notBeforeMs,
  error,
  inputRef,
  onType,
  onPick,
  onBlur,
}: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [opened, setOpened] = useState(false);
  const wall = wallOf(momentMs ?? nowMs, zone);
  const name = t('justification.calendar', { field: label });

  const pickDay = (picked: string | null): void => {
    const [year, month, day] = (picked ?? '').split('-').map(Number);
    if (year && month && day) onPick(atWall({ ...wall, year, month, day }, zone));
  };
  const pickTime = (picked: string): void => {
    const [hour, minute] = picked.split(':').map(Number);
    if (picked !== '' && hour !== undefined && minute !== undefined) onPick(atWall({ ...wall, hour, minute }, zone));
  };

  return (
    <TextInput
      ref={inputRef}
      label={label}
      required={required}
      withAsterisk={false}
      value={value}
      placeholder={placeholder}
      error={error}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onType(event.currentTarget.value)}
      onBlur={onBlur}
      rightSectionPointerEvents="all"
      rightSection={
        <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={name} onClick={() => setOpened(!opened)}>
              <IconCalendar size={16} aria-hidden="true" />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={name}>
            <Stack gap="sm">
              <DatePicker
                value={dayText(wall)}
                defaultDate={dayText(wall)}
                minDate={notBeforeMs === null ? undefined : dayText(wallOf(notBeforeMs, zone))}
                locale={language === 'pt-BR' ? 'pt-br' : 'en'}
                weekendDays={[]}
                size="xs"
                onChange={pickDay}
              />
              <TimePicker
                label={t('justification.time')}
                size="xs"
                format="24h"
                hoursInputLabel={t('justification.hour')}
                minutesInputLabel={t('justification.minute')}
                value={`${two(wall.hour)}:${two(wall.minute)}`}
                onChange={pickTime}
              />
            </Stack>
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}

function dayText({ year, month, day }: { year: number; month: number; day: number }): string {
  return `${year}-${two(month)}-${two(day)}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
