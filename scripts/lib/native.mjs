// The native addons, built so that one file works in Node and in every Electron the app runs on.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { environment, root, run, Stop } from './steps.mjs';

const folder = path.join(root, 'node_modules/better-sqlite3');

/**
 * better-sqlite3 13 asks for Node-API 10; Electron 33 carries 9. Built with Node-API left to its default, one addon serves Electron 33,
 * Electron 45 and Node. Takes about 80 s on two cores.
 */
export function buildDatabaseAddon() {
  const headers = installedHeaders();
  const flags = '-UNAPI_VERSION -DNAPI_EXPERIMENTAL -DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT';
  const args = ['rebuild', '--release', '--force_build=1', ...(headers ? [`--nodedir=${headers}`] : [])];
  run(path.join(root, 'node_modules/.bin/node-gyp'), args, {
    cwd: folder,
    env: { ...environment, CXXFLAGS: `${process.env.CXXFLAGS ?? ''} ${flags}`.trim(), JOBS: 'max' },
  });
  if (!existsSync(path.join(folder, 'build/Release/better_sqlite3.node'))) throw new Stop('The database addon was not built.');
}

/** The prefix of a Node whose headers (20 or later) are installed; without one, node-gyp downloads them. */
function installedHeaders() {
  const prefixes = [process.env.npm_config_nodedir, path.resolve(process.execPath, '../..'), '/usr', '/usr/local'];
  return prefixes.find((prefix) => {
    const file = prefix && path.join(prefix, 'include/node/node_version.h');
    return file && existsSync(file) && Number(/NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) >= 20;
  });
}
