const firstSnOf = (playlist: string) => Number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)/m.exec(playlist)?.[1] ?? 0);

/** The number of a playlist's last segment. */
export function lastSnOf(playlist: string): number {
  return firstSnOf(playlist) + [...playlist.matchAll(/^#EXTINF:/gm)].length - 1;
}

/** How much longer a playlist is than when it ended at segment `lastSn` (ms). */
export function addedMs(playlist: string, lastSn: number): number {
  const lengths = [...playlist.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, seconds]) => Number(seconds) * 1000);
  return lengths.slice(Math.max(0, lastSn - firstSnOf(playlist) + 1)).reduce((sum, length) => sum + length, 0);
}
