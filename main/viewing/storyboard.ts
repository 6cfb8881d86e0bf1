import type { RecordingFacts } from '../../contract/viewing.ts';

/** The part of a recording that a sheet of its storyboard shows; null for a sheet that is not of it. */
export function sheetRange({ storyboard, durationMs }: RecordingFacts, sheet: string): RecordingFacts['idle'][number] | null {
  const index = storyboard?.sheets.indexOf(sheet) ?? -1;
  if (!storyboard || index < 0) return null;
  const lastsMs = storyboard.everyMs * storyboard.columns * storyboard.rows;
  const fromMs = Math.min(index * lastsMs, durationMs);
  return { fromMs, toMs: Math.min(fromMs + lastsMs, durationMs) };
}
