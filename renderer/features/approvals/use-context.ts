import { useEffect, useState } from 'react';
import type { AccessRequest, RequesterContext } from '../../../contract/request.ts';
import { call } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';

/**
 * What an approver may know of the requester, of the session in figures and of who else may decide; null while it is on its way, and out
 * of reach. It is asked for again when the line is back.
 */
export function useContextOf({ id, version }: Pick<AccessRequest, 'id' | 'version'>): RequesterContext | null {
  const [known, setKnown] = useState<{ id: string; context: RequesterContext } | null>(null);
  const live = useConnection();
  const online = live.state === 'ready' && live.value.state === 'online';
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every version others may decide
  useEffect(() => {
    let current = true;
    call('requests.context', { id }).then(
      (context) => current && setKnown({ id, context }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [id, version, online]);
  return known?.id === id ? known.context : null;
}
