import { ActionIcon, Popover, Stack, TextInput } from '@mantine/core';
import { DatePicker, TimeInput } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { atWall, wallOf, type Zone } from './zone.ts';

type Props = {
  label: string;
  value: string;
  /** The moment (epoch ms) that `value` stands for; null if it stands for none. */
  momentMs: number | null;
  nowMs: number;
  zone: Zone;
  error: string | undefined;
  describedBy?: string;
  inputRef: Ref<HTMLInputElement>;
  onType: (text: string) => void;
  onPick: (epochMs: number) => void;
  onBlur: () => void;
};

/** A moment that is typed as people write it, or picked from a calendar. */
export function TimeField({ label, value, momentMs, nowMs, zone, error, inputRef, onType, onPick, onBlur }: Props) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState(false);
  const wall = wallOf(momentMs ?? nowMs, zone);
  const today = wallOf(nowMs, zone);
  const two = (part: number): string => String(part).padStart(2, '0');
  const dayText = ({ year, month, day }: typeof wall): string => `${year}-${two(month)}-${two(day)}`;

  const pickDay = (picked: string | null): void => {
    const [year, month, day] = (picked ?? '').split('-').map(Number);
    if (year && month && day) onPick(atWall({ ...wall, year, month, day }, zone));
  };
  const pickTime = (picked: string): void => {
    const [hour, minute] = picked.split(':').map(Number);
    if (hour !== undefined && minute !== undefined) onPick(atWall({ ...wall, hour, minute }, zone));
  };

  return (
    <TextInput
      ref={inputRef}
      label={label}
      required
      withAsterisk={false}
      value={value}
      error={error}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onType(event.currentTarget.value)}
      onBlur={onBlur}
      rightSectionPointerEvents="all"
      rightSection={
        <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('justification.calendar', { field: label })} onClick={() => setOpened(!opened)}>
              <IconCalendar size={16} aria-hidden="true" />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={t('justification.calendar', { field: label })}>
            <Stack gap="sm">
              <DatePicker
                value={dayText(wall)}
                defaultDate={dayText(wall)}
                minDate={dayText(today)}
                locale={i18n.language === 'pt-BR' ? 'pt-br' : 'en'}
                size="xs"
                onChange={pickDay}
              />
              <TimeInput
                label={t('justification.time')}
                size="xs"
                value={`${two(wall.hour)}:${two(wall.minute)}`}
                onChange={(event) => pickTime(event.currentTarget.value)}
              />
            </Stack>
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}
