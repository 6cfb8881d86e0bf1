import { createLive } from './live.ts';

/** What was written and has not reached the gateway. */
export const useUnsent = createLive('drafts.unsent', 'drafts', (payload) => payload);
