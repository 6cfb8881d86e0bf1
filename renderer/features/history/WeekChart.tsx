import { VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryFilter } from '../../../contract/history.ts';
import { toMs } from '../../../contract/time.ts';
import { useLanguage } from '../../store/language.ts';
import { useTimes } from '../../store/time.ts';
import type { TimeRange } from '../../ui/filter/range.ts';
import { scaleOf, type Week, withoutGaps } from './figures.ts';
import { weekMs, weekRange } from './filter.ts';
import classes from './WeekChart.module.css';
import { useWeekDay } from './words.ts';

type Props = {
  /** null while they are not here. */
  weeks: readonly Week[] | null;
  /** What of the time is looked at: weeks outside are paler. */
  range: Pick<HistoryFilter, 'askedFrom' | 'askedUntil'>;
  /** The start of the week that is looked at alone. */
  chosen: string | null;
  onChoose: (range: TimeRange) => void;
};

/**
 * Requests, decisions and time watched by week. Upwards the requests: what was asked, and in it what was decided; downwards the time
 * watched. Every week is a button that says its numbers and leads to its rows; the same is there as a table for who hears it.
 */
export function WeekChart({ weeks, range, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const words = useWeekWords();
  const all = useMemo(() => withoutGaps(weeks ?? []), [weeks]);
  const scale = useMemo(() => scaleOf(all), [all]);
  const [pointed, setPointed] = useState<number | null>(null);
  const [reached, setReached] = useState<number | null>(null);
  const strip = useRef<HTMLDivElement>(null);
  const count = all.length;
  const { ref: frame, width } = useElementSize<HTMLElement>();
  // The newest week is what one comes for.
  useLayoutEffect(() => {
    if (strip.current && count > 0 && width > 0) strip.current.scrollLeft = strip.current.scrollWidth;
  }, [count, width]);

  const inTabOrder = Math.min(reached ?? count - 1, count - 1);
  const told = pointed === null ? undefined : all[pointed];
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: inTabOrder - 1, ArrowRight: inTabOrder + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || to < 0 || to >= count) return;
    event.preventDefault();
    setReached(to);
    strip.current?.querySelectorAll('button')[to]?.focus();
  };

  return (
    <figure ref={frame} className={classes.chart} aria-label={t('history.chart.title')}>
      <figcaption className={classes.caption}>
        <strong>{told ? t('history.chart.week', { day: words.day(told.start) }) : t('history.chart.title')}</strong>
        <span className={classes.legend}>
          <i className={classes.asked} aria-hidden="true" />
          {told ? words.asked(told) : t('history.chart.asked')}
          <i className={classes.decided} aria-hidden="true" />
          {told ? words.decided(told) : t('history.chart.decided')}
          <i className={classes.watched} aria-hidden="true" />
          {told ? words.watched(told) : t('history.chart.watched')}
        </span>
      </figcaption>
      {weeks !== null && count === 0 && <p className={classes.nothing}>{t('history.chart.nothing')}</p>}
      <div
        ref={strip}
        className={classes.strip}
        role="toolbar"
        aria-label={t('history.chart.title')}
        aria-description={t('history.chart.keys')}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setPointed(null)}
      >
        {all.map((week, index) => (
          <button
            key={week.start}
            type="button"
            className={classes.week}
            tabIndex={index === inTabOrder ? 0 : -1}
            aria-label={words.whole(week)}
            aria-pressed={week.start === chosen}
            data-outside={isOutside(week, range) || undefined}
            onPointerEnter={() => setPointed(index)}
            onFocus={() => setPointed(index)}
            onBlur={() => setPointed(null)}
            onClick={() => {
              setReached(index);
              onChoose(week.start === chosen ? {} : weekRange(week.start));
            }}
          >
            <span className={classes.up}>
              <span className={classes.asked} style={{ height: share(week.asked, scale.requests) }} />
              <span className={classes.decided} style={{ height: share(week.decided, scale.requests) }} />
            </span>
            <span className={classes.down}>
              <span className={classes.watched} style={{ height: share(week.watchedMs, scale.watchedMs) }} />
            </span>
            <span className={classes.month}>{words.month(week, all[index - 1], all[index + 1])}</span>
          </button>
        ))}
      </div>
      <VisuallyHidden>
        <table>
          <caption>{t('history.chart.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('history.chart.title')}</th>
              <th scope="col">{t('history.chart.asked')}</th>
              <th scope="col">{t('history.chart.decided')}</th>
              <th scope="col">{t('history.chart.watched')}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((week) => (
              <tr key={week.start}>
                <th scope="row">{t('history.chart.week', { day: words.day(week.start) })}</th>
                <td>{week.asked}</td>
                <td>{week.decided}</td>
                <td>{words.watched(week)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  );
}

/** The height of a bar. What is not nothing can be seen. */
function share(value: number, of: number): string {
  return value === 0 ? '0' : `max(2px, ${(value / of) * 100}%)`;
}

function isOutside({ start }: Week, { askedFrom, askedUntil }: Props['range']): boolean {
  const startMs = toMs(start);
  return (
    (askedFrom !== undefined && startMs + weekMs <= toMs(askedFrom)) || (askedUntil !== undefined && startMs >= toMs(askedUntil))
  );
}

/** What a week says, in the person's language. */
function useWeekWords() {
  const { t } = useTranslation();
  const times = useTimes();
  const language = useLanguage();
  const day = useWeekDay();
  const months = new Intl.DateTimeFormat(language, { timeZone: 'UTC', month: 'short' });
  const asked = (week: Week) => t('history.chart.askedCount', { count: week.asked });
  const decided = (week: Week) => t('history.chart.decidedCount', { count: week.decided });
  const watched = (week: Week) => t('history.chart.watchedFor', { time: times.length(week.watchedMs) });
  return {
    day,
    asked,
    decided,
    watched,
    whole: (week: Week) =>
      `${t('history.chart.week', { day: day(week.start) })}: ${asked(week)}, ${decided(week)}, ${watched(week)}`,
    /** The month, under its first week. Of one that the chart has a single week of at its beginning, there is no room for the name. */
    month(week: Week, before: Week | undefined, after: Week | undefined): string {
      const monthOf = (one: Week | undefined) => one && new Date(one.start).getUTCMonth();
      const own = monthOf(week);
      if (before ? monthOf(before) === own : after && monthOf(after) !== own) return '';
      return months.format(toMs(week.start)).replace(/\.$/, '');
    },
  };
}
