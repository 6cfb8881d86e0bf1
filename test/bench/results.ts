/** A figure with its goal. `interval` is its 95 % interval where it is a ratio; without `goal` it is only told. */
export type Result = {
  bench: string;
  value: number;
  interval?: [number, number];
  goal?: string;
  met?: boolean;
  /** More that belongs to it: the arms, the rounds. */
  [more: string]: unknown;
};

const results: Result[] = [];

/** Prints a figure as one JSON line and keeps it for the table. */
export function tell(result: Result): void {
  results.push(result);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** All figures told so far, as lines for a person. */
export function table(): string {
  const round = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(3));
  const rows = results.map(({ bench, value, interval, goal, met }) => [
    bench,
    `${round(value)}${interval ? ` [${interval.map(round).join(', ')}]` : ''}`,
    goal ?? '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
