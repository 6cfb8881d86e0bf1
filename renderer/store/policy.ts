import { createLive } from './live.ts';

/** The rules that are set at the gateway. */
export const usePolicy = createLive('policy.get', 'policy', (policy) => policy);
