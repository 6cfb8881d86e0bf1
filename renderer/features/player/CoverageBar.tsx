import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Coverage, partsOf } from '../../../contract/coverage.ts';
import { useLanguage } from '../../store/language.ts';
import { nowCovered, useCoverage } from './coverage.ts';
import styles from './SeekBar.module.css';

function useNow(): Coverage | null {
  const state = useCoverage();
  return useMemo(() => nowCovered(state), [state]);
}

/** Under the seek bar: what I have seen, and what others have. */
export function CoverageBar({ untilMs }: { untilMs: number }) {
  const coverage = useNow();
  if (!coverage || untilMs <= 0) return null;
  const bars = (ranges: Coverage['mine'], look: string | undefined) =>
    ranges.map(({ fromMs, toMs }) => (
      <span
        key={fromMs}
        className={look}
        style={{ left: `${(fromMs / untilMs) * 100}%`, width: `${((Math.min(toMs, untilMs) - fromMs) / untilMs) * 100}%` }}
      />
    ));
  return (
    <div className={styles.coverage} aria-hidden="true">
      {bars(coverage.others, styles.seenByOthers)}
      {bars(coverage.mine, styles.seenByMe)}
    </div>
  );
}

/** How much of the recording nobody has seen yet. */
export function UnseenNote() {
  const { t } = useTranslation();
  const language = useLanguage();
  const coverage = useNow();
  if (!coverage || coverage.durationMs <= 0) return null;
  const part = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(partsOf(coverage).nobody);
  return <span className={styles.unseen}>{t('player.unseen', { part })}</span>;
}
