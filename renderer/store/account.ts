import { createLive } from './live.ts';

/** Who is signed in, or why nobody is. */
export const useAccount = createLive('account.get', 'account', (account) => account);
