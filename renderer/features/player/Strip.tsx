import { memo, useMemo } from 'react';
import styles from './SeekBar.module.css';

/** As many bars as can be told apart. */
export const mostBars = 160;

/** How much happened, along the recording: what was played in one colour, what is to come in another. */
export const Strip = memo(function Strip({ activity, playedPart }: { activity: readonly number[]; playedPart: number }) {
  const bars = useMemo(() => squeezed(activity, mostBars), [activity]);
  const path = useMemo(
    () =>
      bars
        .map((level, index) => {
          const height = Math.max(0.06, level) * 100;
          return `M${index + 0.15} 100V${(100 - height).toFixed(1)}H${index + 0.85}V100Z`;
        })
        .join(''),
    [bars],
  );
  if (bars.length === 0) return null;
  return (
    <div className={styles.strip} aria-hidden="true">
      <svg viewBox={`0 0 ${bars.length} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} className={styles.barsAhead} />
      </svg>
      <svg
        viewBox={`0 0 ${bars.length} 100`}
        preserveAspectRatio="none"
        aria-hidden="true"
        style={{ clipPath: `inset(0 ${(1 - playedPart) * 100}% 0 0)` }}
      >
        <path d={path} className={styles.barsPlayed} />
      </svg>
    </div>
  );
});

/** The levels in at most `most` equal slices: the highest of each, so that a short burst stays in sight. */
export function squeezed(levels: readonly number[], most: number): number[] {
  if (levels.length <= most) return [...levels];
  return Array.from({ length: most }, (_, index) => {
    const from = Math.floor((index * levels.length) / most);
    const until = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / most));
    return Math.max(...levels.slice(from, until));
  });
}
