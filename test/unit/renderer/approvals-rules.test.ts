import { describe, expect, it } from 'vitest';
import type { AccessRequest, Decision } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import { differencesOf, seenOf } from '../../../renderer/features/approvals/differences.ts';
import { wishOf } from '../../../renderer/features/approvals/keys.ts';
import { hourMs, noonMs, sampleRequest } from '../../support/samples.ts';

const ana = { id: 'p-ana', userName: 'ana', displayName: 'Ana Prado' };
const decision: Decision = { by: ana, level: 1, verdict: 'approve', comment: 'Fine', at: toInstant(noonMs + 1) };

describe('what changed since somebody looked', () => {
  const before = sampleRequest(1);
  const then = (more: Partial<AccessRequest>) => sampleRequest(1, { version: 2, ...more });

  it('is nothing while the version is the same, and nothing where the decision rests on nothing of it', () => {
    expect(differencesOf(seenOf(before), before)).toEqual([]);
    expect(differencesOf(seenOf(before), then({}))).toEqual([]);
  });

  it('names decisions, window, deadline, level and state, each once', () => {
    const window = { ...before.window, end: toInstant(noonMs + hourMs) };
    const deadline = toInstant(noonMs + hourMs / 2);
    const now = then({ decisions: [decision], window, deadline, state: { status: 'pending', level: 2 } });
    expect(differencesOf(seenOf(before), now)).toEqual([
      { what: 'decision', decision },
      { what: 'window', from: before.window, to: window },
      { what: 'deadline', from: before.deadline, to: deadline },
      { what: 'level', from: 1, to: 2 },
    ]);
    const canceled = then({ version: 3, decisions: [decision], state: { status: 'canceled', at: toInstant(noonMs) } });
    expect(differencesOf(seenOf(before), canceled).map(({ what }) => what)).toEqual(['decision', 'state']);
    expect(differencesOf(seenOf(now), { ...seenOf(now), version: 3, state: { status: 'pending', level: 3 } })).toEqual([
      { what: 'level', from: 2, to: 3 },
    ]);
  });
});

describe('the keys of deciding', () => {
  const key = (name: string, more: object = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...more,
  });

  it('letters choose, but belong to the text where one types', () => {
    expect(['a', 'R', 'n', 'x', 'Enter'].map((name) => wishOf(key(name), false))).toEqual([
      'approve',
      'reject',
      'narrow',
      null,
      null,
    ]);
    expect(['a', 'r', 'n'].map((name) => wishOf(key(name), true))).toEqual([null, null, null]);
  });

  it('Ctrl+Enter sends and Escape closes wherever the focus is; nothing else with a modifier means anything', () => {
    for (const typing of [true, false]) {
      expect(wishOf(key('Enter', { ctrlKey: true }), typing)).toBe('send');
      expect(wishOf(key('Enter', { metaKey: true }), typing)).toBe('send');
      expect(wishOf(key('Escape'), typing)).toBe('close');
      expect(wishOf(key('a', { ctrlKey: true }), typing)).toBeNull();
      expect(wishOf(key('a', { altKey: true }), typing)).toBeNull();
      expect(wishOf(key('Enter', { ctrlKey: true, isComposing: true }), typing)).toBeNull();
    }
  });
});
