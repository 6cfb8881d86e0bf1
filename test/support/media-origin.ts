import { createReadStream, existsSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** What an origin answers instead of a file: other bytes, a status, nothing for a while, or a body that does not come to its end. */
export type Reply =
  | Buffer
  | string
  | { status: number }
  /** Not a word before so many ms have passed since it was first asked for; then the file as it is. */
  | { stallMs: number; since?: number }
  /** The head and so many bytes of the file, then nothing more. */
  | { stallAfterBytes: number }
  /** The length of the whole file is said, but the line is cut after so many bytes. */
  | { cutAfterBytes: number }
  /** This text again and again, for ever. */
  | { endless: string };

export type MediaOrigin = {
  url: string;
  /** By file name. */
  instead: Map<string, Reply>;
  /** The names of all files that were asked for. */
  asked: string[];
  /** Answers that are still under way. */
  open(): number;
  stop(): Promise<void>;
};

/** An HTTP origin that serves a folder and does harm where it is told to. */
export async function startMediaOrigin(folder: string): Promise<MediaOrigin> {
  const instead = new Map<string, Reply>();
  const asked: string[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '/').slice(1));
    asked.push(name);
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    answer(path.join(folder, path.basename(name)), instead.get(name), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    instead,
    asked,
    open: () => open,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(file: string, reply: Reply | undefined, response: ServerResponse): void {
  if (typeof reply === 'string' || Buffer.isBuffer(reply)) return void response.end(reply);
  if (reply && 'status' in reply) return void response.writeHead(reply.status).end();
  if (reply && 'endless' in reply) return void writeForEver(reply.endless, response);
  if (!existsSync(file)) return void response.writeHead(404).end();
  if (!reply) return void createReadStream(file).pipe(response);
  if ('stallMs' in reply) {
    reply.since ??= Date.now();
    const timer = setTimeout(() => createReadStream(file).pipe(response), reply.since + reply.stallMs - Date.now());
    response.once('close', () => clearTimeout(timer));
    return;
  }
  const cut = 'cutAfterBytes' in reply;
  const bytes = cut ? reply.cutAfterBytes : reply.stallAfterBytes;
  response.writeHead(200, { 'content-length': 1_000_000 });
  const part = createReadStream(file, { end: bytes - 1 });
  part.on('data', (chunk) => response.write(chunk));
  if (cut) part.once('end', () => response.write('', () => response.destroy()));
}

function writeForEver(text: string, response: ServerResponse): void {
  let over = false;
  response.once('close', () => {
    over = true;
  });
  const more = () => {
    while (!over && response.write(text));
    if (!over) response.once('drain', more);
  };
  more();
}
