import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { writeWhole } from '../settings/files.ts';
import { autostartEntry, autostartFile, hiddenSwitch } from './autostart.ts';

/** Whether the system can start the app when the person signs in: an app that is run from its sources has no place of its own. */
export const canStartAtLogin = () => app.isPackaged;

/** The entry names the program by its place, and an update may have another: one that is there is put right. One that the person took away stays away. */
export async function renewStartAtLogin(): Promise<void> {
  if (!canStartAtLogin() || process.platform !== 'linux') return;
  const there = await readFile(entryFile(), 'utf8').catch(() => null);
  if (there !== null && there !== autostartEntry(program())) await setStartAtLogin(true);
}

const entryFile = () => autostartFile(process.env['XDG_CONFIG_HOME'], homedir());
const program = () => process.env['APPIMAGE'] ?? process.execPath;

/** Has the system start the app, without its window, when the person signs in; or no longer. */
export async function setStartAtLogin(on: boolean): Promise<void> {
  if (!canStartAtLogin()) return;
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: on, args: [`--${hiddenSwitch}`] });
  const file = entryFile();
  if (!on) return rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, autostartEntry(program()));
}
