/** The part of vitest's JSON report that is read here. */
export type Report = { testResults: { name: string; status: string; assertionResults: { status: string }[] }[] };
export function sumOf(report: Report): { passed: number; failed: number; skipped: number; failedFiles: string[] };
export function withSecondAttempt(first: Report, again: Report): Report;
