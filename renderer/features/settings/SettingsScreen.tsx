import { SegmentedControl } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../contract/calls.ts';
import type { SettingsChange } from '../../../contract/settings.ts';
import { toInstant } from '../../../contract/time.ts';
import { call } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { changeSettings, useSettings } from '../../store/settings.ts';
import { useGatewayNow, useOffsetMs, useTimes } from '../../store/time.ts';
import { useFailureTexts } from '../../ui/Failure.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Background } from './Background.tsx';
import { Notices } from './Notices.tsx';
import { Retention } from './Retention.tsx';
import classes from './SettingsScreen.module.css';
import { Watching } from './Watching.tsx';

/** What a person sets on this computer. Everything takes effect at once. */
export function SettingsScreen() {
  const { t } = useTranslation();
  const { language, theme, timeDisplay } = useSettings();
  const [about, setAbout] = useState<CallOutput<'app.about'> | null>(null);
  const textOf = useFailureTexts();
  useEffect(() => {
    call('app.about').then(setAbout, () => undefined);
  }, []);
  const change = (next: SettingsChange) => {
    changeSettings(next).catch((error) => notify(textOf(failureOf(error)).what, 'problem'));
  };
  return (
    <Screen title={t('settings.title')}>
      <div className={classes.screen}>
        <section className={classes.card}>
          <h2>{t('settings.display')}</h2>
          <Choice
            label={t('settings.language')}
            value={language}
            options={(['system', 'en', 'pt-BR'] as const).map((value) => ({ value, label: t(`settings.languages.${value}`) }))}
            onChange={(next) => change({ language: next })}
          />
          <Choice
            label={t('settings.theme')}
            value={theme}
            options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
            onChange={(next) => change({ theme: next })}
          />
          <div>
            <Choice
              label={t('settings.time')}
              value={timeDisplay}
              options={(['local', 'utc', 'gateway'] as const).map((value) => ({ value, label: t(`settings.times.${value}`) }))}
              onChange={(next) => change({ timeDisplay: next })}
            />
            <p className={classes.hint}>
              {t('settings.timeText')} <Now />
            </p>
          </div>
        </section>
        <Notices change={change} />
        <Background change={change} />
        <Watching about={about} change={change} />
        <Retention change={change} />
        <section className={classes.card}>
          <h2>{t('settings.about')}</h2>
          {about && (
            <div>
              <p>{t('settings.version', { version: about.version })}</p>
              <p>{t('settings.runtime', { electron: about.electron })}</p>
              <ClockDifference />
            </div>
          )}
        </section>
      </div>
    </Screen>
  );
}

function Now() {
  const { t } = useTranslation();
  const times = useTimes();
  return <span>{t('settings.now', { time: times.moment(toInstant(useGatewayNow('half-minute'))), zone: times.zone })}</span>;
}

/** How far this computer's clock is off, once the gateway's is known. Less than two seconds is no difference. */
function ClockDifference() {
  const { t } = useTranslation();
  const times = useTimes();
  const live = useConnection();
  const offsetMs = useOffsetMs();
  if (live.state !== 'ready' || (live.value.state !== 'online' && live.value.state !== 'offline')) return null;
  if (Math.abs(offsetMs) < 2_000) return <p>{t('settings.clock.same')}</p>;
  return <p>{t(offsetMs > 0 ? 'settings.clock.behind' : 'settings.clock.ahead', { time: times.length(Math.abs(offsetMs)) })}</p>;
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <div>
      <span className={classes.label} id={id}>
        {props.label}
      </span>
      <SegmentedControl
        aria-labelledby={id}
        value={props.value}
        data={props.options}
        onChange={(value) => props.onChange(value as T)}
      />
    </div>
  );
}
