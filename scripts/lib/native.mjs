// The native addons, built so that one file works in Node and in every Electron the app runs on.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { environment, root, run, Stop } from './steps.mjs';

const folder = path.join(root, 'node_modules/better-sqlite3');

/**
 * better-sqlite3 13 asks for Node-API 10; Electron 33 carries 9. Built with Node-API left to its default, one addon serves Electron 33,
 * Electron 45 and Node. Takes about 80 s on two cores.
 */
export function buildDatabaseAddon() {
  const headers = [path.resolve(process.execPath, '../..'), '/usr', '/usr/local'].find((prefix) => existsSync(path.join(prefix, 'include/node/node_api.h')));
  const flags = '-UNAPI_VERSION -DNAPI_EXPERIMENTAL -DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT';
  const args = ['rebuild', '--release', '--force_build=1', ...(headers ? [`--nodedir=${headers}`] : [])];
  run(path.join(root, 'node_modules/.bin/node-gyp'), args, {
    cwd: folder,
    env: { ...environment, CXXFLAGS: `${process.env.CXXFLAGS ?? ''} ${flags}`.trim(), JOBS: 'max' },
  });
  if (!existsSync(path.join(folder, 'build/Release/better_sqlite3.node'))) throw new Stop('The database addon was not built.');
}
