import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, setLanguage } from '../store/language.ts';
import { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    // Failure codes hold underscores; contexts are not used.
    contextSeparator: '~';
    returnNull: false;
  }
}

/** Languages besides English are fetched when they are wanted. */
const others = { 'pt-BR': async () => (await import('./pt-BR.ts')).ptBR };

/** Begins in English, the language that is always there, so that nothing waits. */
export function startI18n(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    contextSeparator: '~',
    initAsync: false,
  });
}

export async function showLanguage(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await others[language]());
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  setLanguage(language);
}
