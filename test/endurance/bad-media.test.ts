import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BadMedia, startBadMedia } from '../support/bad-media.ts';
import { stalls, tryAll, tryPlaylist, trySegment } from '../support/mutations.ts';

/** The long form of what test/e2e/bad-media.test.ts tries with a few seeds. */
let bad: BadMedia;

beforeAll(async () => {
  bad = await startBadMedia();
});
afterAll(() => bad?.stop());

it('300 mutated playlists: each plays or says why not', async () => {
  expect(await tryAll('playlists', 300, (seed) => tryPlaylist(bad, seed))).toEqual([]);
});

it('300 mutated segments: each is passed, or the rest can be reached', async () => {
  expect(await tryAll('segments', 300, (seed) => trySegment(bad, seed))).toEqual([]);
});

it('a part that does not come for 30 s freezes nothing, and it goes on by itself', () => stalls(bad, 30_000));
