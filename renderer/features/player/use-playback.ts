import { useStore } from 'zustand';
import type { SessionEvent } from '../../../contract/session.ts';
import type { Engine, Playback } from './engine.ts';

/** A part of playback, drawn anew when it changes. */
export function usePlayback<T>(engine: Engine, part: (playback: Playback) => T): T {
  return useStore(engine.playback, part);
}

/** A live stream has no places to go to. */
export const nothing: readonly SessionEvent[] = [];
