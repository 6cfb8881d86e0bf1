import { useTranslation } from 'react-i18next';
import { useLanguage } from './language.ts';
import { useGatewayNow } from './time.ts';
import { writeTyped } from './typed-time.ts';
import { useZone } from './use-zone.ts';

/** How a moment (epoch ms) is written into a field in which it can be typed again. */
export function useWriteTyped(): (epochMs: number) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  const zone = useZone();
  const nowMs = useGatewayNow('half-minute');
  const days = {
    today: t('justification.today'),
    tomorrow: t('justification.tomorrow'),
    yesterday: t('justification.yesterday'),
  };
  return (epochMs) => writeTyped(epochMs, nowMs, zone, days, language === 'pt-BR');
}
