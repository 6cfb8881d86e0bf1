import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, mergeRanges, partsOf } from '../../../contract/coverage.ts';
import { type ChainedEntry, canonical, faultOf, genesisOf, hashOf } from '../../../contract/receipt.ts';
import type { ReceiptEntry } from '../../../contract/viewing.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ms = fc.integer({ min: 0, max: 10_000_000 });
const at = '2026-11-24T12:00:00.000Z';
const anyEntry: fc.Arbitrary<ReceiptEntry> = fc.oneof(
  fc.record({
    type: fc.constant('shown' as const),
    at: fc.constant(at),
    fromMs: ms,
    toMs: ms,
    speed: fc.constantFrom(1, 16, 32),
  }),
  fc.record({ type: fc.constant('pause' as const), at: fc.constant(at), atMs: ms }),
  fc.record({ type: fc.constant('seek' as const), at: fc.constant(at), fromMs: ms, toMs: ms }),
);

function chain(viewingId: string, entries: readonly ReceiptEntry[]): ChainedEntry[] {
  let hash = genesisOf(viewingId, sha256);
  return entries.map((entry, sequence) => {
    hash = hashOf(hash, sequence, entry, sha256);
    return { sequence, hash, entry };
  });
}
const start = (viewingId: string) => ({ sequence: -1, hash: genesisOf(viewingId, sha256) });

describe('a chain', () => {
  it('holds as it was made, whatever the order of names', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 30 }), (entries) => {
        const turned = chain('v', entries).map((one) => ({
          ...one,
          entry: Object.fromEntries(Object.entries(one.entry).reverse()) as ReceiptEntry,
        }));
        expect(faultOf(turned, start('v'), sha256)).toBeNull();
      }),
    );
  });

  it('shows the first entry that was changed, left out, put in or moved', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 3, maxLength: 30 }), fc.nat(), anyEntry, (entries, nat, other) => {
        const place = nat % (entries.length - 1);
        const whole = chain('v', entries);
        const original = whole[place];
        if (!original) return;
        const changed = whole.with(place, { ...original, entry: { ...other, at: '2020-01-01T00:00:00.000Z' } });
        expect(faultOf(changed, start('v'), sha256)).toEqual({ sequence: place, fault: 'hash' });
        expect(faultOf(whole.toSpliced(place, 1), start('v'), sha256)).toEqual({ sequence: place, fault: 'gap' });
        const renumbered = whole.toSpliced(place, 1).map((one, sequence) => ({ ...one, sequence }));
        expect(faultOf(renumbered, start('v'), sha256)).toEqual({ sequence: place, fault: 'hash' });
        expect(faultOf(whole, start('w'), sha256)).toEqual({ sequence: 0, fault: 'hash' });
      }),
    );
  });

  it('is written one way (RFC 8785)', () => {
    expect(canonical({ b: [1, 2.5, null, 'é"\n'], a: { d: true, c: undefined } })).toBe(
      '{"a":{"d":true},"b":[1,2.5,null,"é\\"\\n"]}',
    );
  });
});

describe('coverage', () => {
  const range = fc.tuple(ms, ms).map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) }));
  it('is as long as what was shown, however often', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 40 }), (ranges) => {
        const merged = mergeRanges(ranges);
        expect(mergeRanges([...merged, ...ranges])).toEqual(merged);
        for (const [index, one] of merged.entries()) expect(one.fromMs).toBeGreaterThan(merged[index - 1]?.toMs ?? -1);
        for (const { fromMs, toMs } of ranges)
          if (toMs > fromMs) expect(merged.some((one) => one.fromMs <= fromMs && one.toMs >= toMs)).toBe(true);
      }),
    );
  });
  it('is mine before it is others’, and the rest is nobody’s', () => {
    const coverage = { durationMs: 100_000, mine: [{ fromMs: 0, toMs: 30_000 }], others: [{ fromMs: 20_000, toMs: 50_000 }] };
    expect(partsOf(coverage)).toEqual({ mine: 0.3, others: 0.2, nobody: 0.5 });
    expect(lengthOf(coverage.mine)).toBe(30_000);
    expect(partsOf({ durationMs: 0, mine: [], others: [] }).nobody).toBe(1);
  });
});
