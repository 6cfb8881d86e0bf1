import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BadMedia, partName, parts, startBadMedia } from '../support/bad-media.ts';
import type { Reply } from '../support/media-origin.ts';
import { stalls, tryAll, tryPlaylist, trySegment } from '../support/mutations.ts';
import { numberShown } from '../support/numbered-video.ts';
import { until } from '../support/processes.ts';

/** Recordings that are not as they should be: nothing crashes, nothing foreign is asked for, a sentence says what is wrong, the rest plays. */
let bad: BadMedia;

beforeAll(async () => {
  bad = await startBadMedia();
});
afterAll(() => bad?.stop());
beforeEach(() => bad.origin.instead.clear());
afterEach(async () => {
  expect(await bad.harm()).toEqual([]);
});

const load = async (playlist: Reply) => {
  bad.origin.instead.set('index.m3u8', playlist);
  await bad.again();
};
/** The playlist with something before the part of that number. */
const lineBefore = (number: number, ...lines: string[]) =>
  bad.whole.playlist.replace(new RegExp(`#EXTINF:[^\n]*\n${partName(number)}`), (part) => `${lines.join('\n')}\n${part}`);
const instead = (line: string) => bad.whole.playlist.replace(partName(3), line);
const master = (uri: string) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000\n${uri}\n`;
/** Waits until the picture of that moment, by its number, is being shown. */
const shows = (seconds: number) =>
  until(`the picture of ${seconds} s`, async () => {
    const number = await numberShown(bad.player);
    const wanted = seconds * parts.framesPerSecond;
    return number !== null && number >= wanted && number < wanted + 3 * parts.framesPerSecond;
  });

describe('a playlist', () => {
  it.each<[string, () => Reply, RegExp]>([
    ['empty', () => '', /playlist cannot be read/],
    ['without parts', () => '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-ENDLIST\n', /playlist cannot be read/],
    ['that is none', () => '<!doctype html><h1>Sign in</h1>', /playlist cannot be read/],
    [
      'without end',
      () => ({ endless: `#EXTM3U\n${'#EXTINF:2,\nsegment-00000.m4s\n'.repeat(1000)}` }),
      /larger than the player takes/,
    ],
    ['that names itself', () => master('index.m3u8'), /playlist cannot be read/],
    ['that is not there', () => ({ status: 404 }), /cannot be found/],
    ['whose place fails', () => ({ status: 500 }), /does not answer/],
    ['with another address', () => instead(`${bad.elsewhere}/x.m4s`), /points elsewhere/],
    ['with another host', () => instead(`${bad.elsewhere.replace('http:', '')}/x.m4s`), /points elsewhere/],
    ['with a way up', () => instead('../x.m4s'), /points elsewhere/],
    ['with a hidden way up', () => instead('%2e%2e/x.m4s'), /points elsewhere/],
    ['with data', () => instead('data:video/mp4;base64,AAAA'), /points elsewhere/],
    ['with a file', () => instead('file:///etc/passwd'), /points elsewhere/],
    ['with the app itself', () => instead('app://oversight/index.html'), /points elsewhere/],
    ['with a key elsewhere', () => lineBefore(3, `#EXT-X-KEY:METHOD=AES-128,URI="${bad.elsewhere}/k.key"`), /points elsewhere/],
  ])('%s is refused with a sentence', async (_what, playlist, sentence) => {
    await load(playlist());
    const { state, text } = await bad.outcome();
    expect({ state, text }).toEqual({ state: 'says', text: expect.stringMatching(sentence) });
  });

  it('nested too deep is refused, and plays when it was put right', async () => {
    bad.origin.instead.set('a.m3u8', master('b.m3u8'));
    bad.origin.instead.set('b.m3u8', master('c.m3u8'));
    await load(master('a.m3u8'));
    expect((await bad.outcome()).text).toMatch(/playlist cannot be read/);
    bad.origin.instead.set('index.m3u8', bad.whole.playlist);
    await bad.player.getByRole('button', { name: 'Try again' }).click();
    await bad.playsBehind(0.5);
  });

  it('whose end is missing begins at its beginning, and any place can be reached', async () => {
    await load(bad.whole.playlist.replace('#EXT-X-ENDLIST', '').replace('#EXT-X-PLAYLIST-TYPE:VOD', ''));
    const { state, at } = await bad.outcome();
    expect(state).toBe('plays');
    // The edge, where a stream would begin, lies behind 30 s.
    expect(at).toBeLessThan(10);
    await bad.seekTo(30);
    await shows(30);
  });

  it('of 33 hours plays, and its end can be reached', async () => {
    const head = bad.whole.playlist.split('\n').slice(0, 6);
    const lines = Array.from({ length: 60_000 }, (_, number) => `#EXTINF:2.000000,\n${partName(number % parts.count)}`);
    await load([...head, ...lines, '#EXT-X-ENDLIST', ''].join('\n'));
    expect((await bad.outcome()).state).toBe('plays');
  });

  it.each([
    ['a jump of the clock by three hours', ['#EXT-X-PROGRAM-DATE-TIME:2026-05-04T15:00:00Z']],
    ['a jump back by three hours', ['#EXT-X-PROGRAM-DATE-TIME:2026-05-04T09:00:00Z']],
    ['a discontinuity', ['#EXT-X-DISCONTINUITY', '#EXT-X-MAP:URI="init.mp4"']],
  ])('with %s plays over it, and pictures stay at their times', async (_what, lines) => {
    const dated = lineBefore(2, ...lines).replace('#EXTINF', '#EXT-X-PROGRAM-DATE-TIME:2026-05-04T12:00:00Z\n#EXTINF');
    await load(dated);
    await bad.faster();
    await bad.playsBehind(4.5);
    await bad.seekTo(30);
    await shows(30);
  });
});

describe('a part', () => {
  const big = (bytes: number) => {
    const free = Buffer.alloc(bytes);
    free.writeUInt32BE(free.length, 0);
    free.write('free', 4);
    return Buffer.concat([free, bad.whole.parts[1] as Buffer]);
  };
  const made = (...how: string[]) =>
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=5:duration=2', ...how, '-'], {
      maxBuffer: 10 * 1024 * 1024,
    });
  const mpeg2 = () => made('-c:v', 'mpeg2video', '-f', 'mpegts');
  const hevc = () => {
    const fragments = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'];
    const file = made('-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', ...fragments);
    return file.subarray(file.indexOf('moof') - 4);
  };
  const skips = /missing from the recording and was skipped/;

  it.each<[string, () => Reply]>([
    ['that is not there', () => ({ status: 404 })],
    ['that is empty', () => Buffer.alloc(0)],
    ['that breaks off', () => (bad.whole.parts[1] as Buffer).subarray(0, 4000)],
    ['whose line is cut each time', () => ({ cutAfterBytes: 2000 })],
    ['of another codec', () => hevc()],
    ['of another form', () => mpeg2()],
    ['without pictures', () => bad.whole.init],
    ['that is none', () => Buffer.from('<!doctype html>'.repeat(900))],
    ['that is larger than is taken', () => big(80 * 1024 * 1024)],
  ])('%s is left out, which is said, and what follows plays', async (_what, part) => {
    bad.origin.instead.set(partName(1), part());
    await bad.again();
    await bad.player.getByText(skips).waitFor();
    await bad.playsBehind(4);
    await shows(4.5);
  });

  it('of 50 MB plays', async () => {
    bad.origin.instead.set(partName(1), big(50 * 1024 * 1024));
    await bad.again();
    await shows(2.4);
  });

  it('whose key is not there is left out with all that need the key; other keys and places play', async () => {
    const [key, iv] = [Buffer.alloc(16, 7), Buffer.alloc(16)];
    const locked = createCipheriv('aes-128-cbc', key, iv);
    const closed = Buffer.concat([locked.update(bad.whole.parts[3] as Buffer), locked.final()]);
    bad.origin.instead.set('there.key', key);
    bad.origin.instead.set(partName(3), closed);
    const zeros = `0x${'0'.repeat(32)}`;
    const playlist = lineBefore(1, '#EXT-X-KEY:METHOD=AES-128,URI="gone.key"')
      .replace(/#EXTINF:[^\n]*\nsegment-00003/, (part) => `#EXT-X-KEY:METHOD=AES-128,URI="there.key",IV=${zeros}\n${part}`)
      .replace(/#EXTINF:[^\n]*\nsegment-00004/, (part) => `#EXT-X-KEY:METHOD=NONE\n${part}`);
    await load(playlist);
    await bad.player.getByText(skips).waitFor();
    await shows(6.2);
    await bad.playsBehind(8.2);
  });

  it('without which nothing plays is said at once: the initialization section, the only key', async () => {
    bad.origin.instead.set('init.mp4', { status: 404 });
    await bad.again();
    expect((await bad.outcome()).text).toMatch(/cannot be found/);
    bad.origin.instead.delete('init.mp4');
    await load(bad.whole.playlist.replace('#EXTINF', '#EXT-X-KEY:METHOD=AES-128,URI="gone.key"\n#EXTINF'));
    expect((await bad.outcome()).text).toMatch(/key .*cannot be found/);
  });

  it('that does not come for long freezes nothing: it is said, one can go elsewhere, and it goes on by itself', () =>
    stalls(bad, 9_000));
});

describe('mutations', () => {
  it('15 mutated playlists: each plays or says why not', async () => {
    expect(await tryAll('playlists', 15, (seed) => tryPlaylist(bad, seed))).toEqual([]);
  });
  it('6 mutated segments: each is passed, or the rest can be reached', async () => {
    expect(await tryAll('segments', 6, (seed) => trySegment(bad, seed))).toEqual([]);
  });
});
