import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../contract/request.ts';
import { draftOf, errorsOf, type Fields, fieldsOf, givenSpan, requestOf } from '../../../renderer/features/justification/form.ts';
import { fixedZone } from '../../../renderer/store/zone.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-11-24T17:02:11.000Z');
const zone = fixedZone(-180);
const policy: Policy = {
  approvalEnabled: true,
  operatorsWatchDirectly: true,
  recordedPersonMayNotApprove: true,
  approvalDeadlineMs: hourMs,
  maxWindowMs: 8 * hourMs,
  maxStartAheadMs: 24 * hourMs,
  minJustificationLength: 10,
  governanceCode: { label: 'Governance Code', required: false, pattern: 'INC-\\d+' },
  reasons: [{ id: 'incident', label: 'Incident investigation' }],
  snapshotsAllowed: true,
  batchDecisionsAllowed: false,
  stepUp: 'none',
  exportsAllowed: true,
  retentionDays: 3650,
  notKept: [],
};
const good: Fields = {
  justification: 'Which file was edited at 22:14?',
  reasonId: 'incident',
  governanceCode: 'INC-20418',
  times: { by: 'preset', preset: 'now-2h' },
};
const about = { sessionId: '4f1aa', kind: 'recording', key: '6f1d6c3e-6a64-4a6e-9a59-3a4c2f0c7a11' } as const;
const errors = (change: Partial<Fields>, rules: Partial<Policy> = {}) => {
  const fields = { ...good, ...change };
  return errorsOf(fields, givenSpan(fields, now, zone, policy.maxWindowMs), { ...policy, ...rules }, now);
};

describe('the fields of a justification', () => {
  it('are right, or have an error each', () => {
    expect(errors({})).toEqual({});
    expect(errors({ justification: '  ' }).justification).toEqual({ problem: 'justification' });
    expect(errors({ justification: 'short' }).justification).toEqual({ problem: 'justificationShort', count: 10 });
    expect(errors({ reasonId: '' }).reasonId).toEqual({ problem: 'reason' });
    expect(errors({ governanceCode: 'X INC-1' }).governanceCode).toMatchObject({ problem: 'codeInvalid' });
    expect(errors({ governanceCode: ' ' })).toEqual({});
    expect(
      errors({ governanceCode: '' }, { governanceCode: { ...policy.governanceCode, required: true } }).governanceCode,
    ).toEqual({ problem: 'codeRequired' });
    expect(errors({ governanceCode: 'anything' }, { governanceCode: { label: 'Code', required: true, pattern: '(' } })).toEqual(
      {},
    );
    const times = (startMs: number | null, endMs: number | null): Fields['times'] => ({
      by: 'hand',
      start: { text: '?', ms: startMs },
      end: { text: '?', ms: endMs },
    });
    expect(errors({ times: times(null, now + hourMs) })).toEqual({ start: { problem: 'time' } });
    expect(errors({ times: times(now, now + 9 * hourMs) })).toEqual({ end: { problem: 'tooLong', maxMs: 8 * hourMs } });
    expect(errors({ times: times(now + 25 * hourMs, now + 26 * hourMs) })).toEqual({
      start: { problem: 'tooFarAhead', maxMs: 24 * hourMs },
    });
  });

  it('become a request that begins now at the earliest', () => {
    const request = requestOf(about, { ...good, governanceCode: ' ' }, { startMs: now - 120_000, endMs: now + hourMs }, now);
    expect(request).toMatchObject({
      ...about,
      governanceCode: null,
      window: { start: '2026-11-24T17:02:11.000Z', end: '2026-11-24T18:02:11.000Z' },
    });
  });

  it('come back from their draft, the window as long as it can be asked for', () => {
    const later: Fields = {
      ...good,
      times: { by: 'hand', start: { text: null, ms: now + hourMs }, end: { text: null, ms: now + 2 * hourMs } },
    };
    const draft = draftOf(about, later, givenSpan(later, now, zone, policy.maxWindowMs));
    expect(fieldsOf(draft, policy, now, zone)).toEqual(later);
    expect(fieldsOf(draft, policy, now + 3 * hourMs, zone)).toEqual({ ...later, times: { by: 'preset', preset: 'now-2h' } });
  });

  it('are empty at first, for two hours from now', () => {
    expect(fieldsOf({}, policy, now, zone)).toEqual({
      justification: '',
      reasonId: '',
      governanceCode: '',
      times: { by: 'preset', preset: 'now-2h' },
    });
    expect(fieldsOf({ reasonId: 'gone' }, { ...policy, maxWindowMs: hourMs }, now, zone)).toMatchObject({
      reasonId: '',
      times: { preset: 'now-1h' },
    });
  });
});
