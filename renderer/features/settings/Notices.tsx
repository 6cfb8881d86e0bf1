import { Button, Checkbox, Group, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { noticeKinds, pauseEndMs, type SettingsChange } from '../../../contract/settings.ts';
import { toInstant, toMs } from '../../../contract/time.ts';
import { useSettings } from '../../store/settings.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import classes from './SettingsScreen.module.css';

/** Of what one is told outside the window, and how much of it is on the screen. */
export function Notices({ change }: { change: (next: SettingsChange) => void }) {
  const { t } = useTranslation();
  const { notices, noticeText } = useSettings();
  return (
    <section className={classes.card}>
      <h2>{t('settings.notices.title')}</h2>
      <Pause change={change} />
      <Checkbox.Group
        label={t('settings.notices.kinds')}
        value={notices}
        onChange={(chosen) => change({ notices: noticeKinds.filter((kind) => chosen.includes(kind)) })}
      >
        <Stack gap={8} mt={8}>
          {noticeKinds.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`settings.notices.kind.${kind}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Switch
        label={t('settings.notices.countOnly')}
        description={t('settings.notices.countOnlyText')}
        checked={noticeText === 'count'}
        onChange={(event) => change({ noticeText: event.currentTarget.checked ? 'count' : 'full' })}
      />
    </section>
  );
}

/** The same as in the tray, for a desktop that has none. */
function Pause({ change }: { change: (next: SettingsChange) => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { noticesPausedUntil } = useSettings();
  const nowMs = useGatewayNow('half-minute');
  const paused = noticesPausedUntil !== null && toMs(noticesPausedUntil) > nowMs;
  return (
    <Group justify="space-between" mb={4}>
      <span role="status">
        {paused ? t('settings.notices.paused', { time: times.said(noticesPausedUntil) }) : t('settings.notices.notPaused')}
      </span>
      <Group gap="xs">
        {paused ? (
          <Button variant="default" size="xs" onClick={() => change({ noticesPausedUntil: null })}>
            {t('settings.notices.resume')}
          </Button>
        ) : (
          (['hour', 'tomorrow'] as const).map((until) => (
            <Button
              key={until}
              variant="default"
              size="xs"
              onClick={() => change({ noticesPausedUntil: toInstant(pauseEndMs(until, nowMs)) })}
            >
              {t(`settings.notices.pause.${until}`)}
            </Button>
          ))
        )}
      </Group>
    </Group>
  );
}
