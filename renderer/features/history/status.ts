import type { CallOutput } from '../../../contract/calls.ts';
import { on } from '../../store/bridge.ts';
import { createLive } from '../../store/live.ts';

const unknown: CallOutput<'history.status'> = { synchronisation: { state: 'idle' }, synchronisedAt: null, requests: 0 };

/** How old what is kept is, and what is going on. */
export const useHistoryStatus = createLive('history.status', 'synchronisation', (synchronisation, before) => ({
  ...(before ?? unknown),
  synchronisation,
}));

// How old it is changes with what is kept.
on('history', () => void useHistoryStatus.load());
