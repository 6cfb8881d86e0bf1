import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPlaylist, isMediaPath } from '../../../main/viewing/playlist.ts';

const playlist = (...lines: string[]) =>
  ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:4', ...lines, '#EXT-X-ENDLIST', ''].join('\n');

describe('isMediaPath', () => {
  it.each(['index.m3u8', 'init.mp4', 'a/b/seg-00001.m4s', 's_1.ts', 'k.key', 'thumb/0.jpg'])('takes %s', (path) => {
    expect(isMediaPath(path)).toBe(true);
  });
  it.each([
    '',
    '/index.m3u8',
    '../index.m3u8',
    'a/../b.m4s',
    'a//b.m4s',
    './a.m4s',
    'a/./b.m4s',
    'a.exe',
    'a',
    'a.m4s?x=1',
    'a.m4s#x',
    'a%2e%2e/b.m4s',
    'http://evil/a.m4s',
    '//evil/a.m4s',
    'a b.m4s',
    '.hidden.m4s',
    'a\\b.m4s',
    `${'a'.repeat(300)}.m4s`,
  ])('refuses %s', (path) => {
    expect(isMediaPath(path)).toBe(false);
  });
});

describe('cleanPlaylist', () => {
  it('passes a playlist that names only what is below it, without its comments', () => {
    const text = playlist(
      '# made by https://example.com',
      '#EXT-X-MAP:URI="init.mp4"',
      '#EXTINF:4.000,',
      'seg-0.m4s',
      '#EXT-X-KEY:METHOD=AES-128,URI="k.key",IV=0x01',
      '#EXTINF:4,',
      './seg-1.m4s',
    );
    expect(cleanPlaylist(text)).toEqual({
      clean:
        '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4.000,\nseg-0.m4s\n#EXT-X-KEY:METHOD=AES-128,URI="k.key",IV=0x01\n#EXTINF:4,\n./seg-1.m4s\n#EXT-X-ENDLIST\n',
    });
  });
  it('passes what low-latency HLS adds', () => {
    const lines = [
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6',
      '#EXT-X-PART-INF:PART-TARGET=0.2',
      '#EXT-X-MAP:URI="init.mp4"',
      '#EXT-X-KEY:METHOD=AES-128,URI="keys/camera-0.key",IV=0x0000000000000000000000000000001A',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-24T12:00:00.000Z',
      '#EXT-X-PART:DURATION=0.2,URI="part-7-0.m4s",INDEPENDENT=YES',
      '#EXT-X-PART:DURATION=0.2,URI="segment-7.m4s",BYTERANGE="20000@0"',
      '#EXTINF:1,',
      'segment-7.m4s',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-8-0.m4s"',
      '#EXT-X-RENDITION-REPORT:URI="low.m3u8",LAST-MSN=7,LAST-PART=4',
    ];
    expect(cleanPlaylist(`#EXTM3U\n${lines.join('\n')}\n`, '_HLS_skip=YES')).toEqual({ clean: `#EXTM3U\n${lines.join('\n')}\n` });
  });
  it('leaves out a report of a rendition that lies elsewhere: it is a mere hint', () => {
    const report = '#EXT-X-RENDITION-REPORT:URI="../low/index.m3u8",LAST-MSN=7';
    expect(cleanPlaylist(`#EXTM3U\n#EXTINF:1,\nsegment-7.m4s\n${report}\n`)).toEqual({
      clean: '#EXTM3U\n#EXTINF:1,\nsegment-7.m4s\n',
    });
  });
  it.each([
    ['a part elsewhere', '#EXT-X-PART:DURATION=0.2,URI="https://evil.example/part.m4s"'],
    ['a hint elsewhere', '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="//evil.example/part.m4s"'],
    ['a part up', '#EXT-X-PART:DURATION=0.2,URI="../part.m4s"'],
    ['an address', 'https://evil.example/seg.ts'],
    ['another host', '//evil.example/seg.ts'],
    ['an absolute path', '/v1/me.ts'],
    ['a way up', '../other/seg.ts'],
    ['a way up inside', 'a/../../seg.ts'],
    ['an indented address', '   https://evil.example/seg.ts'],
    ['a data address', 'data:video/mp2t;base64,AAAA'],
    ['a key elsewhere', '#EXT-X-KEY:METHOD=AES-128,URI="https://evil.example/k.key"'],
    ['a key by another scheme', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd:key"'],
    ['a map up', '#EXT-X-MAP:URI="../init.mp4"'],
    ['an unquoted URI', '#EXT-X-MAP:URI=http:evil.mp4'],
    ['a rendition', '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="/a.m3u8"'],
    ['a part', '#EXT-X-PART:DURATION=0.2,URI="//evil/p.m4s"'],
    ['a preload hint', '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="http://evil/p.m4s"'],
    [
      'an interstitial',
      '#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.interstitial",START-DATE="2026-01-01T00:00:00Z",X-ASSET-URI="evil"',
    ],
    ['a list of interstitials', '#EXT-X-DATERANGE:ID="a",START-DATE="2026-01-01T00:00:00Z",X-ASSET-LIST="assets.json"'],
    ['steering', '#EXT-X-CONTENT-STEERING:SERVER-URI="steer"'],
    ['a variable', '#EXT-X-DEFINE:NAME="a",VALUE="b"'],
    ['an address that hides in a tag', '#EXT-X-BYTERANGE:4 https://evil.example/seg.ts'],
    ['a tag that hides in another', '#EXT-X-START:TIME-OFFSET=1#EXT-X-MAP:URI=init.mp4'],
    ['an address behind another line end', 'seg.ts\u2028https://evil.example/seg.ts'],
  ])('refuses %s', (_what, line) => {
    expect(cleanPlaylist(playlist('#EXTINF:4,', line))).toEqual({ refused: 'elsewhere' });
  });
  it.each([
    ['a title', '#EXTINF:4.5,what happened', '#EXTINF:4.5,'],
    ['an address', '#EXTINF:4 https://evil.example/seg.ts', '#EXTINF:4,'],
    ['a way up', '#EXTINF:4 ../seg.ts', '#EXTINF:4,'],
    ['no number', '#EXTINF:-4,', '#EXTINF:0,'],
  ])('leaves out of the length of a part %s', (_what, line, clean) => {
    expect(cleanPlaylist(playlist(line, 'seg.ts'))).toEqual({ clean: playlist(clean, 'seg.ts') });
  });
  it('passes a delta update to who asked for one and to nobody else', () => {
    const text = '#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n#EXTINF:1,\nsegment-7.m4s\n';
    expect(cleanPlaylist(text)).toEqual({ refused: 'unreadable' });
    expect(cleanPlaylist(text, '_HLS_msn=7&_HLS_skip=YES')).toEqual({ clean: text });
  });
  it('refuses what is no playlist', () => {
    expect(cleanPlaylist('<html></html>')).toEqual({ refused: 'unreadable' });
    expect(cleanPlaylist('')).toEqual({ refused: 'unreadable' });
  });
});

describe('whatever a playlist says', () => {
  const word = fc.constantFrom(
    ...[
      'http://evil.example/a.ts',
      '//evil.example/a.ts',
      '../a.ts',
      '/a.ts',
      'data:,a.ts',
      'file:///a.ts',
      'app://oversight/a.ts',
    ],
    ...[
      'media://other/a.ts',
      'a.ts',
      'b/c.m4s',
      './d.mp4',
      'a.ts?x',
      'a.ts#x',
      '%2e%2e/a.ts',
      'a\\..\\b.ts',
      '{$x}.ts',
      'a b.ts',
      'A:a.ts',
    ],
    ...[
      '"',
      '""',
      ',',
      '=',
      ' ',
      '\t',
      '\u00a0',
      '\ufeff',
      '\0',
      '#',
      '#EXT',
      '#EXTM3U',
      '#EXTINF:4,',
      'URI=',
      'URI="',
      'X-ASSET-URI="',
    ],
    ...['#EXT-X-KEY:METHOD=AES-128,URI="', '#EXT-X-MAP:URI=', '#EXT-X-MEDIA:TYPE=AUDIO,URI="', '#EXT-X-PART:DURATION=1,URI="'],
    ...[
      '#EXT-X-STREAM-INF:BANDWIDTH=1',
      '#EXT-X-DEFINE:NAME="x",VALUE="',
      '#EXT-X-CONTENT-STEERING:SERVER-URI="',
      'NAME="a,URI=b"',
    ],
  );
  const end = fc.constantFrom('\n', '\n', '\r\n', '\r', '\u2028', '\u2029', '\v', '\f', '\u0085');
  const line = fc.array(fc.oneof({ arbitrary: word, weight: 4 }, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 6 });
  const anyText = fc
    .array(fc.tuple(line, end), { maxLength: 12 })
    .map((lines) => lines.map(([words, by]) => words.join('') + by).join(''));

  /** Where a player would look for what a line or attribute names. */
  const staysInside = (address: string) => {
    const url = URL.canParse(address, 'media://lease/index.m3u8') ? new URL(address, 'media://lease/index.m3u8') : null;
    return url !== null && url.protocol === 'media:' && url.host === 'lease' && url.search === '' && url.hash === '';
  };

  it('what is passed on names files below it alone, in each line and each attribute', () => {
    let passed = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const cleaned = cleanPlaylist(`#EXTM3U\n${text}`);
        if ('refused' in cleaned) return;
        passed += 1;
        for (const one of cleaned.clean.split(/[\r\n\u2028\u2029]/)) {
          if (one === '') continue;
          if (!one.startsWith('#')) expect(staysInside(one) && isMediaPath(one.replace(/^\.\//, ''))).toBe(true);
          for (const [, address = ''] of one.matchAll(/URI\s*=\s*"?([^",]*)/g))
            expect([one, staysInside(address)]).toEqual([one, true]);
          expect(one).not.toMatch(/:\/\/|DEFINE|#EXT.*#EXT/);
          if (one.startsWith('#EXTINF')) expect(one).toMatch(/^#EXTINF:\d+(\.\d+)?,$/);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(passed).toBeGreaterThan(100);
  });
  it('an address counts wherever it stands, also behind what is badly quoted', () => {
    for (const line of [
      '#EXT-X-STREAM-INF:BANDWIDTH=1X-ASSET-URI="##',
      '#EXT-X-MAP:A="b" URI="../a.ts',
      '#EXT-X-KEY:A=1URI=//a.ts',
    ])
      expect(cleanPlaylist(`#EXTM3U\n${line}`)).toEqual({ refused: 'elsewhere' });
  });

  it('cleaning what is clean changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const cleaned = cleanPlaylist(`#EXTM3U\n${text}`);
        if ('clean' in cleaned) expect(cleanPlaylist(cleaned.clean)).toEqual(cleaned);
      }),
    );
  });
});
