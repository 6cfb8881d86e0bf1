/** The part of vitest's JSON report that is read here. */
export type Report = {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName?: string; failureMessages?: string[] }[];
  }[];
};
export function sumOf(report: Report): { passed: number; failed: number; skipped: number; failedFiles: string[] };
export function withSecondAttempt(first: Report, again: Report): Report;
export function failuresOf(report: Report, root: string): string[];
