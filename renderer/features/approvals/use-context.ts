import { useEffect, useState } from 'react';
import type { AccessRequest, RequesterContext } from '../../../contract/request.ts';
import { call } from '../../store/bridge.ts';

/** What an approver may know of the requester and of who else may decide; null while it is on its way, and out of reach. */
export function useContextOf({ id, version }: Pick<AccessRequest, 'id' | 'version'>): RequesterContext | null {
  const [known, setKnown] = useState<{ id: string; context: RequesterContext } | null>(null);
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
  }, [id, version]);
  return known?.id === id ? known.context : null;
}
