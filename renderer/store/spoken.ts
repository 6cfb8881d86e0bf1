import { localZone, wallOf, type Zone } from './zone.ts';

/** Moments in a sentence: the time alone for today, with the day for any other. */
export type Spoken = {
  at(epochMs: number): string;
  /** The same without the name of the day, where there is little room. */
  short(epochMs: number): string;
  /** The same moment where the other clock hangs: in UTC, or here for who reads UTC; null if they show the same. */
  elsewhere(epochMs: number): { at: string; zone: string } | null;
};

/** How moments are said in a language and a zone, seen from `nowMs`. */
export function spokenIn(language: string, zone: Zone, nowMs: number): Spoken {
  const time = (epochMs: number, minutes: number): string => {
    const { hour, minute } = wallOf(epochMs, { minutesAt: () => minutes });
    return `${two(hour)}:${two(minute)}`;
  };
  const say = (epochMs: number, otherDay: Intl.DateTimeFormatOptions): string => {
    const then = wallOf(epochMs, zone);
    const now = wallOf(nowMs, zone);
    const clock = time(epochMs, zone.minutesAt(epochMs));
    if (then.year === now.year && then.month === now.month && then.day === now.day) return clock;
    const day = new Intl.DateTimeFormat(language, { ...otherDay, timeZone: 'UTC' });
    return `${day.format(Date.UTC(then.year, then.month - 1, then.day))}, ${clock}`;
  };
  return {
    at: (epochMs) => say(epochMs, { weekday: 'short', day: 'numeric', month: 'short' }),
    short: (epochMs) =>
      say(epochMs, language === 'pt-BR' ? { day: '2-digit', month: '2-digit' } : { day: 'numeric', month: 'short' }),
    elsewhere(epochMs) {
      if (zone.minutesAt(epochMs) !== 0) return { at: time(epochMs, 0), zone: 'UTC' };
      const here = localZone.minutesAt(epochMs);
      return here === 0 ? null : { at: time(epochMs, here), zone: `UTC${offsetText(here)}` };
    },
  };
}

/** `+02:00`, `−03:00`: how far a zone is ahead of UTC. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
