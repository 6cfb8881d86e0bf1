import { useTranslation } from 'react-i18next';
import { type Coverage, partsOf, type Range, unseenOf } from '../../../contract/coverage.ts';
import { useLanguage } from '../../store/language.ts';
import { useTimes } from '../../store/time.ts';
import { CoverageBar } from '../../ui/CoverageBar.tsx';
import classes from './CoverageCard.module.css';

/** So many of the parts that nobody has seen are named, the longest ones. */
const mostNamed = 3;

/** Who has seen which part of the recording: a bar, and the same in words. */
export function CoverageCard({ coverage }: { coverage: Coverage }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { duration, length } = useTimes();
  const { durationMs, mine, others } = coverage;
  if (durationMs <= 0) return null;
  const parts = partsOf(coverage);
  const unseen = unseenOf(coverage);
  const longest = unseen
    .toSorted((one, other) => other.toMs - other.fromMs - (one.toMs - one.fromMs))
    .slice(0, mostNamed)
    .toSorted((one, other) => one.fromMs - other.fromMs);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const named = ({ fromMs, toMs }: Range) => t('sessions.coverage.range', { from: duration(fromMs), until: duration(toMs) });
  const gaps = new Intl.ListFormat(language, { type: 'conjunction' }).format(longest.map(named));
  return (
    <section className={classes.card} aria-label={t('sessions.coverage.title')}>
      <h2>{t('sessions.coverage.title')}</h2>
      <CoverageBar
        durationMs={durationMs}
        layers={[
          { who: 'others', ranges: others },
          { who: 'mine', ranges: mine },
        ]}
        label={named}
      />
      <div className={classes.ends} aria-hidden="true">
        <span>{duration(0)}</span>
        <span>{duration(durationMs)}</span>
      </div>
      <ul className={classes.legend}>
        {(['mine', 'others', 'nobody'] as const).map((who) => (
          <li key={who}>
            <span className={classes[who]} aria-hidden="true" />
            {t(`sessions.coverage.${who}`, { part: percent.format(parts[who]) })}
            <small>{length(Math.round(parts[who] * durationMs))}</small>
          </li>
        ))}
      </ul>
      {unseen.length > 0 && parts.nobody < 1 && (
        <p className={classes.unseen}>
          {unseen.length > mostNamed
            ? t('sessions.coverage.longestUnseen', { named: gaps })
            : t('sessions.coverage.unseen', { named: gaps })}
        </p>
      )}
      {unseen.length === 0 && <p className={classes.unseen}>{t('sessions.coverage.allSeen')}</p>}
    </section>
  );
}
