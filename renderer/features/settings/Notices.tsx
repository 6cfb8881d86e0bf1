import { Button, Checkbox, Group, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { noticeKinds, type SettingsChange } from '../../../contract/settings.ts';
import { toMs } from '../../../contract/time.ts';
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
      <Paused change={change} />
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

function Paused({ change }: { change: (next: SettingsChange) => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { noticesPausedUntil } = useSettings();
  const nowMs = useGatewayNow('half-minute');
  if (noticesPausedUntil === null || toMs(noticesPausedUntil) <= nowMs) return null;
  return (
    <Group justify="space-between" role="status">
      <span>{t('settings.notices.paused', { time: times.moment(noticesPausedUntil) })}</span>
      <Button variant="default" size="xs" onClick={() => change({ noticesPausedUntil: null })}>
        {t('settings.notices.resume')}
      </Button>
    </Group>
  );
}
