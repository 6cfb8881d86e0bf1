import { tell } from './results.ts';
import { mean, median, p95, ratioOf } from './statistics.ts';

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

const statistics = { median, mean, p95 };

/**
 * Measures two arms in shuffled rounds of one run after a warm-up, and the limit against itself (A/A). Prints one JSON line. The goal is
 * met when the worse end of the interval meets it; the run is void when A/A leaves 0.9 to 1.1.
 */
export async function compare({ name, unit, goal, ours, limit, rounds = 20, statistic = 'median' }: Comparison): Promise<void> {
  const values = await measureArms({ ours, limit, again: limit }, rounds);
  judgeRatio({ name, unit, goal, statistic }, values.ours, values.limit, median(values.again) / median(values.limit));
}

/** The values of some arms, measured in `rounds` shuffled rounds after one that does not count. */
export async function measureArms<Name extends string>(
  arms: Record<Name, () => Promise<number>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(arms) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -1; round < rounds; round += 1) {
    for (const name of shuffled(names)) {
      const value = await arms[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}

/** Tells the ratio of two arms and whether it is at most `goal`. `aa` is the ratio of an arm to itself, and makes the run void when it is not 1. */
export function judgeRatio(
  what: { name: string; unit: string; goal: number; statistic: keyof typeof statistics },
  ours: readonly number[],
  limit: readonly number[],
  aa: number,
): void {
  const statistic = statistics[what.statistic];
  const { ratio, low, high } = ratioOf(ours, limit, statistic);
  const round = (value: number) => Number(value.toFixed(3));
  tell({
    bench: what.name,
    value: round(ratio),
    interval: [round(low), round(high)],
    goal: `<= ${what.goal}`,
    met: high <= what.goal,
    aa: round(aa),
    valid: aa >= 0.9 && aa <= 1.1,
    ours: round(statistic(ours)),
    limit: round(statistic(limit)),
    unit: what.unit,
    statistic: what.statistic,
    rounds: ours.length,
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
