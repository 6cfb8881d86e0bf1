// `npm run package`: the app as people get it, unpacked, with its fuses closed, in dist/. With --json it is made where every user of this
// computer can run it, and `{ executable, version }` is printed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { alone, hashOf, main, markDone, once, root, run, say } from './lib/steps.mjs';

await main(async () => {
  await bootstrap();
  const { cloneCache, ensureRuntime, setuidSandbox } = await import('./lib/electron-runtime.mjs');
  const json = process.argv.includes('--json');
  const runtime = await ensureRuntime();
  const output = json ? path.join(cloneCache, 'packaged') : path.join(root, 'dist');
  const executable = path.join(output, unpackedExecutable());
  const key = hashOf(
    ['out/main', 'out/preload', 'out/renderer', 'electron-builder.yml', 'package.json', 'assets/icon.png'],
    runtime.folder,
    output,
  );
  const stamp = `packaged-${json ? 'shared' : 'dist'}`;
  await alone(async () => {
    if (!existsSync(executable)) markDone(stamp, '');
    await once(stamp, key, 'Packaging the app', () => {
      const config = [`electronDist=${runtime.folder}`, `electronVersion=${runtime.version}`, `directories.output=${output}`];
      run('electron-builder', ['--dir', '--publish=never', ...config.map((one) => `--config.${one}`)]);
      setuidSandbox(path.dirname(executable));
    });
  });
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (json) process.stdout.write(`${JSON.stringify({ executable, version, electron: runtime.version })}\n`);
  else say(`The app is ${path.relative(root, executable)}, on Electron ${runtime.version}.`);
});

function unpackedExecutable() {
  const suffix = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') return `mac${suffix}/Oversight.app/Contents/MacOS/Oversight`;
  if (process.platform === 'win32') return `win${suffix}-unpacked/Oversight.exe`;
  return `linux${suffix}-unpacked/oversight`;
}
