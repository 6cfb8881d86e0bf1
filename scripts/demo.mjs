// `npm run demo`: a gateway with demo people, sessions and recordings, and the app. Without a display, or with --tour, the tour.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrap } from './bootstrap.mjs';
import { environment, main, root, runShown, Stop, say } from './lib/steps.mjs';

await main(async () => {
  const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  const tour = process.argv.includes('--tour') || !display;
  const app = await bootstrap({ desktop: tour });
  if (tour) {
    if (!display) say('• There is no display here: the tour runs on one of its own, with the real app.');
    return runShown('node', ['scripts/tour.ts']);
  }
  if (process.getuid?.() === 0)
    throw new Stop('Chromium’s sandbox cannot run as root. Please start the demo as an ordinary user, or with --tour.');
  const gateway = spawn('node', ['gateway/index.ts', 'serve', '--data', path.join(root, 'out/demo/gateway'), '--seed', 'demo'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: gateway.stdout });
  const [first] = await Promise.race([once(lines, 'line'), once(gateway, 'exit').then(() => [''])]);
  if (!first) throw new Stop('The gateway did not start.');
  const { url } = JSON.parse(first);
  const { demoAccounts, demoPassword } = await people();
  say(`\nThe app runs on Electron ${app.version}.`);
  say(`The gateway is at ${url}. Everybody’s password is ${demoPassword}.\n`);
  for (const { userName, about } of demoAccounts) say(`  ${userName.padEnd(16)} ${about}`);
  say(`
What to try: sign in as marta.reis, find session 4f1aa, and ask for its video (Actions, Session video). Start a second window with
    node scripts/electron.mjs --gateway=${url} --user-data-dir=out/demo/approver
sign in there as paulo.nunes, and approve under Approvals. Then watch, and revoke while it plays. Closing the first window ends the demo.
`);
  const code = await runShown(app.executable, [
    ...app.args,
    `--gateway=${url}`,
    `--user-data-dir=${path.join(root, 'out/demo/app')}`,
  ]);
  gateway.kill('SIGTERM');
  await once(gateway, 'exit');
  return code;
});

/** The demo's people, read by the project's own Node: this script may run on one that does not know TypeScript. */
async function people() {
  const { execFileSync } = await import('node:child_process');
  const print = "import('./gateway/seed/people.ts').then((people) => console.log(JSON.stringify(people)))";
  return JSON.parse(execFileSync('node', ['-e', print], { cwd: root, env: environment, encoding: 'utf8' }));
}
