import { describe, expect, it } from 'vitest';
import type { Access, SessionState } from '../../../contract/session.ts';
import { defaultSettings } from '../../../contract/settings.ts';
import { type AccessWords, accessLabel, shownAccess, stepOf } from '../../../renderer/features/sessions/access.ts';
import { type FilterWords, isEmpty, isSet, pillText, startedOf, without } from '../../../renderer/features/sessions/filter.ts';
import { inOrder, toggled, tracks } from '../../../renderer/features/sessions/grid.ts';

const at = '2026-11-24T19:00:00.000Z';

describe('access', () => {
  const words: AccessWords = {
    t: (key, values) => [key.replace('sessions.access.', ''), values?.at].filter(Boolean).join(' '),
    at: () => '16:00',
  };
  const cases: [Access, string, string, string][] = [
    [{ state: 'unavailable', why: 'permission' }, 'why.permission', 'quiet', 'nothing'],
    [{ state: 'direct' }, 'direct', 'good', 'watch'],
    [{ state: 'ask', after: 'nothing' }, 'ask', 'chip', 'ask'],
    [{ state: 'ask', after: 'over' }, 'over', 'chip', 'ask'],
    [{ state: 'ask', after: 'rejected' }, 'rejected', 'chip', 'ask'],
    [{ state: 'pending', requestId: 'r', deadline: at }, 'pending 16:00', 'waiting', 'show-request'],
    [{ state: 'scheduled', requestId: 'r', from: at, until: at }, 'scheduled 16:00', 'waiting', 'show-request'],
    [{ state: 'open', requestId: 'r', until: at }, 'open 16:00', 'good', 'watch'],
  ];
  it.each(cases)('%j', (access, text, tone, step) => {
    expect(accessLabel(access, words)).toEqual({ text, tone });
    expect(stepOf(access).do).toBe(step);
  });

  it('of a row is that of the stream while the session runs, else that of the recording', () => {
    const access = { recording: { state: 'direct' }, livestream: { state: 'ask', after: 'nothing' } } as const;
    const of = (state: SessionState) => shownAccess({ state, access }).state;
    expect([of('live'), of('recorded'), of('converting'), of('not-recorded')]).toEqual(['ask', 'direct', 'direct', 'direct']);
  });
});

describe('filters', () => {
  const words: FilterWords = {
    name: (name) => name,
    state: (state) => state,
    range: ({ from, until }) => `${from ?? ''}/${until ?? ''}`,
  };

  it('say on a pill what they look for', () => {
    const filter = { startedFrom: at, protocols: ['SSH', 'RDP'] as ('SSH' | 'RDP')[], user: 'jsouza' };
    expect(pillText(filter, 'started', words).value).toBe(`${at}/`);
    expect(pillText(filter, 'protocols', words).value).toBe('SSH, RDP');
    expect(pillText(filter, 'user', words).value).toBe('jsouza');
    expect(pillText(filter, 'device', words).value).toBeNull();
    expect(startedOf({ startedUntil: at, user: 'x' })).toEqual({ until: at });
  });

  it('are taken away one by one', () => {
    const filter = { startedFrom: at, startedUntil: at, text: 'x' };
    expect(isSet(filter, 'started')).toBe(true);
    expect(without(filter, 'started')).toEqual({ text: 'x' });
    expect(isEmpty(without({ user: 'a' }, 'user'))).toBe(true);
    expect(isEmpty({ ...filter, text: undefined })).toBe(false);
  });
});

describe('the table', () => {
  it('has its columns in one order, and always one', () => {
    expect(inOrder(['access', 'id'])).toEqual(['id', 'access']);
    expect(toggled(['id'], 'id')).toEqual(['id']);
    expect(toggled(defaultSettings.columns, 'proxy')).toContain('proxy');
    expect(toggled(defaultSettings.columns, 'user')).not.toContain('user');
    expect(tracks(['id', 'user']).least).toBe(68 + 74 + 42);
  });
});
