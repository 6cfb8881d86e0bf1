import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChangeRecord, ViewingRecord } from '../../../contract/history.ts';
import { keepable } from '../../../contract/request.ts';
import {
  keptDecisionDraft,
  keptRecord,
  lineOf,
  linesText,
  parseLines,
  restsSince,
  sealedText,
  sealText,
} from '../../../contract/seal.ts';
import { toInstant } from '../../../contract/time.ts';
import { hourMs, me, noonMs, sampleRequest, sampleSession } from '../../support/samples.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const at = toInstant(noonMs);
const decided = sampleRequest(1, {
  justification: 'canary justification',
  governanceCode: 'canary code',
  session: { ...sampleRequest(1).session, credential: 'canary credential' },
  decisions: [{ by: me, level: 1, verdict: 'reject', comment: 'canary comment', at }],
  state: { status: 'rejected', at, by: me, comment: 'canary comment' },
});
const viewing: ViewingRecord = {
  id: 'V-1',
  sessionId: 'S-000001',
  kind: 'recording',
  requestId: 'R-000001',
  viewer: me,
  startedAt: at,
  endedAt: toInstant(noonMs + 5_000),
  why: 'closed',
  watchedMs: 5_000,
  shown: [],
  snapshots: 0,
  receipts: null,
};
const records: ChangeRecord[] = [
  { what: 'request', request: decided },
  {
    what: 'session',
    session: sampleSession(1, { credential: 'canary credential', justification: 'canary justification', originIp: 'canary ip' }),
    commands: 'canary command',
  },
  { what: 'viewing', viewing },
  { what: 'gone', of: 'request', id: 'R 9\n%' },
];

describe('what is kept', () => {
  it('lacks every field that the policy wants on no disk, and nothing else', () => {
    const kept = records.map((record) => keptRecord(record, [...keepable]));
    expect(JSON.stringify(kept)).not.toContain('canary');
    expect(records.map((record) => keptRecord(record, []))).toEqual(records);
    const [request] = records.map((record) => keptRecord(record, ['governanceCode']));
    expect(request).toEqual({ what: 'request', request: { ...decided, governanceCode: null } });
    const draft = { requestId: 'R-1', seen: decided, comment: 'mine', window: null };
    expect(JSON.stringify(keptDecisionDraft(draft, ['comments']).seen.decisions)).not.toContain('canary');
    expect(keptDecisionDraft(draft, ['comments']).comment).toBe('mine');
  });
});

describe('a line', () => {
  it('covers all that is kept, and not what depends on the moment and the reader', () => {
    const text = (record: ChangeRecord) => sealedText(record);
    const [request, session] = records as [
      Extract<ChangeRecord, { what: 'request' }>,
      Extract<ChangeRecord, { what: 'session' }>,
    ];
    expect(text({ ...request, request: { ...decided, may: sampleRequest(1).may } })).toBe(text(request));
    expect(text({ ...session, session: { ...session.session, access: sampleSession(2).access } })).toBe(text(session));
    expect(text({ ...request, request: { ...decided, justification: 'other' } })).not.toBe(text(request));
    expect(text({ ...session, commands: null })).not.toBe(text(session));
  });

  it('is read as it was written, whatever the ids are', () => {
    const lines = records.map((record) => lineOf(record, sha256));
    expect(parseLines(linesText(lines))).toEqual(lines);
    expect(parseLines(linesText([]))).toEqual([]);
    expect(linesText(lines).split('\n')).toHaveLength(records.length);
  });

  it('is signed with its place: another cursor, order or policy is another text', () => {
    const lines = linesText(records.map((record) => lineOf(record, sha256)));
    const seal = { before: 'a', after: 'b', at, notKept: [] };
    const texts = [
      sealText(seal, lines, sha256),
      sealText({ ...seal, before: 'c' }, lines, sha256),
      sealText({ ...seal, after: 'c' }, lines, sha256),
      sealText({ ...seal, notKept: ['commands'] }, lines, sha256),
      sealText(seal, lines.split('\n').reverse().join('\n'), sha256),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('a request rests', () => {
  it('since its last change, but not while it waits or its window is to come', () => {
    const rests = (more: Parameters<typeof sampleRequest>[1]) => restsSince({ what: 'request', request: sampleRequest(1, more) });
    expect(rests({ state: { status: 'canceled', at } })).toBe(noonMs);
    expect(rests({})).toBe(noonMs + hourMs);
    expect(rests({ state: { status: 'approved', at } })).toBe(noonMs + 2 * hourMs);
    expect(restsSince({ what: 'viewing', viewing })).toBe(noonMs + 5_000);
  });
});
