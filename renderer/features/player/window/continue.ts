import type { Viewing } from '../../../../contract/viewing.ts';

/** Nearer than this to the start or the end, nobody wants to go on from there. */
const marginMs = 5_000;

/** Where playback begins (ms): where this person was last, unless that was as good as the start or the end. Null for the start. */
export function startOf({
  continueAtMs,
  recording,
  session,
}: Pick<Viewing, 'continueAtMs' | 'recording' | 'session'>): number | null {
  const durationMs = recording?.durationMs ?? session.durationMs;
  if (continueAtMs === null || durationMs === null) return null;
  return continueAtMs >= marginMs && continueAtMs <= durationMs - marginMs ? continueAtMs : null;
}
