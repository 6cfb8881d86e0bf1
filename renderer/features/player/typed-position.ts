/**
 * The place in a recording (ms) that somebody typed: "1:02:03", "2:05.5", "90" (seconds), "1h 2m 3s", "50%", or from where one is,
 * "+30" and "-1:00". Null for anything else. It is not clamped to the recording.
 */
export function positionOf(typed: string, nowMs: number, durationMs: number): number | null {
  const text = typed.trim().toLowerCase();
  const [, percent] = /^(\d{1,3}(?:[.,]\d+)?)\s*%$/.exec(text) ?? [];
  if (percent !== undefined) {
    const part = numberOf(percent);
    return part <= 100 ? Math.round((part / 100) * durationMs) : null;
  }
  const [, sign, rest = ''] = /^([+\-−])\s*(.+)$/.exec(text) ?? [];
  if (sign === undefined) return lengthOf(text);
  const length = lengthOf(rest);
  return length === null ? null : sign === '+' ? nowMs + length : Math.max(0, nowMs - length);
}

function lengthOf(text: string): number | null {
  const [, hours, minutes, seconds] = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d{1,3})?)$/.exec(text) ?? [];
  if (minutes !== undefined && seconds !== undefined) {
    if (numberOf(seconds) >= 60 || (hours !== undefined && Number(minutes) >= 60)) return null;
    return inMs(Number(hours ?? 0), Number(minutes), numberOf(seconds));
  }
  const [, h, m, s] = /^(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?\s*(?:(\d{1,6}(?:[.,]\d{1,3})?)\s*s?)?$/.exec(text) ?? [];
  if (h === undefined && m === undefined && s === undefined) return null;
  return inMs(Number(h ?? 0), Number(m ?? 0), numberOf(s ?? '0'));
}

const numberOf = (text: string) => Number(text.replace(',', '.'));
const inMs = (hours: number, minutes: number, seconds: number) => Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
