// `npm test`: everything, in order. `npm run test:unit` and so on: one part. Ends with one line that sums up.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { main, root, runShown, say } from './lib/steps.mjs';

const folders = ['contract', 'main', 'preload', 'renderer', 'gateway', 'scripts', 'test'];
const checks = {
  types: () => inTurn(folders.map((folder) => ['tsc', '-p', folder])),
  lint: () => inTurn([['biome', 'check', '--diagnostic-level=error', '.']]),
};
const suites = ['laws', 'unit', 'integration', 'e2e', 'packaged'];

await main(async () => {
  const wanted = process.argv.slice(2);
  const chosen = wanted.length > 0 ? wanted : [...Object.keys(checks), ...suites];
  await bootstrap({ desktop: true });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const part of chosen) {
    say(`\n── ${part} ──`);
    const started = Date.now();
    if (part in checks) sum[(await checks[part]()) === 0 ? 'passed' : 'failed'] += 1;
    else await suite(part, sum);
    say(`   ${part}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}\n`);
  return sum.failed > 0 ? 1 : 0;
});

async function inTurn(commands) {
  let worst = 0;
  for (const [command, ...args] of commands) worst = Math.max(worst, await runShown(command, args));
  return worst;
}

async function suite(name, sum) {
  const report = path.join(root, 'out/test', `${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const code = await runShown('vitest', [
    'run',
    '--project',
    name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) {
    sum.failed += 1;
    return;
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
  sum.passed += numPassedTests;
  sum.skipped += numPendingTests + numTodoTests;
  // A suite can fail without a failed test: a file that does not load, an error that nobody caught.
  sum.failed += numFailedTests > 0 ? numFailedTests : code === 0 ? 0 : 1;
}
