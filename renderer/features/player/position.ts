/** A place in a recording as people read it: "03:02", "1:03:02". */
export function positionText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A length as a screen reader should say it: "3 minutes, 2 seconds". */
export function spokenLength(ms: number, language: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
  const parts: [number, string][] = [
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
