// What vitest's JSON report says of a suite, and what a second attempt of some of its files makes of it.

/**
 * The sum of a report: `{ passed, failed, skipped, failedFiles }`, the files by the names that the report gives them.
 * A file can fail without a failed test (it does not load, its preparation fails): it counts as one.
 */
export function sumOf(report) {
  const files = report.testResults;
  const countOf = (file, ...statuses) => file.assertionResults.filter(({ status }) => statuses.includes(status)).length;
  const sum = { passed: 0, failed: 0, skipped: 0, failedFiles: [] };
  for (const file of files) {
    const failed = countOf(file, 'failed');
    sum.passed += countOf(file, 'passed');
    sum.skipped += countOf(file, 'skipped', 'pending', 'todo', 'disabled');
    sum.failed += failed > 0 ? failed : file.status === 'failed' ? 1 : 0;
    if (file.status === 'failed') sum.failedFiles.push(file.name);
  }
  return sum;
}

/** The report in which the files of `again` stand for the same files of `first`. */
export function withSecondAttempt(first, again) {
  const anew = new Map(again.testResults.map((file) => [file.name, file]));
  return { ...first, testResults: first.testResults.map((file) => anew.get(file.name) ?? file) };
}
