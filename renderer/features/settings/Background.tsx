import { Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../contract/calls.ts';
import type { SettingsChange } from '../../../contract/settings.ts';
import { call } from '../../store/bridge.ts';
import { useSettings } from '../../store/settings.ts';
import classes from './SettingsScreen.module.css';

/** Whether the app goes on when its window is closed, and whether it starts with the computer. */
export function Background({ change }: { change: (next: SettingsChange) => void }) {
  const { t } = useTranslation();
  const { background, startAtLogin } = useSettings();
  const [desktop, setDesktop] = useState<CallOutput<'app.desktop'> | null>(null);
  useEffect(() => {
    call('app.desktop').then(setDesktop, () => undefined);
  }, []);
  return (
    <section className={classes.card}>
      <h2>{t('settings.background.title')}</h2>
      <Switch
        label={t('settings.background.stay')}
        description={desktop?.tray === false ? t('settings.background.noTray') : t('settings.background.stayText')}
        checked={background === 'on'}
        onChange={(event) => change({ background: event.currentTarget.checked ? 'on' : 'off' })}
      />
      <Switch
        label={t('settings.background.login')}
        description={desktop?.startAtLogin === false ? t('settings.background.noLogin') : t('settings.background.loginText')}
        checked={startAtLogin}
        disabled={desktop?.startAtLogin !== true}
        onChange={(event) => change({ startAtLogin: event.currentTarget.checked })}
      />
    </section>
  );
}
