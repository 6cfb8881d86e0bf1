import { create } from 'zustand';
import type { Draft } from '../../contract/request.ts';
import type { Kind, SessionBrief } from '../../contract/session.ts';

export type Asking = { session: SessionBrief; kind: Kind; prefill: Partial<Draft> };

/** What the Justification dialog is open for; null while it is closed. */
export const useAsking = create<{ asking: Asking | null }>(() => ({ asking: null }));

export function askFor(session: SessionBrief, kind: Kind, prefill: Partial<Draft> = {}): void {
  useAsking.setState({ asking: { session, kind, prefill } });
}

export function stopAsking(): void {
  useAsking.setState({ asking: null });
}
