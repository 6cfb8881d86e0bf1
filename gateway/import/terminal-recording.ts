import { stopImport } from './failure.ts';

/** Something that happened at a recorded terminal, `atMs` after its start. */
export type TerminalItem =
  | { atMs: number; type: 'output'; text: string }
  | { atMs: number; type: 'input'; text: string }
  | { atMs: number; type: 'resize'; columns: number; rows: number }
  | { atMs: number; type: 'marker'; text: string };

export type TerminalRecording = { columns: number; rows: number; durationMs: number; items: TerminalItem[] };

const mostColumns = 500;
const mostRows = 200;

/** A size as a terminal may have it. Fails with ImportError. */
export function terminalSize(columns: unknown, rows: unknown): { columns: number; rows: number } {
  const good = (value: unknown, most: number): value is number =>
    Number.isInteger(value) && Number(value) > 0 && Number(value) <= most;
  return good(columns, mostColumns) && good(rows, mostRows)
    ? { columns, rows }
    : stopImport(`The recording has a terminal of ${columns} by ${rows} characters, which cannot be drawn.`);
}

/** The object that a line of JSON is, or null. */
export function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
