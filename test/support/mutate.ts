/** Numbers that look random and are the same for the same seed (xorshift, Marsaglia 2003). */
export function seeded(seed: number): { below(limit: number): number; one<T>(of: readonly T[]): T } {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let times = 0; times < 8; times += 1) next();
  const below = (limit: number) => next() % limit;
  return { below, one: (of) => of[below(of.length)] as never };
}

/** A playlist in which one to four things are wrong. `elsewhere` is an address that nobody may ask. */
export function mutatedPlaylist(playlist: string, seed: number, elsewhere: string): string {
  const random = seeded(seed);
  const addresses = [
    `${elsewhere}/x.m4s`,
    `${elsewhere.replace('http:', '')}/x.m4s`,
    '../x.m4s',
    '/x.m4s',
    'data:video/mp4;base64,AAAA',
    'file:///etc/passwd',
    'app://oversight/index.html',
    `media://other/segment-00001.m4s`,
    '%2e%2e/x.m4s',
    'segment-99999.m4s',
    'index.m3u8',
    'blob:x',
    'javascript:1',
    '',
  ];
  const tags = () =>
    random.one([
      `#EXT-X-MAP:URI="${random.one(addresses)}"`,
      `#EXT-X-KEY:METHOD=AES-128,URI="${random.one(addresses)}"`,
      '#EXT-X-KEY:METHOD=NONE',
      `#EXT-X-STREAM-INF:BANDWIDTH=1\n${random.one(addresses)}`,
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",DEFAULT=YES,URI="${random.one(addresses)}"`,
      `#EXT-X-PART:DURATION=0.2,URI="${random.one(addresses)}"`,
      `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${random.one(addresses)}"`,
      `#EXT-X-DEFINE:NAME="x",VALUE="${elsewhere}"`,
      `#EXT-X-CONTENT-STEERING:SERVER-URI="${random.one(addresses)}"`,
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-GAP',
      '#EXT-X-ENDLIST',
      '#EXTM3U',
      `#EXT-X-BYTERANGE:${random.below(100_000)}@${random.below(100_000)}`,
      `#EXT-X-MEDIA-SEQUENCE:${random.one(['-1', '99999999999999999999', 'x', '3'])}`,
      `#EXT-X-PROGRAM-DATE-TIME:${random.one(['x', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])}`,
      '#EXT-X-SKIP:SKIPPED-SEGMENTS=5',
      `#EXTINF:${random.one(['-1', '1e9', 'NaN', '0', '0.000001', '', '2'])},`,
    ]);
  const lines = playlist.split('\n');
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const at = random.below(lines.length);
    const line = lines[at] ?? '';
    switch (random.below(10)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, line);
        break;
      case 2:
        lines.splice(at, 0, tags());
        break;
      case 3:
        lines[at] = random.one(addresses);
        break;
      case 4:
        lines[at] = line.replace(/\d+(\.\d+)?/, () => random.one(['0', '-1', '1e308', '99999999999', '0.0001', 'x', '']));
        break;
      case 5:
        lines.splice(at);
        break;
      case 6: {
        const other = random.below(lines.length);
        lines[at] = lines[other] ?? '';
        lines[other] = line;
        break;
      }
      case 7:
        lines[at] =
          line.slice(0, random.below(line.length + 1)) +
          random.one(['\0', '\uFEFF', '"', '\u2028', '💥', ' ', '\t', '#', '=']) +
          line.slice(random.below(line.length + 1));
        break;
      case 8:
        lines[at] = [...line].reverse().join('');
        break;
      default:
        lines.splice(at, 0, ...Array.from({ length: 1 + random.below(200) }, () => line));
    }
  }
  return lines.join(random.one(['\n', '\n', '\r\n', '\r']));
}

/** A segment in which one to three things are wrong; `others` are segments it may be mixed with. */
export function mutatedSegment(segment: Buffer, seed: number, others: readonly Buffer[]): Buffer {
  const random = seeded(seed);
  let bytes = Buffer.from(segment);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(Math.max(1, bytes.length));
    const length = random.below(Math.max(1, bytes.length - at));
    // The boxes at the beginning say how the rest is read: half of what goes wrong goes wrong there.
    const inHead = random.below(Math.min(500, Math.max(1, bytes.length)));
    switch (random.below(10)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        for (let flips = 1 + random.below(64); flips > 0 && bytes.length > 0; flips -= 1)
          bytes[random.below(bytes.length)] = random.below(256);
        break;
      case 2:
      case 3:
      case 4:
        if (bytes.length > 0) bytes[inHead] = random.below(256);
        break;
      case 5:
        bytes.fill(0, at, at + length);
        break;
      case 6:
        bytes = Buffer.concat([bytes.subarray(0, at), random.one(others).subarray(0, length), bytes.subarray(at)]);
        break;
      case 7:
        bytes = Buffer.concat([bytes, random.one(others)]);
        break;
      case 8:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      default:
        bytes = Buffer.from(random.one(others));
    }
  }
  return bytes;
}
