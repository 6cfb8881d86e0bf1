import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

// The import law of ARCHITECTURE.md. The compiler and the linter hold most of it while one types; this holds all of it, by resolved path.

const root = path.resolve(import.meta.dirname, '..');
const sides = ['contract', 'main', 'preload', 'renderer', 'gateway'] as const;

/** One import: from which file, of what (a path below the root, or a package), and the names it takes where they are written out. */
type Import = { from: string; of: string; names: string[]; relative: boolean };

type Law = { says: string; broken: (one: Import) => boolean };

const sideOf = (file: string) => file.split('/')[0] ?? '';
const featureOf = (file: string) => /^renderer\/features\/([^/]+)\//.exec(file)?.[1] ?? null;
const isPackage = (one: Import, name: string) => !one.relative && (one.of === name || one.of.startsWith(`${name}/`));
const isNode = (one: Import) => !one.relative && (one.of.startsWith('node:') || builtinModules.includes(one.of));
const onlyIn = (allowed: (file: string) => boolean, taken: (one: Import) => boolean) => (one: Import) =>
  taken(one) && !allowed(one.from);

const laws: Law[] = [
  {
    says: 'main, preload, renderer and gateway never import one another; everyone may import contract.',
    broken: (one) => one.relative && sideOf(one.of) !== sideOf(one.from) && sideOf(one.of) !== 'contract',
  },
  {
    says: 'contract imports only zod, @orpc/contract and itself.',
    broken: (one) =>
      sideOf(one.from) === 'contract' && !(one.relative || isPackage(one, 'zod') || isPackage(one, '@orpc/contract')),
  },
  {
    says: 'A renderer feature never imports another feature: what both need belongs in renderer/ui or renderer/store.',
    broken: (one) => {
      const [from, of] = [featureOf(one.from), featureOf(one.of)];
      return from !== null && of !== null && from !== of;
    },
  },
  {
    says: 'What features share (renderer/ui, store, theme, i18n) never imports a feature or the app around them.',
    broken: (one) => /^renderer\/(ui|store|theme|i18n)\//.test(one.from) && /^renderer\/(features|app)\//.test(one.of),
  },
  {
    says: 'preload imports only electron and contract.',
    broken: (one) => sideOf(one.from) === 'preload' && !one.relative && one.of !== 'electron',
  },
  { says: 'renderer runs without Node.', broken: (one) => sideOf(one.from) === 'renderer' && isNode(one) },
  {
    says: 'main and gateway draw nothing: no React.',
    broken: (one) => /^(main|gateway)\//.test(one.from) && (isPackage(one, 'react') || isPackage(one, 'react-dom')),
  },
  {
    says: 'Only main and preload import electron.',
    broken: onlyIn(
      (file) => /^(main|preload)\//.test(file),
      (one) => isPackage(one, 'electron'),
    ),
  },
  {
    says: 'Only main/ipc.ts imports ipcMain.',
    broken: onlyIn(
      (file) => file === 'main/ipc.ts',
      (one) => isPackage(one, 'electron') && one.names.includes('ipcMain'),
    ),
  },
  {
    says: 'Electron is imported by name, so that what is used can be seen.',
    broken: (one) => isPackage(one, 'electron') && one.names.includes('*'),
  },
  {
    says: 'Only main/identity/keychain.ts imports keytar.',
    broken: onlyIn(
      (file) => file === 'main/identity/keychain.ts',
      (one) => isPackage(one, 'keytar'),
    ),
  },
  {
    says: 'Only main/archive/database.ts in the client, and gateway/store/database.ts, import better-sqlite3.',
    broken: onlyIn(
      (file) => file === 'main/archive/database.ts' || file === 'gateway/store/database.ts',
      (one) => isPackage(one, 'better-sqlite3'),
    ),
  },
  {
    says: 'Only renderer/store/bridge.ts reads the bridge.',
    broken: (one) =>
      sideOf(one.from) === 'renderer' &&
      one.from !== 'renderer/store/bridge.ts' &&
      one.of === 'contract/bridge.ts' &&
      one.names.some((name) => name === 'connectBridge' || name === '*'),
  },
];

const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** Every import, re-export and dynamic import of a source, types included. */
function importsOf(from: string, source: string): Import[] {
  const text = withoutComments(source);
  const found: Import[] = [];
  const add = (specifier: string, names: string[]) => {
    const relative = specifier.startsWith('.');
    found.push({ from, of: relative ? path.posix.join(path.posix.dirname(from), specifier) : specifier, names, relative });
  };
  for (const [, clause = '', specifier = ''] of text.matchAll(/^\s*(?:import|export)\s([^'";]*?)\sfrom\s*['"]([^'"]+)['"]/gm))
    add(specifier, namesIn(clause));
  for (const [, specifier = ''] of text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)) add(specifier, []);
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*['"`]([^'"`]+)['"`]/g)) add(specifier, []);
  for (const [, specifier = ''] of text.matchAll(/\brequire\(\s*['"`]([^'"`]+)['"`]/g)) add(specifier, []);
  return found;
}

/** `type A, { b as c, type D }` → A, b, D; a namespace or a bare `export *` is `*`. */
function namesIn(clause: string): string[] {
  if (clause.includes('*')) return ['*'];
  return clause
    .replace(/[{}]/g, ',')
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s+.*$/, ''),
    )
    .filter((name) => name !== '' && name !== 'type');
}

/** Sentences, one for each broken law, with the file and what it imports. */
const breaches = (imports: Import[]) =>
  imports.flatMap((one) => laws.filter((law) => law.broken(one)).map((law) => `${one.from} imports ${one.of}. ${law.says}`));

function sourcesOf(side: string): string[] {
  const names = readdirSync(path.join(root, side), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.(ts|tsx|mts|cts|js|mjs)$/.test(name))
    .map((name) => `${side}/${name.split(path.sep).join('/')}`);
}

describe('the import law', () => {
  it.each(sides)('holds in %s', (side) => {
    const files = sourcesOf(side);
    expect(files).not.toEqual([]);
    expect(breaches(files.flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8'))))).toEqual([]);
  });

  it.each([
    ['main/start.ts', "import { App } from '../renderer/app/App.tsx';", 'never import one another'],
    ['main/a/b.ts', "export * from '../../gateway/policy.ts';", 'never import one another'],
    ['gateway/server.ts', "import type { Start } from '../main/start.ts';", 'never import one another'],
    ['renderer/main.tsx', "const later = () => import('../main/index.ts');", 'never import one another'],
    ['renderer/main.tsx', "import { until } from '../test/support/processes.ts';", 'never import one another'],
    ['contract/time.ts', "import { dayjs } from 'dayjs';", 'contract imports only'],
    ['contract/time.ts', "import { now } from '../main/gateway/clock.ts';", 'never import one another'],
    [
      'renderer/features/sessions/list.ts',
      "import {\n  form,\n} from '../justification/form.ts';",
      'never imports another feature',
    ],
    ['renderer/ui/Empty.tsx', "import '../features/sessions/cells.tsx';", 'What features share'],
    ['preload/index.ts', "import { z } from 'zod';", 'preload imports only'],
    ['renderer/store/live.ts', "import { readFileSync } from 'fs';", 'without Node'],
    ['gateway/server.ts', "import React from 'react';", 'no React'],
    ['gateway/server.ts', "import { net } from 'electron';", 'Only main and preload'],
    ['main/handlers.ts', "import { app, ipcMain as ipc } from 'electron';", 'Only main/ipc.ts'],
    ['main/handlers.ts', "import * as electron from 'electron';", 'by name'],
    ['main/identity/account.ts', "const keytar = await import('keytar');", 'Only main/identity/keychain.ts'],
    ['main/archive/search.ts', "import type { Database } from 'better-sqlite3';", 'Only main/archive/database.ts'],
    ['renderer/store/account.ts', "import { connectBridge } from '../../contract/bridge.ts';", 'Only renderer/store/bridge.ts'],
  ])('is broken by %s with %s', (file, source, says) => {
    expect(breaches(importsOf(file, source)).join('\n')).toContain(says);
  });

  it.each([
    ['main/identity/account.ts', "import { parseAddress } from '../gateway/address.ts';"],
    ['main/identity/account.ts', "// import { App } from '../../renderer/app/App.tsx';\n/* import 'react'; */"],
    ['main/ipc.ts', "import { ipcMain } from 'electron';"],
    [
      'renderer/features/sessions/list.ts',
      "import { Empty } from '../../ui/Empty.tsx';\nimport type { Session } from '../../../contract/session.ts';",
    ],
    ['renderer/app/App.tsx', "const Screen = lazy(() => import('../features/sessions/SessionsScreen.tsx'));"],
  ])('is kept by %s with %s', (file, source) => {
    expect(breaches(importsOf(file, source))).toEqual([]);
  });
});
