/** A place in a recording as people read it: "03:02", "1:03:02". */
export function positionText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

type Unit = 'hour' | 'minute' | 'second';
const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs far more than using it, and lengths are said several times a second. */
function unitFormat(language: string, unit: Unit): Intl.NumberFormat {
  const name = `${language} ${unit}`;
  const known = formats.get(name) ?? new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
  formats.set(name, known);
  return known;
}

/** A length as a screen reader should say it: "3 minutes, 2 seconds". */
export function spokenLength(ms: number, language: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const unit = (value: number, name: Unit) => unitFormat(language, name).format(value);
  const parts: [number, Unit][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ];
  const said = parts.filter(([value]) => value > 0);
  return said.length === 0 ? unit(0, 'second') : said.map(([value, name]) => unit(value, name)).join(', ');
}

/** What is left until a moment, rounded up so that 0 means over: "1:57:49", "04:59". */
export function countdownText(ms: number): string {
  return positionText(Math.ceil(Math.max(0, ms) / 1000) * 1000);
}

/** As many places as the bar can show: more than it has pixels in a small window. */
export const barPlaces = 1_000;
/** What is said of the position is said in seconds. */
const saidMs = 1_000;

/** The position as far as the bar can show it (ms): it is drawn anew when that changes, and not each time the picture does. */
export function drawnMs(positionMs: number, durationMs: number): number {
  const stepMs = Math.min(saidMs, Math.max(1, durationMs / barPlaces));
  return Math.floor(positionMs / stepMs) * stepMs;
}
