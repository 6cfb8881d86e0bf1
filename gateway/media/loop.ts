/** How many segments a live playlist holds. */
const windowLength = 6;

/**
 * A live playlist (RFC 8216) made of a recorded one: the recording plays from the epoch on, again and again, and the playlist
 * holds the segments that have just ended at `nowMs`. Each turn begins with a discontinuity, since its timestamps start anew.
 */
export function loopPlaylist(recorded: string, nowMs: number): string {
  const lines = recorded.split(/\r?\n/);
  const map = lines.find((line) => line.startsWith('#EXT-X-MAP:'));
  const target = lines.find((line) => line.startsWith('#EXT-X-TARGETDURATION:')) ?? '#EXT-X-TARGETDURATION:4';
  const segments = lines.flatMap((line, index) => {
    const [, seconds] = /^#EXTINF:([\d.]+)/.exec(line) ?? [];
    const uri = lines.slice(index + 1).find((next) => next !== '' && !next.startsWith('#'));
    return seconds && uri ? [{ ms: Math.round(Number(seconds) * 1000), uri }] : [];
  });
  const turnMs = segments.reduce((sum, segment) => sum + segment.ms, 0);
  if (turnMs === 0) return recorded;
  const turn = Math.floor(nowMs / turnMs);
  let endMs = turn * turnMs;
  let last = turn * segments.length - 1;
  for (const segment of segments) {
    if (endMs + segment.ms > nowMs) break;
    endMs += segment.ms;
    last += 1;
  }
  const first = last - windowLength + 1;
  const numbers = Array.from({ length: windowLength }, (_, index) => first + index);
  const segmentAt = (number: number) =>
    segments[((number % segments.length) + segments.length) % segments.length] ?? { ms: 0, uri: '' };
  const startMs = endMs - numbers.reduce((sum, number) => sum + segmentAt(number).ms, 0);
  const turnsBefore = Math.floor((first - 1) / segments.length);
  const body = numbers.flatMap((number, index) => {
    const segment = segmentAt(number);
    const begins = number % segments.length === 0 && index > 0;
    return [
      ...(begins ? ['#EXT-X-DISCONTINUITY', ...(map ? [map] : [])] : []),
      ...(index === 0 ? [`#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs).toISOString()}`] : []),
      `#EXTINF:${(segment.ms / 1000).toFixed(3)},`,
      segment.uri,
    ];
  });
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    target,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor(first / segments.length) === turnsBefore ? turnsBefore : Math.floor(first / segments.length)}`,
    ...(map ? [map] : []),
    ...body,
    '',
  ].join('\n');
}
