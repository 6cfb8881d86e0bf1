import type { Settings } from '../../contract/settings.ts';

/** The language that a person reads: as they set it, or as the system says (`pt-BR`, `en-GB`). */
export function languageOf({ language }: Pick<Settings, 'language'>, systemLocale: string): 'en' | 'pt-BR' {
  return (language === 'system' ? systemLocale : language).toLowerCase().startsWith('pt') ? 'pt-BR' : 'en';
}
