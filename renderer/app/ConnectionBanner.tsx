import { Button } from '@mantine/core';
import i18next from 'i18next';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../../contract/events.ts';
import type { Failure } from '../../contract/failure.ts';
import { toMs } from '../../contract/time.ts';
import { call } from '../store/bridge.ts';
import { useConnection } from '../store/connection.ts';
import { useGatewayNow, useTimes } from '../store/time.ts';
import { useFailureTexts } from '../ui/Failure.tsx';
import classes from './Frame.module.css';

const retry = () => void call('connection.retry').then(useConnection.set, () => undefined);

/** Says that the gateway is out of reach and why, what that means, and when the next try is. */
export function ConnectionBanner({ gatewayName }: { gatewayName: string }) {
  const live = useConnection();
  // With a network again nobody waits for the next try.
  useEffect(() => {
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, []);
  if (live.state !== 'ready' || live.value.state !== 'offline') return null;
  return <Offline {...live.value} gatewayName={gatewayName} />;
}

function Offline({ since, retryAt, why, gatewayName }: Extract<Connection, { state: 'offline' }> & { gatewayName: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const textOf = useFailureTexts();
  const left = toMs(retryAt) - useGatewayNow('second');
  const known = i18next.exists(`failure.${why.code}.what`);
  // People know their gateway by its name.
  const named = { code: why.code, data: { ...(why.data as object), host: gatewayName } } as Failure;
  return (
    <div className={classes.banner}>
      <span role="status">
        {known ? textOf(named).what : t('common.connection.away')} {t('common.connection.banner', { since: times.said(since) })}
      </span>
      <span className={classes.next}>
        {left > 0 ? t('common.connection.retryIn', { time: times.roughly(left) }) : t('common.connection.retrying')}
      </span>
      <Button size="xs" variant="default" onClick={retry}>
        {t('common.connection.retry')}
      </Button>
    </div>
  );
}
