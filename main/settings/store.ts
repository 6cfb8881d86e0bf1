import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultSettings, migrate, type Settings, type SettingsChange } from '../../contract/settings.ts';
import { putAside, writeWhole } from './files.ts';

export interface SettingsStore {
  get(): Settings;
  change(change: SettingsChange): Promise<Settings>;
  /** Whether the file could not be read at start, was put aside and begun anew. */
  reset: boolean;
}

/** Settings in a file of `folder`, read at once since the first pixel's colour depends on it. Writes are whole or not at all. */
export function openSettings(folder: string, onChange: (settings: Settings) => void): SettingsStore {
  const file = path.join(folder, 'settings.json');
  const { settings: read, reset } = readSettings(file);
  let settings = read;
  return {
    get: () => settings,
    async change(change) {
      settings = { ...settings, ...change };
      await writeWhole(file, JSON.stringify(settings, null, 2));
      onChange(settings);
      return settings;
    },
    reset,
  };
}

function readSettings(file: string): { settings: Settings; reset: boolean } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { settings: defaultSettings, reset: false };
  }
  let settings: Settings | null = null;
  try {
    settings = migrate(JSON.parse(text));
  } catch {
    // Not JSON: put aside like anything else that cannot be understood.
  }
  if (settings) return { settings, reset: false };
  putAside(file);
  return { settings: defaultSettings, reset: true };
}
