import { useTranslation } from 'react-i18next';
import { type Coverage, mergeRanges, partsOf } from '../../../contract/coverage.ts';
import { useLanguage } from '../../store/language.ts';
import { useTimes } from '../../store/time.ts';
import classes from './CoverageCard.module.css';

/** Who has seen which part of the recording: a bar, and the same in words. */
export function CoverageCard({ coverage }: { coverage: Coverage }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { duration } = useTimes();
  const { durationMs, mine, others } = coverage;
  if (durationMs <= 0) return null;
  const parts = partsOf(coverage);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const bars = (ranges: Coverage['mine'], look: string | undefined) =>
    mergeRanges(ranges).map(({ fromMs, toMs }) => (
      <span
        key={fromMs}
        className={look}
        style={{
          left: `${(fromMs / durationMs) * 100}%`,
          width: `${((Math.min(toMs, durationMs) - fromMs) / durationMs) * 100}%`,
        }}
        title={t('sessions.coverage.range', { from: duration(fromMs), until: duration(toMs) })}
      />
    ));
  return (
    <section className={classes.card} aria-label={t('sessions.coverage.title')}>
      <h2>{t('sessions.coverage.title')}</h2>
      <div className={classes.bar} aria-hidden="true">
        {bars(others, classes.others)}
        {bars(mine, classes.mine)}
      </div>
      <ul className={classes.legend}>
        {(['mine', 'others', 'nobody'] as const).map((who) => (
          <li key={who}>
            <span className={classes[who]} aria-hidden="true" />
            {t(`sessions.coverage.${who}`, { part: percent.format(parts[who]) })}
          </li>
        ))}
      </ul>
    </section>
  );
}
