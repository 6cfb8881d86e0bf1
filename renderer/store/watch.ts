import { create } from 'zustand';
import type { Kind } from '../../contract/session.ts';
import type { ViewingEnd } from '../../contract/viewing.ts';
import { call, on } from './bridge.ts';
import { go, useRoute } from './route.ts';

export type Watching = { viewingId: string; sessionId: string; kind: Kind; end: ViewingEnd | null };

/** The viewings of this window, in the order they were opened. */
export const useWatching = create<{ watching: Watching[] }>(() => ({ watching: [] }));

on('viewing-ended', ({ viewingId, end }) => {
  if (end.why === 'closed') {
    useWatching.setState(({ watching }) => ({ watching: watching.filter((one) => one.viewingId !== viewingId) }));
    const { route } = useRoute.getState();
    if (route.name === 'watch' && route.viewingId === viewingId) go({ name: 'sessions' });
    return;
  }
  useWatching.setState(({ watching }) => ({
    watching: watching.map((one) => (one.viewingId === viewingId ? { ...one, end } : one)),
  }));
});

/** Opens a recording or a live stream and goes there. Rejects with a FailureError. */
export async function watch(sessionId: string, kind: Kind): Promise<void> {
  const { viewingId } = await call('viewings.open', { sessionId, kind });
  useWatching.setState(({ watching }) =>
    watching.some((one) => one.viewingId === viewingId)
      ? { watching }
      : { watching: [...watching, { viewingId, sessionId, kind, end: null }] },
  );
  go({ name: 'watch', viewingId, sessionId, kind });
}

export async function closeViewing(viewingId: string): Promise<void> {
  useWatching.setState(({ watching }) => ({ watching: watching.filter((one) => one.viewingId !== viewingId) }));
  const { route } = useRoute.getState();
  if (route.name === 'watch' && route.viewingId === viewingId) go({ name: 'sessions' });
  await call('viewings.close', { viewingId });
}
