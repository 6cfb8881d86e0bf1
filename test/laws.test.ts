import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const sides = ['main', 'preload', 'renderer', 'gateway'];

type Import = { file: string; target: string };

/** The laws of architecture.md: who may import what. Each says what to do instead. */
const laws: { law: string; breaks: (one: Import) => boolean }[] = [
  {
    law: 'main, preload, renderer and gateway never import one another: say it in contract/ and cross a border.',
    breaks: ({ file, target }) =>
      sides.some((side) => inside(file, side) && sides.some((other) => other !== side && inside(target, other))),
  },
  {
    law: 'contract imports only zod, @orpc/contract and itself: everyone must be able to import it.',
    breaks: ({ file, target }) =>
      inside(file, 'contract') && !inside(target, 'contract') && !['zod', '@orpc/contract'].includes(target),
  },
  {
    law: 'A renderer feature never imports another: what they share belongs in renderer/ui or renderer/store.',
    breaks: ({ file, target }) => {
      const own = feature(file);
      const other = feature(target);
      return own !== null && other !== null && own !== other;
    },
  },
  {
    law: 'renderer/ui and renderer/store never import a feature: features import them.',
    breaks: ({ file, target }) => (inside(file, 'renderer/ui') || inside(file, 'renderer/store')) && feature(target) !== null,
  },
  {
    law: 'Only main and preload import electron; pages reach main through renderer/store/bridge.ts.',
    breaks: ({ file, target }) =>
      target === 'electron' && !inside(file, 'main') && !inside(file, 'preload') && !inside(file, 'test'),
  },
  {
    law: 'The renderer imports nothing of Node.',
    breaks: ({ file, target }) => inside(file, 'renderer') && target.startsWith('node:'),
  },
  {
    law: 'Only main/identity/keychain.ts imports keytar: it knows how a locked keyring answers.',
    breaks: ({ file, target }) => target === 'keytar' && file !== 'main/identity/keychain.ts',
  },
  {
    law: 'In the client only main/archive/database.ts imports better-sqlite3: it opens with the key.',
    breaks: ({ file, target }) => target === 'better-sqlite3' && inside(file, 'main') && file !== 'main/archive/database.ts',
  },
  {
    law: 'Shipped code imports nothing of test/.',
    breaks: ({ file, target }) => inside(target, 'test') && !inside(file, 'test'),
  },
  {
    law: 'preload imports only electron and contract: it carries one port and knows nothing.',
    breaks: ({ file, target }) =>
      inside(file, 'preload') && target !== 'electron' && !inside(target, 'preload') && !inside(target, 'contract'),
  },
  {
    law: 'main and gateway draw nothing: no React.',
    breaks: ({ file, target }) =>
      (inside(file, 'main') || inside(file, 'gateway')) && /^(react|react-dom|@mantine)(\/|$)/.test(target),
  },
];

/** What may stand in one file alone, by its text. */
const words: { law: string; word: RegExp; only: string; within?: string }[] = [
  { law: 'Only main/ipc.ts uses ipcMain: it checks the sender first.', word: /\bipcMain\b/, only: 'main/ipc.ts' },
  {
    law: 'In the renderer only renderer/store/bridge.ts asks for the bridge.',
    word: /oversight:ask|connectBridge\(/,
    only: 'renderer/store/bridge.ts',
    within: 'renderer',
  },
];

describe('the import law', () => {
  const files = ['contract', ...sides].flatMap(sources);
  const imports = files.flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')));

  it.each(laws)('$law', ({ breaks }) => {
    expect(imports.filter(breaks).map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it.each(words)('$law', ({ word, only, within = '' }) => {
    const users = files.filter(
      (file) => file !== only && file.startsWith(within) && word.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(users).toEqual([]);
  });

  it('notices every way to break a law', () => {
    const broken: [string, string, number][] = [
      ['main/start.ts', "import { x } from '../gateway/index.ts';", 0],
      ['renderer/app/App.tsx', "const y = await import('../../main/log.ts');", 0],
      ['contract/session.ts', "import fs from 'node:fs';", 1],
      ['renderer/features/sessions/a.ts', "import type { B } from '../approvals/b.ts';", 2],
      ['renderer/ui/Screen.tsx', "export { a } from '../features/sessions/a.ts';", 3],
      ['renderer/store/time.ts', "import { app } from 'electron';", 4],
      ['renderer/store/time.ts', "import 'node:path';", 5],
      ['main/start.ts', "const k = import('keytar');", 6],
      ['main/requests/service.ts', "import Database from 'better-sqlite3';", 7],
      ['main/start.ts', "import { fake } from '../test/support/fake.ts';", 8],
      ['preload/index.ts', 'import { z } from "zod";', 9],
      ['gateway/server.ts', "import { createElement } from 'react';", 10],
      ['gateway/server.ts', "const dom = require('react-dom/server');", 10],
    ];
    for (const [file, text, index] of broken)
      expect(importsOf(file, text).filter((one) => laws[index]?.breaks(one)).length, text).toBe(1);
  });
});

function inside(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`);
}

function feature(file: string): string | null {
  return /^renderer\/features\/([^/]+)\//.exec(file)?.[1] ?? null;
}

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((name) => /\.tsx?$/.test(name));
}

function importsOf(file: string, text: string): Import[] {
  const found = [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"\n ]+)['"]/g)].map(([, target = '']) => target);
  return found.map((target) => ({
    file,
    target: target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target,
  }));
}
