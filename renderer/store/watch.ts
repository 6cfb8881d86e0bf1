import type { Kind } from '../../contract/session.ts';
import type { OpenViewing } from '../../contract/viewing.ts';
import { call, on } from './bridge.ts';
import { createLive } from './live.ts';
import { go, useRoute } from './route.ts';

/** The viewings of this client, in the order they were opened. Main knows them: they outlive the window's page. */
export const useViewings = createLive('viewings.list', 'viewings', (payload) => payload);

const nothing: readonly OpenViewing[] = [];

export function useWatching(): readonly OpenViewing[] {
  const live = useViewings();
  return live.state === 'ready' ? live.value.viewings : nothing;
}

useViewings.subscribe((live) => {
  const { route } = useRoute.getState();
  if (live.state !== 'ready' || route.name !== 'watch') return;
  if (!live.value.viewings.some(({ viewingId }) => viewingId === route.viewingId)) go({ name: 'sessions' });
});

on('viewing-comes', (viewing) => go({ name: 'watch', ...viewing }));

/**
 * Opens a recording or a live stream and goes there, unless it has a window of its own; a recording at `atMs` if that is given. Rejects with
 * a FailureError.
 */
export async function watch(sessionId: string, kind: Kind, atMs?: number): Promise<void> {
  const { viewingId } = await call('viewings.open', { sessionId, kind, ...(atMs !== undefined && { atMs }) });
  const live = useViewings.getState();
  const isAway = live.state === 'ready' && live.value.viewings.some((one) => one.viewingId === viewingId && one.frame === 'own');
  if (!isAway) go({ name: 'watch', viewingId, sessionId, kind });
}

export async function closeViewing(viewingId: string): Promise<void> {
  await call('viewings.close', { viewingId });
}
