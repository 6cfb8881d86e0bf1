import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryFigures, HistoryFilter } from '../../../contract/history.ts';
import { useLanguage } from '../../store/language.ts';
import { useTimes } from '../../store/time.ts';
import { useFailureText } from '../../ui/Failure.tsx';
import classes from './Figures.module.css';
import { aboutFilter, chosenBy, isChosen, numberOf, type Tile, tiles } from './figures.ts';
import { weekOf, withAsked, without } from './filter.ts';
import { useFigures } from './use-figures.ts';
import { WeekChart } from './WeekChart.tsx';

const minute = 60_000;
const hour = 60 * minute;

type Props = { filter: HistoryFilter; onChange: (filter: HistoryFilter) => void };

/** What people ask history for, in figures and week by week; each leads to its rows. To draw it takes longer than a frame: only when it is another. */
export const Figures = memo(function Figures({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const about = aboutFilter(filter);
  const { figures, failure } = useFigures(about);
  // The chart goes on around the range that is looked at.
  const around = useFigures(without(about, 'asked'));
  return (
    <section className={classes.figures} aria-label={t('history.figures.title')}>
      <fieldset className={classes.tiles} aria-label={t('history.figures.about')}>
        {tiles.map((tile) => (
          <TileButton
            key={tile}
            tile={tile}
            figures={figures}
            chosen={isChosen(tile, filter)}
            onClick={() => onChange(chosenBy(tile, filter))}
          />
        ))}
      </fieldset>
      {failure ? (
        <Failed failure={failure} />
      ) : (
        <WeekChart
          weeks={around.figures?.weeks ?? null}
          range={filter}
          chosen={weekOf(filter)?.start ?? null}
          onChoose={(range) => onChange(withAsked(filter, range))}
        />
      )}
    </section>
  );
});

type TileProps = { tile: Tile; figures: HistoryFigures | null; chosen: boolean; onClick: () => void };

function TileButton({ tile, figures, chosen, onClick }: TileProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const times = useTimes();
  const name = t(`history.figures.${tile}`);
  const value = figures && numberOf(tile, figures);
  const isTime = tile === 'median' || tile === 'watchedTime';
  const text =
    value === null ? t('history.never') : isTime ? times.length(rounded(value)) : new Intl.NumberFormat(language).format(value);
  const whole = t(`history.figures.whole.${tile}`);
  return (
    <button
      type="button"
      className={classes.tile}
      aria-pressed={chosen}
      title={isTime && value !== null ? `${whole}: ${times.length(value)}` : whole}
      onClick={onClick}
    >
      <span className={classes.value}>{text}</span> <span className={classes.name}>{name}</span>
    </button>
  );
}

/** A time of which nobody wants to know the seconds once it is long, nor the minutes once it is very long: there is no room for them. */
function rounded(ms: number): number {
  const to = ms < 10 * minute ? 1 : ms < 10 * hour ? minute : hour;
  return Math.round(ms / to) * to;
}

function Failed({ failure }: { failure: NonNullable<ReturnType<typeof useFigures>['failure']> }) {
  const { t } = useTranslation();
  const { what } = useFailureText(failure);
  return (
    <p className={classes.failed} role="alert">
      {t('history.figures.failed')} {what}
    </p>
  );
}
