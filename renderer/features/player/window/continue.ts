import type { Viewing } from '../../../../contract/viewing.ts';

/** Nearer than this to the start or the end, nobody wants to go on from there. */
const marginMs = 5_000;

/**
 * Where playback begins (ms): where this person has chosen to, else where they were last, unless that was as good as the start or the end.
 * Null for the start.
 */
export function startOf({
  beginAtMs,
  continueAtMs,
  recording,
  session,
}: Pick<Viewing, 'beginAtMs' | 'continueAtMs' | 'recording' | 'session'>): number | null {
  if (beginAtMs !== null) return beginAtMs;
  const durationMs = recording?.durationMs ?? session.durationMs;
  if (continueAtMs === null || durationMs === null) return null;
  return continueAtMs >= marginMs && continueAtMs <= durationMs - marginMs ? continueAtMs : null;
}
