import { useTranslation } from 'react-i18next';
import { type Coverage, partsOf } from '../../../contract/coverage.ts';
import { useLanguage } from '../../store/language.ts';
import { useTimes } from '../../store/time.ts';
import { CoverageBar } from '../../ui/CoverageBar.tsx';
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
  return (
    <section className={classes.card} aria-label={t('sessions.coverage.title')}>
      <h2>{t('sessions.coverage.title')}</h2>
      <CoverageBar
        durationMs={durationMs}
        layers={[
          { who: 'others', ranges: others },
          { who: 'mine', ranges: mine },
        ]}
        label={({ fromMs, toMs }) => t('sessions.coverage.range', { from: duration(fromMs), until: duration(toMs) })}
      />
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
