import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Session } from 'electron';
import { z } from 'zod';
import { origin } from './origin.ts';
import { builtFile } from './paths.ts';

const Manifest = z.array(z.object({ path: z.string(), type: z.string() }));
const folder = builtFile('renderer');
let manifest: Promise<Map<string, string>> | undefined;
/** Every page begins with the same few files. */
const read = new Map<string, Promise<Buffer>>();

/** Everything is denied first; then each page gets what it needs. Only the player page may load media. */
export function policyOf(page: string, nonce: string): string {
  const player = page === '/player.html';
  return [
    "default-src 'none'",
    `script-src ${origin}`,
    `style-src ${origin} 'nonce-${nonce}'`,
    `font-src ${origin}`,
    `img-src ${origin} data:${player ? ' media:' : ''}`,
    ...(player ? ['media-src blob:', 'connect-src media:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Serves `app://oversight/…` in a session: the built files of the manifest, and nothing else exists. */
export function serveApp(session: Session): void {
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    manifest ??= readFile(path.join(folder, 'manifest.json'), 'utf8').then(
      (text) => new Map(Manifest.parse(JSON.parse(text)).map((one) => [one.path, one.type])),
    );
    const type = (await manifest).get(url.pathname);
    if (request.method !== 'GET' || url.host !== 'oversight' || !type) return new Response(null, { status: 404 });
    const reading = read.get(url.pathname) ?? readFile(path.join(folder, url.pathname));
    read.set(url.pathname, reading);
    reading.catch(() => read.delete(url.pathname));
    const bytes = await reading;
    const headers = { 'content-type': type, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
    if (!type.startsWith('text/html')) return new Response(new Uint8Array(bytes), { headers });
    const nonce = randomBytes(16).toString('base64');
    const html = bytes.toString('utf8').replaceAll('__CSP_NONCE__', nonce);
    return new Response(html, { headers: { ...headers, 'content-security-policy': policyOf(url.pathname, nonce) } });
  });
}
