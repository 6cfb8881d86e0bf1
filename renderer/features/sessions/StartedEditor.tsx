import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toInstant, toMs } from '../../../contract/time.ts';
import { useGatewayNow } from '../../store/time.ts';
import { parseTyped } from '../../store/typed-time.ts';
import { useWriteTyped } from '../../store/use-typed.ts';
import { useZone } from '../../store/use-zone.ts';
import { TimeField } from '../../ui/TimeField.tsx';
import classes from './FilterBar.module.css';
import { presetOf, type StartedRange, startedPresets, startedRange } from './filter.ts';
import { useFilterWords } from './filter-words.ts';

type Props = { range: StartedRange; onChange: (range: StartedRange) => void; close: () => void };

/** When a session began: a preset, or from one time to another in the zone in which the person reads times. */
export function StartedEditor({ range, onChange, close }: Props) {
  const { t } = useTranslation();
  const { dayStart, preset } = useFilterWords();
  const zone = useZone();
  const write = useWriteTyped();
  const nowMs = useGatewayNow('half-minute');
  const chosen = presetOf(range, dayStart);
  const [from, setFrom] = useState(range.startedFrom === undefined ? '' : write(toMs(range.startedFrom)));
  const [until, setUntil] = useState(range.startedUntil === undefined ? '' : write(toMs(range.startedUntil)));

  const fromMs = parseTyped(from, nowMs, zone);
  const untilMs = parseTyped(until, nowMs, zone);
  const unread = t('sessions.filter.timeWrong');
  const fromError = from.trim() !== '' && fromMs === null ? unread : undefined;
  const untilError =
    until.trim() !== '' && untilMs === null
      ? unread
      : fromMs !== null && untilMs !== null && untilMs <= fromMs
        ? t('sessions.filter.rangeWrong')
        : undefined;
  const [isTried, setTried] = useState(false);
  const tidy = (text: string, ms: number | null, set: (text: string) => void): void => {
    if (ms !== null) set(write(ms));
    if (text.trim() !== '') setTried(true);
  };
  const field = { nowMs, zone, notBeforeMs: null, placeholder: t('sessions.filter.timeHint') };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fromError !== undefined || untilError !== undefined) return;
        onChange({
          ...(fromMs === null ? {} : { startedFrom: toInstant(fromMs) }),
          ...(untilMs === null ? {} : { startedUntil: toInstant(untilMs) }),
        });
        close();
      }}
    >
      <Stack gap="sm">
        <div className={classes.presets}>
          {startedPresets.map((name, index) => (
            <button
              key={name}
              type="button"
              className={classes.pill}
              data-set={chosen === name || undefined}
              aria-pressed={chosen === name}
              data-autofocus={index === 0 || undefined}
              onClick={() => {
                onChange(startedRange(name, dayStart));
                close();
              }}
            >
              {preset(name)}
            </button>
          ))}
        </div>
        <TimeField
          {...field}
          label={t('sessions.filter.from')}
          value={from}
          momentMs={fromMs}
          error={isTried ? fromError : undefined}
          onType={setFrom}
          onPick={(ms) => setFrom(write(ms))}
          onBlur={() => tidy(from, fromMs, setFrom)}
        />
        <TimeField
          {...field}
          label={t('sessions.filter.until')}
          value={until}
          momentMs={untilMs}
          error={isTried ? untilError : undefined}
          onType={setUntil}
          onPick={(ms) => setUntil(write(ms))}
          onBlur={() => tidy(until, untilMs, setUntil)}
        />
        <Button type="submit" size="compact-sm" h={30}>
          {t('sessions.filter.apply')}
        </Button>
      </Stack>
    </form>
  );
}
