import { describe, expect, it } from 'vitest';
import { defaultSettings, migrate } from '../../../contract/settings.ts';

const { savedSearches, figuresShown, retentionDays, ...second } = defaultSettings;
const { background, startAtLogin, notices, noticeText, noticesPausedUntil, endOnLock, ...first } = second;

describe('settings of an earlier version', () => {
  it.each([
    ['1', { ...first, version: 1 }],
    ['2', { ...second, version: 2 }],
  ])('%s keep what was set; what they did not know is as usual', (_, before) => {
    const savedFilters = [{ name: 'Mine', filter: { user: 'akim' } }];
    const migrated = migrate({ ...before, theme: 'dark', timeDisplay: 'utc', savedFilters });
    expect(migrated).toEqual({ ...defaultSettings, theme: 'dark', timeDisplay: 'utc', savedFilters });
  });

  it('keep what version 2 had set of tray and notices', () => {
    const set = { background: 'on', notices: ['decided'], endOnLock: false } as const;
    expect(migrate({ ...second, version: 2, ...set })).toEqual({ ...defaultSettings, ...set });
  });

  it('are not guessed when they cannot be understood', () => {
    expect(migrate({ ...first, version: 1, theme: 'pink' })).toBeNull();
    expect(migrate({ ...defaultSettings, version: 4 })).toBeNull();
    expect(migrate({ ...defaultSettings, retentionDays: 0 })).toBeNull();
    expect(migrate(null)).toBeNull();
  });
});
