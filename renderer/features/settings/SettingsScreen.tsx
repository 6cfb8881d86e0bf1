import { SegmentedControl } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../contract/calls.ts';
import { call } from '../../store/bridge.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import { Screen } from '../../ui/Screen.tsx';
import classes from './SettingsScreen.module.css';

/** What a person sets on this computer. Everything takes effect at once. */
export function SettingsScreen() {
  const { t } = useTranslation();
  const { language, theme, timeDisplay } = useSettings();
  const [about, setAbout] = useState<CallOutput<'app.about'> | null>(null);
  useEffect(() => {
    void call('app.about').then(setAbout);
  }, []);
  return (
    <Screen title={t('settings.title')}>
      <div className={classes.screen}>
        <section className={classes.card}>
          <h2>{t('settings.display')}</h2>
          <Choice
            label={t('settings.language')}
            value={language}
            options={(['system', 'en', 'pt-BR'] as const).map((value) => ({ value, label: t(`settings.languages.${value}`) }))}
            onChange={(next) => void changeSettings({ language: next })}
          />
          <Choice
            label={t('settings.theme')}
            value={theme}
            options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
            onChange={(next) => void changeSettings({ theme: next })}
          />
          <div>
            <Choice
              label={t('settings.time')}
              value={timeDisplay}
              options={(['local', 'utc', 'gateway'] as const).map((value) => ({ value, label: t(`settings.times.${value}`) }))}
              onChange={(next) => void changeSettings({ timeDisplay: next })}
            />
            <p>{t('settings.timeText')}</p>
          </div>
        </section>
        <section className={classes.card}>
          <h2>{t('settings.about')}</h2>
          {about && (
            <div>
              <p>{t('settings.version', { version: about.version })}</p>
              <p>{t('settings.runtime', { electron: about.electron })}</p>
              {about.gatewayOffset !== null && <p>{t('settings.clock', { offset: about.gatewayOffset })}</p>}
            </div>
          )}
        </section>
      </div>
    </Screen>
  );
}

function Choice<T extends string>(props: { label: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void }) {
  const id = useId();
  return (
    <div>
      <span className={classes.label} id={id}>
        {props.label}
      </span>
      <SegmentedControl aria-labelledby={id} value={props.value} data={props.options} onChange={(value) => props.onChange(value as T)} />
    </div>
  );
}
