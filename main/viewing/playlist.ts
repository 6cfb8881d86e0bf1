/** Names that a lease serves: what the gateway's media route takes, nothing that leads out of the lease. */
const safeName = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\.(m3u8|m4s|mp4|ts|aac|key|vtt|jpg)$/;

export function isSafeName(name: string): boolean {
  return name.length <= 300 && safeName.test(name);
}

/**
 * Whether every address in a playlist (RFC 8216: the lines that are no tags, and the URI attributes) stays below the playlist. One
 * that points anywhere else, by scheme, host, root or `..`, makes the whole playlist untrustworthy.
 */
export function staysInside(playlist: string): boolean {
  if (!playlist.startsWith('#EXTM3U')) return false;
  return playlist.split(/\r?\n/).every((line) => {
    if (line.trim() === '') return true;
    if (!line.startsWith('#')) return isSafeName(line.trim());
    return [...line.matchAll(/URI\s*=\s*("([^"]*)"|[^,"]*)/gi)].every(([, bare = '', quoted]) => isSafeName(quoted ?? bare));
  });
}
