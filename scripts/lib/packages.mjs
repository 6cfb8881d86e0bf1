// The npm packages of the lock file.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hashOf, isDone, markDone, once, root, run } from './steps.mjs';

/** Installs what the lock file says unless it is there. */
export async function ensurePackages() {
  const key = hashOf(['package-lock.json']);
  const node = existsSync(path.join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node'));
  if (node && isDone('packages', key)) return;
  if (!(node && installedAsLocked())) await once('packages', `${key} wanted`, 'Installing packages', install);
  markDone('packages', key);
}

function install() {
  // The Node of node_modules must not be the one that replaces node_modules.
  const bin = `node_modules${path.sep}.bin`;
  const PATH = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => !folder.includes(bin));
  run('npm', ['ci', '--no-audit', '--no-fund'], { env: { ...process.env, PATH: PATH.join(path.delimiter) } });
}

/** Whether npm itself has noted every package of the lock file as installed, in its version (optional ones may be for other systems). */
function installedAsLocked() {
  const note = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packagesOf(note);
  return Object.entries(packagesOf(path.join(root, 'package-lock.json'))).every(
    ([name, { version, optional }]) => name === '' || (installed[name] ? installed[name].version === version : optional === true),
  );
}
