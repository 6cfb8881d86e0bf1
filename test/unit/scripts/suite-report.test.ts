import { describe, expect, it } from 'vitest';
import { failuresOf, sumOf, withSecondAttempt } from '../../../scripts/lib/suite-report.mjs';

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

  it('says again what failed and why, without colours, each as short as can be read', () => {
    const red = `${String.fromCharCode(27)}[31mexpected 1${String.fromCharCode(27)}[39m`;
    const report = {
      testResults: [
        { ...file('/here/a.test.ts', 'passed', 'passed'), message: '' },
        {
          ...file('/here/b.test.ts', 'failed'),
          assertionResults: [
            { status: 'passed', fullName: 'b stands' },
            { status: 'failed', fullName: 'b falls', failureMessages: [`${red}\n\n  to be 2\n${'at\n'.repeat(40)}`] },
          ],
        },
        { ...file('/here/c.test.ts', 'failed', 'skipped'), message: 'no place to listen' },
      ],
    };
    const [one, other, ...rest] = failuresOf(report, '/here');
    expect(one?.split('\n').slice(0, 3)).toEqual(['b.test.ts › b falls', '    expected 1', '      to be 2']);
    expect(one?.split('\n')).toHaveLength(13);
    expect(other).toBe('c.test.ts\n    no place to listen');
    expect(rest).toEqual([]);
  });
});
