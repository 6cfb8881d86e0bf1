import { expect, it } from 'vitest';
import {
  counting,
  gravest,
  mayComment,
  mayKnowVerdict,
  mayMark,
  type ReviewFacts,
  type Viewer,
  verdictProblem,
} from '../../../gateway/policy.ts';

const session = { id: '4f1aa', state: 'recorded', recordedPersonId: 'jsouza' } as const;
const over = { code: 'WINDOW_OVER', data: { until: '2026-11-24T12:00:00.000Z' } } as const;
const facts = (more: Partial<ReviewFacts> = {}): ReviewFacts => ({ session, barred: null, watched: true, ...more });
const person = (personId: string, roles: Viewer['roles'] = ['PAM Auditor']): Viewer => ({
  personId,
  displayName: personId,
  roles,
  permissions: [],
  groupIds: [],
});
const marta = person('marta');
const recorded = person('jsouza');

it('who may watch now reads and writes comments, and nobody else', () => {
  expect(mayComment(marta, facts())).toBeNull();
  expect(mayComment(marta, facts({ barred: over }))).toEqual(over);
});

it('the recorded person neither comments on their own session nor audits it, whatever they may watch', () => {
  expect(mayComment(recorded, facts())?.code).toBe('RECORDED_PERSON');
  expect(mayMark(recorded, facts())?.code).toBe('RECORDED_PERSON');
  expect(mayKnowVerdict(recorded, session)).toBe(false);
});

it('who has watched may audit, also when the window is over; who has not, or is no auditor, may not', () => {
  expect(mayMark(marta, facts())).toBeNull();
  expect(mayMark(marta, facts({ barred: over }))).toBeNull();
  expect(mayMark(marta, facts({ watched: false }))?.code).toBe('NOT_WATCHED');
  expect(mayMark(person('rui', ['PAM User']), facts())?.code).toBe('ROLE_MISSING');
  expect(mayKnowVerdict(person('rui', ['PAM User']), session)).toBe(false);
});

it('a verdict that objects says why', () => {
  expect(verdictProblem('nothing-to-object', '')).toBeNull();
  expect(verdictProblem('follow-up', ' ')?.code).toBe('COMMENT_REQUIRED');
  expect(verdictProblem('violation', '')?.code).toBe('COMMENT_REQUIRED');
  expect(verdictProblem('violation', 'Copied the customers table')).toBeNull();
});

it('of several marks of one person the latest counts, and of those that count the gravest is shown', () => {
  const marks = [
    { personId: 'marta', verdict: 'violation' },
    { personId: 'diego', verdict: 'follow-up' },
    { personId: 'marta', verdict: 'nothing-to-object' },
  ] as const;
  const count = counting(marks);
  expect(count).toEqual([marks[1], marks[2]]);
  expect(gravest(count.map(({ verdict }) => verdict))).toBe('follow-up');
  expect(gravest([])).toBeNull();
});
