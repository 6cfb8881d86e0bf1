import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fail } from '../../contract/failure.ts';
import { loopPlaylist } from './loop.ts';
import { fromOrigin } from './origin.ts';
import type { MediaSource } from './source.ts';

export type MediaAnswer = { status: number; headers: Record<string, string>; body: Readable };

const types: Record<string, string> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
  '.ts': 'video/mp2t',
  '.aac': 'audio/aac',
  '.vtt': 'text/vtt',
  '.key': 'application/octet-stream',
  '.jpg': 'image/jpeg',
};

/**
 * The bytes of one file below a source. `range` is a Range header, honoured for one range. Fails with MEDIA_MISSING for what is not
 * there or may not be asked for, SOURCE_UNREACHABLE or SOURCE_STALLED when an origin does not answer. `directives` are those of low-latency
 * HLS, for origins that understand them; a folder's playlists are answered as they are.
 */
export async function serveMedia(
  source: MediaSource,
  name: string,
  init: { range?: string | undefined; directives: string; signal: AbortSignal; nowMs: number },
): Promise<MediaAnswer> {
  const type = types[path.extname(name)];
  const safe = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(name) && !name.split('/').some((part) => part.startsWith('.'));
  if (!type || !safe) return fail('MEDIA_MISSING');
  switch (source.type) {
    case 'folder':
    case 'live-folder':
      return fromFolder(source.path, name, type, init.range);
    case 'live-loop': {
      if (path.extname(name) !== '.m3u8') return fromFolder(source.path, name, type, init.range);
      const recorded = await readFile(await inside(source.path, name), 'utf8');
      return whole(200, type, Buffer.from(loopPlaylist(recorded, init.nowMs)));
    }
    case 'origin':
      return fromOrigin(source, name, type, init);
    default:
      return source satisfies never;
  }
}

async function fromFolder(folder: string, name: string, type: string, range: string | undefined): Promise<MediaAnswer> {
  const file = await inside(folder, name);
  const { size } = await stat(file);
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', 'content-length': String(size) };
  const wanted = range === undefined ? null : parseRange(range, size);
  if (wanted === 'unsatisfiable') return whole(416, type, Buffer.alloc(0), { 'content-range': `bytes */${size}` });
  if (wanted === null) return { status: 200, headers, body: createReadStream(file) };
  const { from, to } = wanted;
  return {
    status: 206,
    headers: { ...headers, 'content-length': String(to - from + 1), 'content-range': `bytes ${from}-${to}/${size}` },
    body: createReadStream(file, { start: from, end: to }),
  };
}

/** The real path of a file that lies in `folder`, links followed; MEDIA_MISSING for anything else. */
async function inside(folder: string, name: string): Promise<string> {
  try {
    const base = await realpath(folder);
    const file = await realpath(path.join(base, name));
    if (file.startsWith(base + path.sep) && (await stat(file)).isFile()) return file;
  } catch {
    // Not there: said below.
  }
  return fail('MEDIA_MISSING');
}

/** One byte range (RFC 9110, 14.1.2); null for what is to be ignored. */
export function parseRange(header: string, size: number): { from: number; to: number } | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return from > to ? 'unsatisfiable' : { from, to };
}

function whole(status: number, type: string, bytes: Buffer, more: Record<string, string> = {}): MediaAnswer {
  return {
    status,
    headers: { 'content-type': type, 'content-length': String(bytes.length), ...more },
    body: Readable.from(bytes.length > 0 ? [bytes] : []),
  };
}
