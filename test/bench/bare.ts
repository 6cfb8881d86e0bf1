import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { builtApp } from '../support/app.ts';
import { root } from '../support/processes.ts';

let made: string | undefined;

/** The limit: the runtime of the built app with nothing in it but test/bench/bare. Answers with its executable. */
export function bareElectron(): string {
  if (made) return made;
  const { executable } = builtApp();
  const from = path.dirname(executable);
  const to = path.join(path.dirname(path.dirname(from)), 'bench-bare');
  rmSync(to, { recursive: true, force: true });
  // Hard links, as the built app's own copy of the runtime is made.
  execFileSync('cp', ['-al', from, to]);
  rmSync(path.join(to, 'resources/app'), { recursive: true, force: true });
  cpSync(path.join(root, 'test/bench/bare'), path.join(to, 'resources/app'), { recursive: true });
  const hls = path.join(root, 'node_modules/hls.js/dist/hls.min.js');
  if (existsSync(hls)) cpSync(hls, path.join(to, 'resources/app/hls.min.js'));
  made = path.join(to, path.basename(executable));
  return made;
}
