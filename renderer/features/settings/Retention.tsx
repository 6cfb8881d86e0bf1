import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsChange } from '../../../contract/settings.ts';
import { usePolicy } from '../../store/policy.ts';
import { useSettings } from '../../store/settings.ts';
import classes from './SettingsScreen.module.css';

const choices = [7, 30, 90, 180, 365, 730, 1825, 3650];

/** For how long requests stay on this computer, and what the gateway makes of it. */
export function Retention({ change }: { change: (next: SettingsChange) => void }) {
  const { t } = useTranslation();
  const { retentionDays } = useSettings();
  const policy = usePolicy();
  useEffect(() => void usePolicy.load(), []);
  const most = policy.state === 'ready' ? policy.value.retentionDays : null;
  const days = [...new Set([...choices, retentionDays])].sort((a, b) => a - b);
  return (
    <section className={classes.card}>
      <h2>{t('settings.retention.title')}</h2>
      <NativeSelect
        label={t('settings.retention.keep')}
        description={t('settings.retention.text')}
        w={260}
        value={String(retentionDays)}
        data={days.map((count) => ({ value: String(count), label: t('settings.retention.days', { count }) }))}
        onChange={(event) => change({ retentionDays: Number(event.currentTarget.value) })}
      />
      {most !== null && most < retentionDays && (
        <p className={classes.hint} role="status">
          {t('settings.retention.shortened', { count: most })}
        </p>
      )}
    </section>
  );
}
