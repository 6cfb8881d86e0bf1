import { create } from 'zustand';

export type Language = 'en' | 'pt-BR';

const store = create<{ language: Language }>(() => ({ language: 'en' }));

/** The language that is shown now. */
export const useLanguage = () => store((state) => state.language);

export function setLanguage(language: Language): void {
  store.setState({ language });
}

/** The language of a choice; "system" by what the system prefers. */
export function languageOf(choice: 'system' | Language, systemLocale: string): Language {
  if (choice !== 'system') return choice;
  return systemLocale.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en';
}
