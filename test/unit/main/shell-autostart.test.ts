import { describe, expect, it } from 'vitest';
import { defaultSettings, migrate } from '../../../contract/settings.ts';
import { autostartEntry, autostartFile } from '../../../main/shell/autostart.ts';

describe('starting with the computer', () => {
  it('is an entry of XDG autostart, wherever the configuration lies', () => {
    expect(autostartFile(undefined, '/home/ana')).toBe('/home/ana/.config/autostart/oversight.desktop');
    expect(autostartFile('', '/home/ana')).toBe('/home/ana/.config/autostart/oversight.desktop');
    expect(autostartFile('/etc/elsewhere', '/home/ana')).toBe('/etc/elsewhere/autostart/oversight.desktop');
  });

  it('starts without the window, whatever the program’s path holds', () => {
    expect(autostartEntry('/opt/Oversight/oversight')).toContain('Exec="/opt/Oversight/oversight" --hidden\n');
    expect(autostartEntry('/opt/50% "new" $HOME/`x`')).toContain(
      'Exec="/opt/50%% \\\\"new\\\\" \\\\$HOME/\\\\`x\\\\`" --hidden\n',
    );
  });
});

describe('settings of the version before', () => {
  const { background, startAtLogin, notices, noticeText, noticesPausedUntil, ...before } = defaultSettings;
  it('keep what was set and ask about the tray', () => {
    const migrated = migrate({ ...before, version: 1, theme: 'dark', timeDisplay: 'utc' });
    expect(migrated).toEqual({ ...defaultSettings, theme: 'dark', timeDisplay: 'utc' });
    expect(migrated?.background).toBe('ask');
  });
  it('are not guessed when they cannot be understood', () => {
    expect(migrate({ ...before, version: 1, theme: 'pink' })).toBeNull();
    expect(migrate({ ...defaultSettings, version: 3 })).toBeNull();
    expect(migrate(null)).toBeNull();
  });
});
