import { createLive } from './live.ts';

/** How things stand with the gateway. */
export const useConnection = createLive('connection.get', 'connection', (connection) => connection);
