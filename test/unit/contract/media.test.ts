import { describe, expect, it } from 'vitest';
import { playlistDirectives } from '../../../contract/media.ts';

describe('playlistDirectives', () => {
  it.each([
    ['', ''],
    ['_HLS_msn=12', '_HLS_msn=12'],
    ['_HLS_msn=12&_HLS_part=3', '_HLS_msn=12&_HLS_part=3'],
    ['_HLS_part=007&_HLS_skip=YES', '_HLS_part=7&_HLS_skip=YES'],
    ['_HLS_skip=v2', '_HLS_skip=v2'],
  ])('understands %s', (query, kept) => {
    expect(playlistDirectives(query)).toBe(kept);
  });
  it.each([
    'a=b',
    '_HLS_msn=',
    '_HLS_msn=-1',
    '_HLS_msn=1.5',
    '_HLS_msn=1e9',
    '_HLS_msn=1#x',
    '_HLS_msn=1&',
    '&_HLS_msn=1',
    '_HLS_msn=1&_HLS_msn=2',
    '_HLS_msn=1&url=http://elsewhere',
    '_HLS_skip=no',
    '_hls_msn=1',
    '_HLS_msn=1%26a=b',
    '_HLS_msn=1\n',
    `_HLS_msn=${'9'.repeat(16)}`,
  ])('takes nothing of %s', (query) => {
    expect(playlistDirectives(query)).toBeNull();
  });
});
