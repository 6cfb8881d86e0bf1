/** The median of some numbers. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that 95 of 100 stay below. */
export function p95(values: readonly number[]): number {
  return quantile(values, 0.95);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** The ratio of a statistic of two arms with its 95 % interval by bootstrap (resampling each arm 2,000 times). */
export function ratioOf(
  over: readonly number[],
  under: readonly number[],
  statistic = median,
): { ratio: number; low: number; high: number } {
  const resampled = (values: readonly number[]) => values.map(() => values[Math.floor(Math.random() * values.length)] ?? 0);
  const ratios = Array.from({ length: 2000 }, () => statistic(resampled(over)) / statistic(resampled(under))).sort(
    (a, b) => a - b,
  );
  return { ratio: statistic(over) / statistic(under), low: ratios[50] ?? Number.NaN, high: ratios[1949] ?? Number.NaN };
}
