import { mean, median, ratioOf } from './statistics.ts';

export type Arm = () => Promise<number>;

export type Comparison = {
  name: string;
  unit: string;
  /** What the ratio of `ours` to `limit` should be at most. */
  goal: number;
  ours: Arm;
  /** As near to the limit of the machine as one can come. Measured twice in each round: once more against itself. */
  limit: Arm;
  rounds?: number;
  statistic?: 'median' | 'mean';
};

/**
 * Measures two arms in shuffled rounds of one run after a warm-up, and the limit against itself (A/A). Prints one JSON line. The goal is
 * met when the worse end of the interval meets it; the run is void when A/A leaves 0.9 to 1.1.
 */
export async function compare({ name, unit, goal, ours, limit, rounds = 20, statistic = 'median' }: Comparison): Promise<void> {
  const arms = { ours, limit, again: limit };
  const values: Record<keyof typeof arms, number[]> = { ours: [], limit: [], again: [] };
  for (let round = -1; round < rounds; round += 1) {
    for (const arm of shuffled(Object.keys(arms) as (keyof typeof arms)[])) {
      const value = await arms[arm]();
      if (round >= 0) values[arm].push(value);
    }
  }
  const statisticOf = statistic === 'mean' ? mean : median;
  const { ratio, low, high } = ratioOf(values.ours, values.limit, statisticOf);
  const aa = statisticOf(values.again) / statisticOf(values.limit);
  const round = (value: number) => Number(value.toFixed(3));
  const line = {
    bench: name,
    goal,
    ratio: round(ratio),
    interval: [round(low), round(high)],
    met: high <= goal,
    aa: round(aa),
    valid: aa >= 0.9 && aa <= 1.1,
    ours: round(statisticOf(values.ours)),
    limit: round(statisticOf(values.limit)),
    unit,
    statistic,
    rounds,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
