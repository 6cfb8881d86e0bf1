import { describe, expect, it } from 'vitest';
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
