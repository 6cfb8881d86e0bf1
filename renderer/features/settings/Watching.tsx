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
  const isLinux = about?.platform === 'linux';
  return (
    <section className={classes.card}>
      <h2>{t('settings.watching.title')}</h2>
      <Switch
        label={t('settings.watching.endOnLock')}
        checked={endOnLock}
        onChange={(event) => change({ endOnLock: event.currentTarget.checked })}
      />
      {about && (
        <p className={classes.hint}>
          {t(about.tellsLock ? 'settings.watching.lockText' : 'settings.watching.lockUnknown')}{' '}
          {about.tellsLock && isLinux && t('settings.watching.lockByDesktop')}
        </p>
      )}
      {about && (
        <p className={classes.hint}>
          {t(about.protectsContent ? 'settings.watching.protected' : 'settings.watching.unprotected')}
        </p>
      )}
    </section>
  );
}
