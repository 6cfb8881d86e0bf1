// `npm test`: everything, in order. `npm run test:unit` and so on: one part. Ends with one line that sums up.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { main, root, runShown, say } from './lib/steps.mjs';
import { failuresOf, sumOf, withSecondAttempt } from './lib/suite-report.mjs';

const folders = ['contract', 'main', 'preload', 'renderer', 'gateway', 'scripts', 'test'];
const checks = {
  types: () => inTurn(folders.map((folder) => ['tsc', '-p', folder])),
  lint: () => inTurn([['biome', 'check', '--error-on-warnings', '.']]),
};
const suites = ['laws', 'unit', 'integration', 'e2e', 'packaged'];
/**
 * So many files of a suite that failed are run once more, alone, and named at the end: what stands there is to be mended; more do not fail by
 * chance. Tests start real programs on a real desktop. There a window was seen that drew no frame for half a minute, once, and nothing of ours was
 * found to cause it; and a disk that was busy with something else made waits end in vain.
 */
const mostSecondAttempts = 5;
const secondAttempts = [];
/** What failed, said again at the end: the beginning of a long log is often not kept. */
const failures = [];

await main(async () => {
  const wanted = process.argv.slice(2);
  const chosen = wanted.length > 0 ? wanted : [...Object.keys(checks), ...suites];
  await bootstrap({ desktop: true });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const part of chosen) {
    say(`\n── ${part} ──`);
    const started = Date.now();
    if (part in checks) await check(part, sum);
    else await suite(part, sum);
    say(`   ${part}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  if (secondAttempts.length > 0) process.stdout.write(`\nPassed at the second attempt only: ${secondAttempts.join(', ')}\n`);
  if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.join('\n')}\n`);
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}\n`);
  return sum.failed > 0 ? 1 : 0;
});

async function inTurn(commands) {
  let worst = 0;
  for (const [command, ...args] of commands) worst = Math.max(worst, await runShown(command, args));
  return worst;
}

async function check(name, sum) {
  if ((await checks[name]()) === 0) {
    sum.passed += 1;
    return;
  }
  sum.failed += 1;
  failures.push(`${name}: see above`);
}

async function suite(name, sum) {
  const first = await attempt(name);
  if (first === null) {
    sum.failed += 1;
    failures.push(`${name}: left no report`);
    return;
  }
  let { report, code } = first;
  const { failedFiles } = sumOf(report);
  if (failedFiles.length > 0 && failedFiles.length <= mostSecondAttempts) {
    const names = failedFiles.map((file) => path.relative(root, file));
    say(`\n── ${name}, a second attempt of what failed: ${names.join(', ')} ──`);
    const again = await attempt(name, names);
    if (again !== null) {
      report = withSecondAttempt(report, again.report);
      code = again.code;
    }
    const stillFailing = sumOf(report).failedFiles;
    secondAttempts.push(...names.filter((file) => !stillFailing.includes(path.join(root, file))));
  }
  const result = sumOf(report);
  failures.push(...failuresOf(report, root));
  for (const key of ['passed', 'failed', 'skipped']) sum[key] += result[key];
  // An error that nobody caught belongs to no file.
  if (code !== 0 && result.failed === 0) {
    sum.failed += 1;
    failures.push(`${name}: an error that belongs to no test, see above`);
  }
}

/** Runs a suite, or some of its files. Answers with its exit code and its report; null when it left none. */
async function attempt(name, files = []) {
  const file = path.join(root, 'out/test', `${name}${files.length > 0 ? '-again' : ''}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runShown('vitest', ['run', '--project', name, ...reporters, ...files]);
  return existsSync(file) ? { code, report: JSON.parse(readFileSync(file, 'utf8')) } : null;
}
