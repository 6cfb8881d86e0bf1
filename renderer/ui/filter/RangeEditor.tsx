import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toInstant, toMs } from '../../../contract/time.ts';
import { useGatewayNow } from '../../store/time.ts';
import { parseTyped } from '../../store/typed-time.ts';
import { useWriteTyped } from '../../store/use-typed.ts';
import { useZone } from '../../store/use-zone.ts';
import { TimeField } from '../TimeField.tsx';
import classes from './Filter.module.css';
import { presetOf, presets, rangeOf, type TimeRange } from './range.ts';
import { useRangeWords } from './use-range-words.ts';

type Props = { range: TimeRange; onChange: (range: TimeRange) => void; close: () => void };

/** When something was: a preset, or from one time to another in the zone in which the person reads times. */
export function RangeEditor({ range, onChange, close }: Props) {
  const { t } = useTranslation();
  const { dayStart, preset } = useRangeWords();
  const zone = useZone();
  const write = useWriteTyped();
  const nowMs = useGatewayNow('half-minute');
  const chosen = presetOf(range, dayStart);
  const [from, setFrom] = useState(range.from === undefined ? '' : write(toMs(range.from)));
  const [until, setUntil] = useState(range.until === undefined ? '' : write(toMs(range.until)));

  const fromMs = parseTyped(from, nowMs, zone);
  const untilMs = parseTyped(until, nowMs, zone);
  const unread = t('filter.timeWrong');
  const fromError = from.trim() !== '' && fromMs === null ? unread : undefined;
  const untilError =
    until.trim() !== '' && untilMs === null
      ? unread
      : fromMs !== null && untilMs !== null && untilMs <= fromMs
        ? t('filter.rangeWrong')
        : undefined;
  const [isTried, setTried] = useState(false);
  const tidy = (text: string, ms: number | null, set: (text: string) => void): void => {
    if (ms !== null) set(write(ms));
    if (text.trim() !== '') setTried(true);
  };
  const field = { nowMs, zone, notBeforeMs: null, placeholder: t('filter.timeHint') };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fromError !== undefined || untilError !== undefined) return;
        onChange({
          ...(fromMs === null ? {} : { from: toInstant(fromMs) }),
          ...(untilMs === null ? {} : { until: toInstant(untilMs) }),
        });
        close();
      }}
    >
      <Stack gap="sm">
        <div className={classes.presets}>
          {presets.map((name, index) => (
            <button
              key={name}
              type="button"
              className={classes.pill}
              data-set={chosen === name || undefined}
              aria-pressed={chosen === name}
              data-autofocus={index === 0 || undefined}
              onClick={() => {
                onChange(rangeOf(name, dayStart));
                close();
              }}
            >
              {preset(name)}
            </button>
          ))}
        </div>
        <TimeField
          {...field}
          label={t('filter.from')}
          value={from}
          momentMs={fromMs}
          error={isTried ? fromError : undefined}
          onType={setFrom}
          onPick={(ms) => setFrom(write(ms))}
          onBlur={() => tidy(from, fromMs, setFrom)}
        />
        <TimeField
          {...field}
          label={t('filter.until')}
          value={until}
          momentMs={untilMs}
          error={isTried ? untilError : undefined}
          onType={setUntil}
          onPick={(ms) => setUntil(write(ms))}
          onBlur={() => tidy(until, untilMs, setUntil)}
        />
        <Button type="submit" size="compact-sm" h={30}>
          {t('filter.apply')}
        </Button>
      </Stack>
    </form>
  );
}
