import { useMemo } from 'react';
import { useConnection } from './connection.ts';
import { useSettings } from './settings.ts';
import { fixedZone, localZone, type Zone } from './zone.ts';

/** The zone in which the person reads and types times. The gateway's is UTC until it is known. */
export function useZone(): Zone {
  const { timeDisplay } = useSettings();
  const live = useConnection();
  const gatewayMinutes = live.state === 'ready' && 'gatewayZoneMinutes' in live.value ? live.value.gatewayZoneMinutes : 0;
  return useMemo(() => {
    switch (timeDisplay) {
      case 'local':
        return localZone;
      case 'utc':
        return fixedZone(0);
      case 'gateway':
        return fixedZone(gatewayMinutes);
      default:
        return timeDisplay satisfies never;
    }
  }, [timeDisplay, gatewayMinutes]);
}
