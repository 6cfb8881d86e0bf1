import { describe, expect, it } from 'vitest';
import { sumOf, withSecondAttempt } from '../../../scripts/lib/suite-report.mjs';

const file = (name: string, status: 'passed' | 'failed', ...statuses: string[]) => ({
  name,
  status,
  assertionResults: statuses.map((one) => ({ status: one })),
});

describe('the sum of a suite', () => {
  it('counts tests, and a file that failed without a failed test as one', () => {
    const report = {
      testResults: [
        file('a', 'passed', 'passed', 'skipped'),
        file('b', 'failed', 'passed', 'failed', 'failed'),
        file('c', 'failed', 'skipped', 'skipped'),
        file('d', 'failed'),
      ],
    };
    expect(sumOf(report)).toEqual({ passed: 2, failed: 4, skipped: 3, failedFiles: ['b', 'c', 'd'] });
  });

  it('takes what a second attempt says of a file in the place of the first, and leaves the others as they were', () => {
    const first = { testResults: [file('a', 'passed', 'passed'), file('b', 'failed', 'passed', 'failed')] };
    expect(sumOf(withSecondAttempt(first, { testResults: [file('b', 'passed', 'passed', 'passed')] }))).toEqual({
      passed: 3,
      failed: 0,
      skipped: 0,
      failedFiles: [],
    });
    expect(sumOf(withSecondAttempt(first, { testResults: [file('b', 'failed', 'failed', 'passed')] })).failedFiles).toEqual([
      'b',
    ]);
    // A second attempt that says nothing of the file makes nothing better.
    expect(sumOf(withSecondAttempt(first, { testResults: [] })).failed).toBe(1);
  });
});
