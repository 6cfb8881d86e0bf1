import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { writeWhole } from '../settings/files.ts';
import { autostartEntry, autostartFile, hiddenSwitch } from './autostart.ts';

/** Whether the system can start the app when the person signs in: an app that is run from its sources has no place of its own. */
export const canStartAtLogin = () => app.isPackaged;

/** Has the system start the app, without its window, when the person signs in; or no longer. */
export async function setStartAtLogin(on: boolean): Promise<void> {
  if (!canStartAtLogin()) return;
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: on, args: [`--${hiddenSwitch}`] });
  const file = autostartFile(process.env['XDG_CONFIG_HOME'], homedir());
  if (!on) return rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, autostartEntry(process.env['APPIMAGE'] ?? process.execPath));
}
