import { access, constants, copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ImportError, stopImport } from './failure.ts';

const allowed = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\.(m3u8|m4s|mp4|ts|aac|key|vtt|jpg)$/;

/** The files that a playlist and the playlists in it name, relative to its folder, itself first. Fails with ImportError when one is missing or lies elsewhere. */
export async function hlsFiles(playlist: string): Promise<string[]> {
  const folder = path.dirname(playlist);
  const found = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (found.has(name)) return;
    found.add(name);
    await access(path.join(folder, name)).catch(() => stopImport(`The recording is not whole: ${name} is missing.`));
    if (!name.endsWith('.m3u8')) return;
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => stopImport(`The playlist ${name} is missing.`));
    const lines = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map((line) => line.trim());
    if (lines[0] !== '#EXTM3U') return stopImport(`${name} is not an HLS playlist.`);
    const isMaster = lines.some((line) => line.startsWith('#EXT-X-STREAM-INF'));
    if (!isMaster && !lines.includes('#EXT-X-ENDLIST'))
      return stopImport(`The playlist ${name} has no end: the recording is still being written, or was cut off.`);
    const names = lines.flatMap((line) => (line === '' ? [] : line.startsWith('#') ? urisOf(line) : [line]));
    if (names.length === 0) return stopImport(`The playlist ${name} is empty.`);
    for (const each of names) {
      const below = path.posix.join(path.posix.dirname(name), each.replace(/^\.\//, ''));
      if (!allowed.test(below))
        return stopImport(`The playlist ${name} names ${each}, which is not a media file below its own folder.`);
      await visit(below);
    }
  };
  await visit(path.basename(playlist));
  return [...found];
}

const urisOf = (line: string) => [...line.matchAll(/[A-Z-]*URI="([^"]*)"/g)].map(([, uri = '']) => uri);

/** Copies an HLS recording as it is, its first playlist under the name that players begin with. */
export async function copyHls(playlist: string, files: readonly string[], folder: string): Promise<void> {
  const [first = ''] = files;
  for (const name of files) {
    const target = path.join(folder, name === first ? 'index.m3u8' : name);
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(path.join(path.dirname(playlist), name), target, constants.COPYFILE_FICLONE).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw new ImportError(`The recording is not whole: ${name} is missing.`);
        throw error;
      },
    );
  }
}
