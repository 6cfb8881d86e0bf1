import { useEffect, useState } from 'react';
import { showLanguage } from '../i18n/index.ts';
import { languageOf } from '../store/language.ts';
import { useSettings, useSettingsStore } from '../store/settings.ts';

/** Shows the language of the settings, now and when it is changed. False until the first one is there. */
export function useLanguageOfSettings(): boolean {
  const { language: choice } = useSettings();
  const known = useSettingsStore().state !== 'waiting';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    // A language that cannot be fetched leaves English, which is always there.
    if (known) void showLanguage(languageOf(choice, navigator.language)).finally(() => setShown(true));
  }, [choice, known]);
  return shown;
}
