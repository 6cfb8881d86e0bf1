import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { toMs } from '../../contract/time.ts';
import { call, on } from '../store/bridge.ts';
import { useConnection } from '../store/connection.ts';
import { notify } from '../store/notify.ts';
import { useGatewayNow, useTimes } from '../store/time.ts';
import classes from './Frame.module.css';

/** Says that the gateway is out of reach, what that means, and when the next try is. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const live = useConnection();
  useEffect(() => {
    void useConnection.load();
    return on('storage-notice', ({ notice }) => {
      if (notice !== 'settings-reset') notify(t(`common.storage.${notice}`), 'problem');
    });
  }, [t]);
  if (live.state !== 'ready' || live.value.state !== 'offline') return null;
  return <Offline since={live.value.since} retryAt={live.value.retryAt} />;
}

function Offline({ since, retryAt }: { since: string; retryAt: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const left = toMs(retryAt) - useGatewayNow('second');
  return (
    <div className={classes.banner} role="status">
      <span>{t('common.connection.banner', { since: times.clock(since) })}</span>
      <span aria-live="off">{left > 0 ? t('common.connection.retryIn', { time: times.roughly(left) }) : t('common.connection.retrying')}</span>
      <Button size="xs" variant="default" onClick={() => void call('connection.retry')}>
        {t('common.connection.retry')}
      </Button>
    </div>
  );
}
