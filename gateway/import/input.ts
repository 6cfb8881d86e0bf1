import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseAsciicast } from './asciicast.ts';
import { stopImport } from './failure.ts';
import { hlsFiles } from './hls-folder.ts';
import { parseObject, type TerminalRecording } from './terminal-recording.ts';
import { parseTlog } from './tlog.ts';

/** What is to be imported. Its files are only ever read. */
export type Input =
  | { kind: 'video'; file: string }
  | { kind: 'hls'; playlist: string; files: string[] }
  | { kind: 'terminal'; file: string; read(): Promise<TerminalRecording> };

const largestTerminalBytes = 512 * 1024 * 1024;

/** Finds out by its content what a file or folder is. Fails with ImportError when it is not there, empty, or cannot be read. */
export async function recogniseInput(given: string): Promise<Input> {
  const { size, folder } = await stat(given).then(
    (about) => ({ size: about.size, folder: about.isDirectory() }),
    () => stopImport(`${given} is not there, or may not be read.`),
  );
  if (folder || given.endsWith('.m3u8')) {
    const playlist = folder ? path.join(given, 'index.m3u8') : given;
    return { kind: 'hls', playlist, files: await hlsFiles(playlist) };
  }
  if (size === 0) return stopImport(`${given} is empty.`);
  const start = await beginning(given);
  const [line = ''] = start.split('\n');
  if (line.startsWith('#EXTM3U')) return stopImport('This is a playlist. Name its folder, or give it a name that ends in .m3u8.');
  const header = line.startsWith('{') ? parseObject(line) : null;
  const isTlog = /^(\{.*"(MESSAGE|timing)"\s*:|__CURSOR=|MESSAGE=\{|_[A-Z_]+=)/.test(line);
  const isCast = given.endsWith('.cast') || (header !== null && 'version' in header && !isTlog);
  if (!isCast && !isTlog) return { kind: 'video', file: given };
  if (size > largestTerminalBytes) return stopImport('This recording of a terminal is too large: 512 MB at most.');
  return {
    kind: 'terminal',
    file: given,
    read: async () => (isCast ? parseAsciicast : parseTlog)(await readFile(given, 'utf8')),
  };
}

/** The SHA-256 of everything that is to be imported: the same content goes on where an import of it was interrupted. */
export async function hashOf(input: Input): Promise<string> {
  const hash = createHash('sha256');
  const files = input.kind === 'hls' ? input.files.map((name) => path.join(path.dirname(input.playlist), name)) : [input.file];
  for (const file of files) {
    hash.update(`${path.basename(file)}\0`);
    for await (const chunk of createReadStream(file).on('error', () => undefined)) hash.update(chunk);
  }
  return hash.digest('hex');
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => stopImport(`${file} may not be read.`));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
