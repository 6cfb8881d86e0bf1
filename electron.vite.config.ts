import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { fontFiles } from './main/export/report/fonts.ts';

// Native addons and Electron itself are found at run time; everything else is bundled, so that start-up reads few files.
const external = ['electron', 'better-sqlite3', 'keytar', /^node:/];
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Writes out/renderer/manifest.json: every file that app:// may serve, and nothing else exists for it. */
function manifest(): Plugin {
  return {
    name: 'oversight-manifest',
    apply: 'build',
    writeBundle(options) {
      const folder = options.dir ?? 'out/renderer';
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(path.join(folder, name)).isFile() && name !== 'manifest.json')
        .sort()
        .map((name) => {
          const bytes = readFileSync(path.join(folder, name));
          const type = types[path.extname(name)];
          if (!type) throw new Error(`app:// has no type for ${name}`);
          return {
            path: `/${name.split(path.sep).join('/')}`,
            type,
            bytes: bytes.length,
            sha256: createHash('sha256').update(bytes).digest('hex'),
          };
        });
      writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(files));
    },
  };
}

/**
 * The contract is pure, so a schema that no page uses is left out of the pages, instead of being built each time one begins: marked are the
 * calls that its constants are made by, which bundlers take for effects. Main parses, on either side of the bridge; pages only need the types.
 */
function pureContract(): Plugin {
  const callsIn = (node: unknown): number[] => {
    if (Array.isArray(node)) return node.flatMap(callsIn);
    if (node === null || typeof node !== 'object') return [];
    const { type, start } = node as { type?: string; start?: number };
    if (type?.includes('Function')) return [];
    return [...(type === 'CallExpression' && start !== undefined ? [start] : []), ...Object.values(node).flatMap(callsIn)];
  };
  return {
    name: 'oversight-pure-contract',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (path.dirname(id) !== path.resolve('contract')) return null;
      const made = this.parse(code, { lang: 'ts' }).body.flatMap((statement) => {
        const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        return declared?.type === 'VariableDeclaration' ? callsIn(declared.declarations.map(({ init }) => init)) : [];
      });
      const places = [...new Set(made)].sort((one, other) => other - one);
      return places.reduce((text, at) => `${text.slice(0, at)}/* @__PURE__ */ ${text.slice(at)}`, code);
    },
  };
}

/** What the player's page imports once it runs is fetched while its page is being read: the first picture waits for the slowest, not for the sum. */
function preloadPlayer(): Plugin {
  return {
    name: 'oversight-preload-player',
    apply: 'build',
    transformIndexHtml(_html, { filename, bundle }) {
      if (!filename.endsWith('player.html')) return [];
      const chunks = Object.values(bundle ?? {}).filter((one) => one.type === 'chunk');
      const wanted = chunks.filter(({ facadeModuleId }) =>
        /features\/player\/(engine|page|recording)\.tsx?$/.test(facadeModuleId ?? ''),
      );
      const names = new Set(wanted.flatMap((one) => [one.fileName, ...one.imports]));
      return [...names].map((name) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` },
        injectTo: 'head',
      }));
    },
  };
}

/** Of a font that comes as WOFF2 and as WOFF, every Chromium reads the first. */
function onlyWoff2(): Plugin {
  return {
    name: 'oversight-only-woff2',
    enforce: 'pre',
    transform: (code, id) =>
      /@fontsource\/.*\.css$/.test(id) ? code.replaceAll(/, url\([^)]+\.woff\) format\('woff'\)/g, '') : null,
  };
}

/** The tray's images lie beside main, as files: the system wants several sizes of each and finds them by name. */
function trayImages(): Plugin {
  return {
    name: 'oversight-tray-images',
    apply: 'build',
    writeBundle: (options) => cpSync('assets/tray', path.join(options.dir ?? 'out/main', 'tray'), { recursive: true }),
  };
}

/** The fonts of reports lie beside main too: only the subsets that a report can need, and their licences. */
function reportFonts(): Plugin {
  const from = 'node_modules/@fontsource';
  return {
    name: 'oversight-report-fonts',
    apply: 'build',
    writeBundle(options) {
      for (const file of fontFiles(from)) cpSync(path.join(from, file), path.join(options.dir ?? 'out/main', 'fonts', file));
    },
  };
}

export default defineConfig({
  main: {
    plugins: [trayImages(), reportFonts()],
    build: {
      externalizeDeps: false,
      outDir: 'out/main',
      minify: true,
      rollupOptions: {
        external,
        input: {
          index: 'main/index.ts',
          'archive-process': 'main/archive/process.ts',
          'export-process': 'main/export/process.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      outDir: 'out/preload',
      minify: true,
      rollupOptions: { external, input: { index: 'preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [pureContract(), onlyWoff2(), react(), preloadPlayer(), manifest()],
    build: {
      outDir: path.resolve('out/renderer'),
      emptyOutDir: true,
      minify: true,
      cssMinify: true,
      assetsInlineLimit: 0,
      target: 'chrome130',
      modulePreload: { polyfill: false },
      rollupOptions: {
        // With pureContract: schemas are also made of the parts of others.
        treeshake: { propertyReadSideEffects: false },
        input: {
          index: path.resolve('renderer/index.html'),
          player: path.resolve('renderer/player.html'),
          decision: path.resolve('renderer/decision.html'),
          watermark: path.resolve('renderer/watermark.html'),
        },
      },
    },
  },
});
