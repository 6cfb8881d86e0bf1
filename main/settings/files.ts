import { renameSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file so that after any crash it holds either all of the old or all of the new contents. Only its owner may read it. */
export async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.${performance.now()}.new`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    await handle
      .writeFile(contents)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Sees to it that what a folder holds, and under which names, is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

/** Renames what cannot be read, with its companions, so that nobody's data is thrown away. Answers with the new name. */
export function putAside(file: string, companions: readonly string[] = []): string {
  const aside = `${file}.unreadable-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', ...companions]) {
    try {
      renameSync(`${file}${suffix}`, `${aside}${suffix}`);
    } catch {
      // It was not there.
    }
  }
  return aside;
}
