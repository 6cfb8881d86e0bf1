import { mergeRanges, type Range } from '../../contract/coverage.ts';
import classes from './CoverageBar.module.css';

export type Layer = { who: 'mine' | 'others'; ranges: readonly Range[] };

/** Which parts of a recording were shown, drawn over its length; later layers lie over earlier ones. `label` says a part under the pointer. */
export function CoverageBar({
  durationMs,
  layers,
  label,
  thin = false,
}: {
  durationMs: number;
  layers: readonly Layer[];
  label: (range: Range) => string;
  /** As a part of a row. */
  thin?: boolean;
}) {
  return (
    <div className={classes.bar} data-thin={thin} aria-hidden="true">
      {layers.flatMap(({ who, ranges }) =>
        mergeRanges(ranges).map((range) => (
          <span
            key={`${who}${range.fromMs}`}
            className={classes[who]}
            style={{
              left: `${(range.fromMs / durationMs) * 100}%`,
              width: `${((Math.min(range.toMs, durationMs) - range.fromMs) / durationMs) * 100}%`,
            }}
            title={label(range)}
          />
        )),
      )}
    </div>
  );
}
