import { useEffect } from 'react';
import type { Policy } from '../../contract/request.ts';
import { createLive } from './live.ts';

/** The rules that are set at the gateway. */
export const usePolicy = createLive('policy.get', 'policy', (policy) => policy);

const nothing: Policy['notKept'] = [];

/** What the gateway lets no client write to its disk. */
export function useNotKept(): Policy['notKept'] {
  const policy = usePolicy();
  useEffect(() => {
    if (usePolicy.getState().state === 'waiting') void usePolicy.load();
  }, []);
  return policy.state === 'ready' ? policy.value.notKept : nothing;
}
