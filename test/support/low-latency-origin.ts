import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LiveEncoder, startLiveEncoder } from './live-encoder.ts';
import { until } from './processes.ts';

const partSeconds = 0.2;
const partsOfSegment = 5;
/** So many whole segments are listed, and the parts of the last of them. */
const listed = 30;
const listedWithParts = 3;

type Part = { bytes: Buffer; atMs: number };

export type LowLatencyOrigin = {
  url: string;
  encoder: LiveEncoder;
  /** What was asked for so far. */
  asked: string[];
  /** How many playlists wait for what is not there yet. */
  blocked(): number;
  /** Says that nothing more comes (EXT-X-ENDLIST). */
  end(): void;
  /** Ends the encoder and begins anew: the media sequence counts from 0 again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A low-latency HLS origin over a live encode: fMP4 fragments of 0.2 s as ffmpeg writes them are the parts, five of them a segment;
 * playlists block until what was asked for is there (RFC 8216bis, 6.2.5.2).
 */
export async function startLowLatencyOrigin(): Promise<LowLatencyOrigin> {
  let parts: Part[] = [];
  let init = Buffer.alloc(0);
  let ended = false;
  let encoder: LiveEncoder;
  const asked: string[] = [];
  const waiting = new Set<{ until: number; response: ServerResponse }>();

  const release = () => {
    for (const one of waiting) {
      if (!ended && parts.length <= one.until) continue;
      waiting.delete(one);
      one.response.end(playlistOf(parts, ended));
    }
  };
  const encode = () => {
    parts = [];
    ended = false;
    const begun = startLiveEncoder([
      ...['-f', 'mp4', '-movflags', 'empty_moov+default_base_moof', '-frag_duration', String(partSeconds * 1_000_000)],
      ...['-flush_packets', '1', 'pipe:1'],
    ]);
    readBoxes(begun.child.stdout, (head, fragment) => {
      if (begun !== encoder) return;
      if (head) init = head;
      if (fragment) parts.push({ bytes: fragment, atMs: Date.now() });
      release();
    });
    return begun;
  };
  encoder = encode();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://origin');
    asked.push(`${url.pathname}${url.search}`);
    response.setHeader('access-control-allow-origin', '*');
    const [, kind, first = '', second = ''] =
      /^\/(index|init|segment|part)-?(\d*)-?(\d*)\.(?:m3u8|mp4|m4s)$/.exec(url.pathname) ?? [];
    switch (kind) {
      case 'index': {
        response.setHeader('content-type', 'application/vnd.apple.mpegurl').setHeader('cache-control', 'no-cache');
        const segment = url.searchParams.get('_HLS_msn');
        if (segment === null) return void response.end(playlistOf(parts, ended));
        const part = Number(url.searchParams.get('_HLS_part') ?? partsOfSegment - 1);
        const one = { until: Number(segment) * partsOfSegment + part, response };
        waiting.add(one);
        response.once('close', () => waiting.delete(one));
        return release();
      }
      case 'init':
        return void response.setHeader('content-type', 'video/mp4').end(init);
      case 'segment':
      case 'part': {
        const from = Number(first) * partsOfSegment + (kind === 'part' ? Number(second) : 0);
        const found = parts.slice(from, from + (kind === 'part' ? 1 : partsOfSegment));
        if (found.length === 0) return void response.writeHead(404).end();
        return void response.setHeader('content-type', 'video/iso.segment').end(Buffer.concat(found.map(({ bytes }) => bytes)));
      }
      default:
        return void response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await until('a stream', () => parts.length > 3 * partsOfSegment);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get encoder() {
      return encoder;
    },
    asked,
    blocked: () => waiting.size,
    end() {
      ended = true;
      release();
    },
    async restart() {
      await encoder.stop();
      encoder = encode();
    },
    async stop() {
      await encoder.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function playlistOf(parts: readonly Part[], ended: boolean): string {
  const whole = Math.floor(parts.length / partsOfSegment);
  const first = Math.max(0, whole - listed);
  const wallOf = (part: number) => new Date((parts[part]?.atMs ?? Date.now()) - partSeconds * 1000).toISOString();
  const partLines = (segment: number) =>
    Array.from({ length: Math.min(partsOfSegment, parts.length - segment * partsOfSegment) }, (_, part) => {
      const independent = part === 0 ? ',INDEPENDENT=YES' : '';
      return `#EXT-X-PART:DURATION=${partSeconds},URI="part-${segment}-${part}.m4s"${independent}`;
    });
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-TARGETDURATION:1',
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${partSeconds * 3}`,
    `#EXT-X-PART-INF:PART-TARGET=${partSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    '#EXT-X-MAP:URI="init.mp4"',
  ];
  for (let segment = first; segment < whole; segment += 1) {
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${wallOf(segment * partsOfSegment)}`);
    if (segment >= whole - listedWithParts) lines.push(...partLines(segment));
    lines.push(`#EXTINF:${partSeconds * partsOfSegment},`, `segment-${segment}.m4s`);
  }
  if (ended) lines.push('#EXT-X-ENDLIST');
  else {
    if (parts.length > whole * partsOfSegment) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${wallOf(whole * partsOfSegment)}`);
    lines.push(...partLines(whole), `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-${whole}-${parts.length % partsOfSegment}.m4s"`);
  }
  return `${lines.join('\n')}\n`;
}

/** Reads an MP4 as it is written: first everything before the first fragment, then each fragment (moof with its mdat). */
function readBoxes(
  stream: NodeJS.ReadableStream | null,
  told: (head: Buffer<ArrayBuffer> | null, fragment: Buffer | null) => void,
): void {
  let rest = Buffer.alloc(0);
  let boxes: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8) {
      const length = rest.readUInt32BE(0);
      if (rest.length < length) return;
      const type = rest.toString('latin1', 4, 8);
      const box = rest.subarray(0, length);
      rest = rest.subarray(length);
      boxes.push(box);
      if (type === 'moov' || type === 'mdat') {
        const bytes = Buffer.concat(boxes);
        boxes = [];
        if (type === 'moov') told(bytes, null);
        else told(null, bytes);
      }
    }
  });
}
