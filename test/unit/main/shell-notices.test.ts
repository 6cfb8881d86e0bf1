import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../../contract/request.ts';
import { defaultSettings, noticeKinds } from '../../../contract/settings.ts';
import { toInstant } from '../../../contract/time.ts';
import { chooseShown, nextNoticeMs, noticesOf, unmarked } from '../../../main/shell/notices.ts';
import { en } from '../../../main/shell/texts/en.ts';
import { ptBR } from '../../../main/shell/texts/pt-BR.ts';
import { hourMs, noonMs, sampleRequest } from '../../support/samples.ts';

const minute = 60_000;
const yes = { allowed: true } as const;
const no = { allowed: false, why: 'SELF_APPROVAL' } as const;
const by = { id: 'p-a', userName: 'ana', displayName: 'Ana Torres' };
const me = 'p-me';
const mine = { requester: { id: me, userName: 'me', displayName: 'Mara Evers' }, may: { decide: no, cancel: yes, revoke: no } };
const forMe: Partial<AccessRequest> = { may: { decide: yes, cancel: no, revoke: no } };

const kinds = (request: AccessRequest, nowMs: number) => noticesOf(request, me, nowMs).map(({ kind }) => kind);

describe('what somebody is told', () => {
  it('tells an approver of what waits, and again 10 and 2 minutes before the deadline', () => {
    const request = sampleRequest(1, { ...forMe, deadline: toInstant(noonMs + hourMs) });
    expect(kinds(request, noonMs)).toEqual(['waiting']);
    expect(kinds(request, noonMs + hourMs - 10 * minute - 1)).toEqual(['waiting']);
    expect(kinds(request, noonMs + hourMs - 10 * minute)).toEqual(['waiting', 'deadline']);
    expect(kinds(request, noonMs + hourMs - 2 * minute)).toEqual(['waiting', 'deadline', 'deadline']);
    expect(kinds(request, noonMs + hourMs)).toEqual([]);
  });

  it('says nothing to whoever may not decide, and nothing to an approver of a request of their own', () => {
    expect(kinds(sampleRequest(1, { may: { decide: no, cancel: no, revoke: no } }), noonMs)).toEqual([]);
    expect(kinds(sampleRequest(1, { ...mine, may: { decide: yes, cancel: yes, revoke: yes } }), noonMs)).toEqual([]);
  });

  it('tells the next level only when it is its turn, and the requester that a level has approved', () => {
    const second = { state: { status: 'pending', level: 2 } } as const;
    expect(kinds(sampleRequest(1, { ...forMe, ...second }), noonMs)).toEqual(['level']);
    expect(kinds(sampleRequest(1, { ...mine, ...second }), noonMs)).toEqual(['level']);
    expect(kinds(sampleRequest(1, mine), noonMs)).toEqual([]);
  });

  it('tells the requester of the decision, the opening and the end', () => {
    const window = { start: toInstant(noonMs + hourMs), end: toInstant(noonMs + 2 * hourMs) };
    const approved = sampleRequest(1, { ...mine, window, state: { status: 'approved', at: toInstant(noonMs) } });
    expect(kinds(approved, noonMs)).toEqual(['decided']);
    expect(kinds(approved, noonMs + hourMs)).toEqual(['decided', 'opens']);
    expect(kinds(approved, noonMs + 2 * hourMs - 5 * minute)).toEqual(['decided', 'opens', 'ends']);
    expect(kinds(approved, noonMs + 2 * hourMs)).toEqual([]);
    // A window that was open when it was approved has not opened later.
    const atOnce = sampleRequest(1, { ...mine, window, state: { status: 'approved', at: toInstant(noonMs + hourMs) } });
    expect(kinds(atOnce, noonMs + hourMs)).toEqual(['decided']);
  });

  it.each([
    ['rejected', { status: 'rejected', at: toInstant(noonMs), by, comment: 'No ticket' }, 'decided'],
    ['revoked', { status: 'revoked', at: toInstant(noonMs), by, comment: 'Enough' }, 'revoked'],
    ['expired', { status: 'expired', at: toInstant(noonMs + hourMs) }, 'expired'],
  ] as const)('tells the requester that it was %s, for a day', (_name, state, kind) => {
    const request = sampleRequest(1, { ...mine, state });
    expect(kinds(request, noonMs + hourMs)).toEqual([kind]);
    expect(kinds(request, noonMs + 26 * hourMs)).toEqual([]);
  });

  it('knows the next moment at which it has something new to say', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3 * 60, max: 4 * 60 }), fc.boolean(), fc.boolean(), (atMinutes, own, approved) => {
        const request = sampleRequest(1, {
          ...(own ? mine : forMe),
          ...(approved && { state: { status: 'approved', at: toInstant(noonMs - hourMs) } }),
        });
        const nowMs = noonMs + atMinutes * minute;
        const next = nextNoticeMs(request, nowMs) ?? nowMs + 5 * hourMs;
        // Whatever it says, it says until that moment.
        expect(noticesOf(request, me, next - 1).map(({ key }) => key)).toEqual(
          noticesOf(request, me, nowMs).map(({ key }) => key),
        );
      }),
    );
  });

  it('has words for every kind, in both languages, that name who and which session', () => {
    for (const texts of [en, ptBR]) {
      for (const kind of noticeKinds) {
        const request = sampleRequest(7, forMe);
        const { title, body } = texts.notice({ key: 'k', kind, request, untilMs: null }, noonMs);
        expect(title).not.toMatch(/undefined|NaN/);
        expect(body).toContain(request.session.device);
        expect(`${title}${body}`).not.toContain(request.justification);
      }
    }
  });
});

describe('what of it is shown', () => {
  const due = (count: number, more: Partial<AccessRequest> = forMe) =>
    Array.from({ length: count }, (_, number) => noticesOf(sampleRequest(number, more), me, noonMs)).flat();

  const desk = { waiting: 12, inARow: 0 };

  it('shows up to three one by one, and more as one that says how many wait and when the first is due', () => {
    expect(chooseShown(due(3), defaultSettings, noonMs, desk).shown).toHaveLength(3);
    const many = chooseShown(due(7), defaultSettings, noonMs, desk);
    expect(many.shown).toEqual([{ what: 'waiting', count: 12, dueMs: noonMs + hourMs }]);
    expect(many.told).toHaveLength(7);
  });

  it('counts what trickles in, once five in a row were shown', () => {
    expect(chooseShown(due(1), defaultSettings, noonMs, { waiting: 5, inARow: 4 }).shown).toMatchObject([{ what: 'one' }]);
    expect(chooseShown(due(2), defaultSettings, noonMs, { waiting: 6, inARow: 4 }).shown).toMatchObject([{ what: 'waiting' }]);
    expect(chooseShown(due(1), defaultSettings, noonMs, { waiting: 6, inARow: 5 }).shown).toMatchObject([{ count: 6 }]);
    // What became of one's own is not one of many.
    const own = due(1, { ...mine, state: { status: 'approved', at: toInstant(noonMs) } });
    expect(chooseShown(own, defaultSettings, noonMs, { waiting: 6, inARow: 9 }).shown).toMatchObject([{ what: 'one' }]);
  });

  it('shows only the most urgent of one request, and counts all of them as told', () => {
    const request = sampleRequest(1, forMe);
    const nowMs = noonMs + hourMs - minute;
    const { shown, told } = chooseShown(noticesOf(request, me, nowMs), defaultSettings, nowMs, desk);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ notice: { kind: 'deadline' } });
    expect(told).toHaveLength(3);
  });

  it('keeps quiet about what was switched off, and while paused keeps it for later', () => {
    expect(chooseShown(due(1), { notices: [], noticesPausedUntil: null }, noonMs, desk)).toMatchObject({
      shown: [],
      told: { length: 1 },
    });
    const paused = { notices: [...noticeKinds], noticesPausedUntil: toInstant(noonMs + hourMs) };
    expect(chooseShown(due(1), paused, noonMs, desk)).toEqual({ shown: [], told: [] });
    expect(chooseShown(due(1), paused, noonMs + hourMs - 1, desk).shown).toEqual([]);
  });

  it('has no markup of anybody’s', () => {
    expect(unmarked('<a href="https://evil.example">Ana</a> & <img src="/x"/>')).not.toMatch(/[<>]/);
    expect(unmarked('R&D: 3 min left')).toBe('R&D: 3 min left');
  });
});
