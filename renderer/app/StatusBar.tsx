import { useTranslation } from 'react-i18next';
import { toInstant, toMs } from '../../contract/time.ts';
import { useConnection } from '../store/connection.ts';
import { useLanguage } from '../store/language.ts';
import { useSynchronisation } from '../store/synchronisation.ts';
import { useGatewayNow, useTimes, zoneOf } from '../store/time.ts';
import { createTimes } from '../store/times.ts';
import classes from './Frame.module.css';

/** How the line to the gateway is, and what time it is there. */
export function StatusBar() {
  const { t } = useTranslation();
  const live = useConnection();
  const state = live.state === 'ready' && live.value.state !== 'signed-out' ? live.value.state : 'connecting';
  const zoneMinutes = live.state === 'ready' && 'gatewayZoneMinutes' in live.value ? live.value.gatewayZoneMinutes : 0;
  const synchronisedAt = live.state === 'ready' && 'synchronisedAt' in live.value ? live.value.synchronisedAt : null;
  const times = useTimes();
  const since = live.state === 'ready' && live.value.state === 'offline' ? times.said(live.value.since) : '';
  return (
    <footer className={classes.status}>
      <span>
        <span className={classes.dot} data-state={state} aria-hidden />
        {t(`common.connection.${state}`, { since })}
      </span>
      <GatewayTime zoneMinutes={zoneMinutes} />
      {synchronisedAt && <Synchronised at={synchronisedAt} />}
    </footer>
  );
}

function GatewayTime({ zoneMinutes }: { zoneMinutes: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const nowMs = useGatewayNow('second');
  const times = createTimes(language, zoneOf('gateway', zoneMinutes), nowMs);
  return <span>{t('common.connection.gatewayTime', { time: times.clockSeconds(toInstant(nowMs)), zone: times.zone })}</span>;
}

function Synchronised({ at }: { at: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const ago = useGatewayNow('half-minute') - toMs(at);
  // The first time takes long; after it changes take moments, and nothing flickers for them.
  const reading = useSynchronisation(({ state }) => state === 'reading');
  const said = ago < 30_000 ? t('common.connection.now') : t('common.connection.synchronised', { time: times.roughly(ago) });
  return <span className={classes.right}>{reading ? t('common.connection.reading') : said}</span>;
}
