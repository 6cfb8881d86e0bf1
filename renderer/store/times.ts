import { type Instant, toMs } from '../../contract/time.ts';

/** Ways to say a time. */
export type Times = {
  /** "Today 13:58", "Yesterday 22:10", "22 Nov 19:40", "22 Nov 2025 19:40". */
  moment(at: Instant): string;
  /** The same inside a sentence: "today 13:58", "yesterday 22:10", "22 Nov 19:40". */
  inSentence(at: Instant): string;
  /** The same without the day that it is: "13:58" today, "yesterday 22:10", "22 Nov 19:40". */
  said(at: Instant): string;
  /** "13:58" */
  clock(at: Instant): string;
  /** "13:58:07" */
  clockSeconds(at: Instant): string;
  /** "13:58" in UTC. */
  utcClock(at: Instant): string;
  /** "Today 14:05 – 16:05", or two moments when the days differ. */
  span(from: Instant, until: Instant): string;
  /** "00:04:12" */
  duration(ms: number): string;
  /** "8 min 51 s" */
  length(ms: number): string;
  /** "41 min", "2 h 5 min", "3 d": how long until or since, one or two parts. */
  roughly(ms: number): string;
  /** The zone that times are shown in, for people: "UTC−3". */
  zone: string;
};

const minute = 60_000;
const day = 24 * 60 * minute;

/** Ways to say times in a language and a zone (undefined: this computer's). "Today" is the day of `nowMs`. Pure. */
export function createTimes(language: string, timeZone: string | undefined, nowMs: number): Times {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone, hourCycle: 'h23', ...options });
  const clock = format({ hour: '2-digit', minute: '2-digit' });
  const clockSeconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const utcClock = new Intl.DateTimeFormat(language, { timeZone: 'UTC', hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
  const dayKey = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const shortDay = format({ day: 'numeric', month: 'short' });
  const longDay = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const capital = (text: string) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  // To make one takes a hundred times as long as to use it.
  const units = new Map<string, Intl.NumberFormat>();
  const unit = (value: number, name: string): string => {
    const known = units.get(name) ?? new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' });
    units.set(name, known);
    return known.format(value);
  };

  const dayOf = (ms: number) => dayKey.format(ms);
  const today = dayOf(nowMs);
  const daysFromNow = (ms: number): number => Math.round((Date.parse(dayOf(ms)) - Date.parse(today)) / day);
  const dayName = (ms: number): string => {
    const difference = daysFromNow(ms);
    if (difference >= -1 && difference <= 1) return relative.format(difference, 'day');
    return (dayOf(ms).slice(0, 4) === today.slice(0, 4) ? shortDay : longDay).format(ms).replace(/\.$/, '');
  };
  const inSentence = (at: Instant) => `${dayName(toMs(at))} ${clock.format(toMs(at))}`;
  const moment = (at: Instant) => capital(inSentence(at));
  const two = (value: number) => String(value).padStart(2, '0');

  return {
    moment,
    inSentence,
    said: (at) => (daysFromNow(toMs(at)) === 0 ? clock.format(toMs(at)) : inSentence(at)),
    clock: (at) => clock.format(toMs(at)),
    clockSeconds: (at) => clockSeconds.format(toMs(at)),
    utcClock: (at) => utcClock.format(toMs(at)),
    span: (from, until) =>
      `${moment(from)} – ${dayOf(toMs(from)) === dayOf(toMs(until)) ? clock.format(toMs(until)) : moment(until)}`,
    duration(ms) {
      const seconds = Math.max(0, Math.floor(ms / 1000));
      return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
    },
    length(ms) {
      const seconds = Math.round(ms / 1000);
      const parts: [number, string][] = [
        [Math.floor(seconds / 3600), 'hour'],
        [Math.floor(seconds / 60) % 60, 'minute'],
        [seconds % 60, 'second'],
      ];
      const shown = parts.filter(([value]) => value > 0).slice(0, 2);
      return shown.length === 0 ? unit(0, 'second') : shown.map(([value, name]) => unit(value, name)).join(' ');
    },
    roughly(ms) {
      // Clocks here are up to a second behind: an hour that was given a moment ago is no hour and a minute.
      const minutes = Math.max(1, Math.ceil((Math.abs(ms) - 1_000) / minute));
      if (Math.abs(ms) < minute) return unit(Math.ceil(Math.abs(ms) / 1000), 'second');
      if (minutes < 60) return unit(minutes, 'minute');
      if (minutes < 24 * 60)
        return [unit(Math.floor(minutes / 60), 'hour'), ...(minutes % 60 ? [unit(minutes % 60, 'minute')] : [])].join(' ');
      return unit(Math.floor(minutes / 60 / 24), 'day');
    },
    zone: zoneName(timeZone, nowMs),
  };
}

function zoneName(timeZone: string | undefined, nowMs: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(nowMs);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
  return name.replace('GMT', 'UTC').replace('+0', '').replace('-', '−');
}
