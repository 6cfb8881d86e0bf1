// What every script of this folder shares: where things are, saying what happens, running programs, and remembering what is done.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const stateDir = path.join(root, 'node_modules', '.oversight');
export const isRoot = process.getuid?.() === 0;

/** Where runtimes are kept between clones. Root's own home is closed to the ordinary user that tests run the app as. */
export const cacheDir = isRoot
  ? '/var/cache/oversight'
  : path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'oversight');

/** The project's own programs (Node 24 among them) come first on the PATH of everything that is started. */
export const environment = {
  ...process.env,
  PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
};

/** One line to the person who waits. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** An error whose message is meant for a person: printed without a stack. */
export class Stop extends Error {}

/** Runs a program to its end. `quiet` keeps its output unless it fails. Throws `Stop` with the end of the output. */
export function run(command, args, { quiet = true, ...options } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: quiet ? 'pipe' : 'inherit',
    ...options,
  });
  if (result.status === 0) return result.stdout ?? '';
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-25).join('\n');
  throw new Stop(`${[command, ...args].join(' ')} failed${result.error ? `: ${result.error.message}` : ''}\n${output}`);
}

/** Runs a program with its output shown; resolves to its exit code. */
export function runShown(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: environment, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** A hash over files and folders: their paths and contents. What does not exist counts as absent. */
export function hashOf(paths, ...more) {
  const hash = createHash('sha256');
  for (const text of more) hash.update(text);
  const add = (file) => {
    if (!existsSync(file)) return void hash.update(`absent ${file}`);
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) add(path.join(file, name));
      return;
    }
    hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  };
  for (const one of paths) add(path.resolve(root, one));
  return hash.digest('hex');
}

const stampFile = (name) => path.join(stateDir, `${name}.stamp`);

/** What was marked as done under a name; null when nothing was. */
export function readStamp(name) {
  return existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : null;
}

export function isDone(name, key) {
  return readStamp(name) === key;
}

export function markDone(name, key) {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(stampFile(name), key);
}

/** Does `work` unless it was done with the same key before; says how long it took. */
export async function once(name, key, label, work) {
  if (isDone(name, key)) return false;
  say(`• ${label} …`);
  const started = Date.now();
  await work();
  markDone(name, key);
  say(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return true;
}

/** Runs `work` while no other process of this clone does the same; waits for one that does. A lock whose owner died is taken over. */
export async function alone(work) {
  const lock = path.join(root, 'out', 'bootstrap.lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(readOwner(lock))) rmSync(lock, { force: true });
    else {
      if (!told) say('• Waiting for another run of this clone to finish its preparations …');
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function readOwner(lock) {
  try {
    // An empty file is a lock that is being written.
    return Number(readFileSync(lock, 'utf8')) || process.pid;
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a script's body: a `Stop` becomes its message and exit code 1. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    say(error instanceof Stop ? error.message : (error.stack ?? String(error)));
    process.exitCode = 1;
  }
}
