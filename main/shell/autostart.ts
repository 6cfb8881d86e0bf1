import path from 'node:path';

/** Starts without its window: only the tray. */
export const hiddenSwitch = 'hidden';

/** XDG Desktop Application Autostart, 2.1. */
export const autostartFile = (configHome: string | undefined, home: string) =>
  path.join(configHome || path.join(home, '.config'), 'autostart', 'oversight.desktop');

/** A desktop entry that starts `program`. Quoted as the Desktop Entry Specification asks (the Exec key). */
export function autostartEntry(program: string): string {
  const quoted = program
    .replaceAll(/[\\"`$]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Oversight',
    `Exec="${quoted}" --${hiddenSwitch}`,
    'Icon=oversight',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
