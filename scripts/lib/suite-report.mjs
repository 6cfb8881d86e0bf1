// What vitest's JSON report says of a suite, and what a second attempt of some of its files makes of it.
import path from 'node:path';

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

/**
 * What failed in a report, for people: one text each, `file › test` and the first lines of why, as a log that is cut off from the top still shows.
 * Files are named as from `root`. A file that failed without a failed test is one too.
 */
export function failuresOf(report, root) {
  const text = (file, title, message) =>
    [`${path.relative(root, file.name)}${title ? ` › ${title}` : ''}`, ...linesOf(message).map((line) => `    ${line}`)].join(
      '\n',
    );
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length > 0) return failed.map((test) => text(file, test.fullName, test.failureMessages?.[0]));
    return file.status === 'failed' ? [text(file, '', file.message)] : [];
  });
}

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** The first lines of a message, without colours, each of a length that can be read. */
function linesOf(message = '') {
  return message
    .replace(escapes, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 12)
    .map((line) => line.slice(0, 240));
}
