import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../contract/calls.ts';
import type { SettingsChange } from '../../../contract/settings.ts';
import { useSettings } from '../../store/settings.ts';
import classes from './SettingsScreen.module.css';

/** What protects a viewing on this computer, and what this system cannot do for it. */
export function Watching({ about, change }: { about: CallOutput<'app.about'> | null; change: (next: SettingsChange) => void }) {
  const { t } = useTranslation();
  const { endOnLock } = useSettings();
  const byDesktop = about?.tellsLock && about.platform === 'linux' ? t('settings.watching.lockByDesktop') : '';
  return (
    <section className={classes.card}>
      <h2>{t('settings.watching.title')}</h2>
      <Switch
        label={t('settings.watching.endOnLock')}
        description={
          about && `${t(about.tellsLock ? 'settings.watching.lockText' : 'settings.watching.lockUnknown')} ${byDesktop}`.trim()
        }
        checked={endOnLock}
        onChange={(event) => change({ endOnLock: event.currentTarget.checked })}
      />
      {about && (
        <p className={classes.hint}>
          {t(about.protectsContent ? 'settings.watching.protected' : 'settings.watching.unprotected')}
        </p>
      )}
    </section>
  );
}
