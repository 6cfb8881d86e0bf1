import { type Instant, toInstant, toMs } from '../../../contract/time.ts';

/** A moment in a zone that is so many minutes ahead of UTC: `2026-11-24 14:02:11`. */
export function timeText(at: Instant, zoneMinutes: number): string {
  return toInstant(toMs(at) + zoneMinutes * 60_000)
    .slice(0, 19)
    .replace('T', ' ');
}

/** `UTC−03:00`, `UTC+05:30`; `UTC` alone where there is no difference. */
export function zoneText(zoneMinutes: number): string {
  if (zoneMinutes === 0) return 'UTC';
  const minutes = Math.abs(zoneMinutes);
  return `UTC${zoneMinutes < 0 ? '−' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Hours, minutes and seconds: `1:04:09`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const two = (value: number) => String(value).padStart(2, '0');
