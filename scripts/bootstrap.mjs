// Makes a clone ready to run: packages, system packages, native addons, an Electron, a build. What is done already is not repeated.
// Built-in modules only: it runs where nothing is installed yet.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildDatabaseAddon } from './lib/native.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { alone, hashOf, isDone, main, markDone, once, readStamp, root, run, Stop, say } from './lib/steps.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

/**
 * Everything the app needs to start. Answers `{ executable, args, version }` of the built app. `desktop` asks for what a display, a
 * keyring and notifications of our own need as well: the tests and the tour do.
 */
export async function bootstrap({ desktop = false } = {}) {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Stop(`Node 20 or later is needed; this is ${process.versions.node}.`);
  ensureSystemPackages({ desktop });
  return staged() ?? alone(prepare);
}

async function prepare() {
  await ensurePackages();
  await ensureDatabaseAddon();
  const { ensureRuntime, stage } = await import('./lib/electron-runtime.mjs');
  const runtime = await ensureRuntime();
  say(`• ${runtime.note}`);
  await buildApp();
  const app = stage(runtime);
  markDone('app', JSON.stringify({ key: everything(), app }));
  return app;
}

const sources = ['contract', 'main', 'preload', 'renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const built = ['main/index.js', 'main/archive-process.js', 'preload/index.cjs', 'renderer/manifest.json'].map((name) =>
  path.join(root, 'out', name),
);

/** A hash over all that decides what the app is. */
const everything = () => hashOf([...sources, 'scripts/lib', ...built]);

/** What an earlier run has prepared, if nothing has changed since. Writes nothing: the clone may be another user's. */
function staged() {
  const note = readStamp('app');
  if (note === null) return null;
  const { key, app } = JSON.parse(note);
  return key === everything() && existsSync(app.executable) && existsSync(path.join(root, 'node_modules/.bin/node')) ? app : null;
}

async function ensureDatabaseAddon() {
  const folder = path.join(root, 'node_modules/better-sqlite3');
  const key = hashOf(['scripts/lib/native.mjs'], readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const there = existsSync(path.join(folder, 'build/Release/better_sqlite3.node'));
  if (there && isDone('database-addon', key)) return;
  await once('database-addon', there ? key : `${key} absent`, 'Building the encrypted database (about 80 s)', buildDatabaseAddon);
  markDone('database-addon', key);
}

/** Builds main, preload and renderer when a source has changed. */
async function buildApp() {
  const key = hashOf(sources);
  if (built.every((file) => existsSync(file)) && isDone('build', key)) return;
  await once('build', `${key} wanted`, 'Building the app', () => run('npm', ['run', '--silent', 'build']));
  markDone('build', key);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => void (await bootstrap({ desktop: process.argv.includes('--desktop') })));
}
