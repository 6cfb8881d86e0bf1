import { create } from 'zustand';
import type { Kind } from '../../contract/session.ts';

/** Where one is. A name and what it is about, never an address. */
export type Route =
  | { name: 'sessions' }
  | { name: 'session'; id: string }
  | { name: 'history' }
  | { name: 'my-requests'; requestId?: string }
  | { name: 'approvals'; requestId?: string }
  | { name: 'settings' }
  | { name: 'watch'; viewingId: string; sessionId: string; kind: Kind };

export const useRoute = create<{ route: Route }>(() => ({ route: { name: 'sessions' } }));

export function go(route: Route): void {
  useRoute.setState({ route });
}
