/// <reference path="../../../renderer/features/player/modules.d.ts" />
import type { ErrorData, Fragment, LevelDetails } from 'hls.js/light';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { judgeDamage, judgeDecoder } from '../../../renderer/features/player/damage.ts';
import { areWholeBoxes, notWhole } from '../../../renderer/features/player/whole-parts.ts';

const fragments = Array.from({ length: 20 }, (_, sn) => ({ sn, start: sn * 2, duration: 2, end: sn * 2 + 2, tagList: [] }));
const part = (number: number) => fragments[number] as unknown as Fragment;
const facts = (more: object = {}) => ({
  details: { fragments } as unknown as LevelDetails,
  atSeconds: 1,
  leftOutInARow: 0,
  recoveredMsAgo: Number.POSITIVE_INFINITY,
  ...more,
});
const error = (details: string, more: object = {}) =>
  ({
    type: details.startsWith('frag') ? 'networkError' : 'mediaError',
    details,
    fatal: false,
    frag: part(1),
    ...more,
  }) as unknown as ErrorData;
const broken = (retryCount: number) =>
  error('fragLoadError', { response: { code: 0, text: notWhole }, errorAction: { retryCount } });

beforeAll(() => {
  vi.stubGlobal('XMLHttpRequest', class {});
});
afterAll(() => {
  vi.unstubAllGlobals();
});

describe('judgeDamage', () => {
  it('loads a part that broke off once more, then leaves it out', () => {
    expect(judgeDamage(broken(0), facts())).toEqual({ do: 'nothing' });
    expect(judgeDamage(broken(1), facts())).toEqual({ do: 'leave-out', parts: [part(1)] });
  });
  it('stops when too many in a row are damaged', () => {
    expect(judgeDamage(broken(1), facts({ leftOutInARow: 5 }))).toEqual({ do: 'stop', trouble: 'damaged' });
  });
  it('leaves a part out at which the media element would begin anew for ever', () => {
    expect(judgeDamage(error('mediaSourceRequiresReset'), facts())).toEqual({ do: 'leave-out', parts: [part(1)] });
  });
  it('takes a good part that leaves nothing in the buffer for a sign that the one before has spoilt it', () => {
    const verdict = judgeDamage(error('bufferAppendNoProgress', { frag: part(2) }), facts());
    expect(verdict).toEqual({ do: 'leave-out', parts: [part(1)], anew: true });
  });
  it('says of a playlist that it cannot be read, and waits for what hls.js tries again', () => {
    expect(judgeDamage(error('levelEmptyError', { frag: undefined, fatal: true }), facts())).toEqual({
      do: 'stop',
      trouble: 'unreadable',
    });
    expect(judgeDamage(error('fragLoadTimeOut'), facts())).toEqual({ do: 'nothing' });
  });
  it('finds the part that the decoder choked on by the moment it names, or else just ahead', () => {
    const choked = (message: string) => judgeDecoder({ message } as MediaError, facts({ atSeconds: 1.3 }));
    expect(choked('failed: {timestamp=2400000 duration=200000}')).toEqual({ do: 'leave-out', parts: [part(1)], anew: true });
    expect(choked('')).toEqual({ do: 'leave-out', parts: [part(0)], anew: true });
  });
});

describe('areWholeBoxes', () => {
  const box = (size: number, said = size) => {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, said);
    return bytes;
  };
  const whole = (...boxes: Uint8Array[]) => areWholeBoxes(new DataView(Uint8Array.from(boxes.flatMap((one) => [...one])).buffer));
  it.each([
    ['one', whole(box(8)), true],
    ['several', whole(box(8), box(100), box(9)), true],
    ['one to the end', whole(box(8), box(20, 0)), true],
    ['none', whole(), false],
    ['one that breaks off', whole(box(8), box(50, 100)), false],
    ['the rest of a head', whole(box(8), new Uint8Array(5)), false],
    ['one smaller than its head', whole(box(8, 4)), false],
  ])('%s', (_what, is, expected) => expect(is).toBe(expected));
});
