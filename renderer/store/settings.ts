import { defaultSettings, type Settings, type SettingsChange } from '../../contract/settings.ts';
import { call } from './bridge.ts';
import { createLive } from './live.ts';

/** What the person set on this computer. */
export const useSettingsStore = createLive('settings.get', 'settings', (settings) => settings);

/** The settings, or the defaults until they are here. */
export function useSettings(): Settings {
  const live = useSettingsStore();
  return live.state === 'ready' ? live.value : defaultSettings;
}

export async function changeSettings(change: SettingsChange): Promise<void> {
  useSettingsStore.set(await call('settings.change', change));
}
