// Makes a clone ready to run: packages, system packages, native addons, an Electron, a build. What is done already is not repeated.
// Built-in modules only: it runs where nothing is installed yet.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashOf, isDone, main, markDone, once, root, run, Stop, say } from './lib/steps.mjs';
import { buildDatabaseAddon } from './lib/native.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

/** Everything the app needs to start. Answers `{ executable, args, version }` of the built app. */
export async function bootstrap() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Stop(`Node 20 or later is needed; this is ${process.versions.node}.`);
  ensureSystemPackages();
  const lock = hashOf(['package-lock.json']);
  await once('packages', lock, 'Installing packages', () => run('npm', ['ci', '--no-audit', '--no-fund'], { env: process.env }));
  const addon = path.join(root, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node');
  const version = readFileSync(path.join(root, 'node_modules/better-sqlite3/package.json'), 'utf8');
  await once('database-addon', hashOf([], version, existsSync(addon) ? 'there' : lock), 'Building the encrypted database (about 80 s)', buildDatabaseAddon);
  markDone('database-addon', hashOf([], version, 'there'));
  const { ensureRuntime, stage } = await import('./lib/electron-runtime.mjs');
  const runtime = await ensureRuntime();
  await buildApp();
  if (!isDone('runtime-note', runtime.note)) {
    say(`• ${runtime.note}`);
    markDone('runtime-note', runtime.note);
  }
  return stage(runtime);
}

/** Builds main, preload and renderer when a source has changed. */
export async function buildApp() {
  const sources = hashOf(['contract', 'main', 'preload', 'renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json']);
  const key = existsSync(path.join(root, 'out/main/index.js')) ? sources : `${sources} absent`;
  await once('build', key, 'Building the app', () => run('npm', ['run', '--silent', 'build']));
  markDone('build', sources);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(async () => void (await bootstrap()));
