const pathForm = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\.(m3u8|m4s|mp4|ts|aac|key|vtt|jpg)$/;
/** What any attribute that names an address says, wherever in a line: of what is badly quoted, players make different attributes. */
const addressForm = /(?:URI|ASSET-LIST)\s*=\s*"?([^",]*)/g;

/** Whether a path names a file of a recording or stream, below its folder: no scheme, no host, no `..`, no query, a known extension. */
export function isMediaPath(path: string): boolean {
  return path.length <= 300 && pathForm.test(path);
}

/**
 * The playlist (RFC 8216) with comments left out, or why it is refused: `unreadable` is no playlist, `elsewhere` names anything that is not
 * a file below its own folder. Whatever a player might load counts: lines, every attribute whose name ends in URI or ASSET-LIST, and
 * variables, which could put an address together. A report of another rendition (low-latency HLS) is a mere hint: one that names what is
 * elsewhere is left out. Only who asked for a delta update by a directive understands one.
 */
export function cleanPlaylist(text: string, directives = ''): { clean: string } | { refused: 'elsewhere' | 'unreadable' } {
  const lines = text.split(/[\r\n\u2028\u2029]+/).map((line) => line.trim());
  if (lines[0]?.replace(/^\uFEFF/, '') !== '#EXTM3U') return { refused: 'unreadable' };
  const kept = lines.slice(1).filter((line) => line !== '' && (!line.startsWith('#') || line.startsWith('#EXT')));
  const isDelta = kept.some((line) => line.startsWith('#EXT-X-SKIP'));
  if (isDelta && !directives.includes('_HLS_skip')) return { refused: 'unreadable' };
  const clean = ['#EXTM3U', ...kept.map((line) => (line.startsWith('#EXTINF:') ? withoutTitle(line) : line))];
  const needed = clean.filter((line) => !line.startsWith('#EXT-X-RENDITION-REPORT') || staysBelow(line));
  return needed.every(staysBelow) ? { clean: `${needed.join('\n')}\n` } : { refused: 'elsewhere' };
}

function staysBelow(line: string): boolean {
  if (!line.startsWith('#')) return isMediaPath(withoutDot(line));
  // Players look for tags anywhere in a line.
  if (line.includes('//') || line.includes('#EXT', 1) || line.includes('EXT-X-DEFINE')) return false;
  for (const [, address = ''] of line.matchAll(addressForm)) if (!isMediaPath(withoutDot(address))) return false;
  return true;
}

/** The length of a part alone: what else stands behind it is taken for an address by some players. */
function withoutTitle(line: string): string {
  return `#EXTINF:${/^#EXTINF:\s*(\d+(?:\.\d+)?)/.exec(line)?.[1] ?? '0'},`;
}

/** `./seg.m4s` is `seg.m4s`. */
function withoutDot(path: string): string {
  return path.replace(/^\.\//, '');
}
