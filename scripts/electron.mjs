// `node scripts/electron.mjs --json` prints `{ executable, args, version }` to start the built app with; without --json it starts it.
import { bootstrap } from './bootstrap.mjs';
import { main, runShown } from './lib/steps.mjs';

await main(async () => {
  const rest = process.argv.slice(2);
  const app = await bootstrap();
  if (!rest.includes('--json')) return runShown(app.executable, [...app.args, ...rest]);
  process.stdout.write(`${JSON.stringify(app)}\n`);
  return 0;
});
