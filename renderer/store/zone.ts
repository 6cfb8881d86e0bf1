/** A time zone as far as typing and showing times needs it. */
export type Zone = {
  /** Minutes that the wall clock of the zone is ahead of UTC at that moment (epoch ms). */
  minutesAt(epochMs: number): number;
};

/** What a clock on the wall shows. `month` is 1 to 12. */
export type Wall = { year: number; month: number; day: number; hour: number; minute: number };

const minuteMs = 60_000;

/** A zone that never changes its offset: UTC, or the gateway's. */
export function fixedZone(minutes: number): Zone {
  return { minutesAt: () => minutes };
}

/** The zone of this computer, with its summer time. */
export const localZone: Zone = { minutesAt: (epochMs) => -new Date(epochMs).getTimezoneOffset() };

/** What the clock on the wall shows at that moment. */
export function wallOf(epochMs: number, zone: Zone): Wall {
  const shifted = new Date(epochMs + zone.minutesAt(epochMs) * minuteMs);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  };
}

/** The moment (epoch ms) at which the clock on the wall shows that; days and months may overflow. */
export function atWall({ year, month, day, hour, minute }: Wall, zone: Zone): number {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const guess = asUtc - zone.minutesAt(asUtc) * minuteMs;
  return asUtc - zone.minutesAt(guess) * minuteMs;
}

/** Whether there is such a day and time: no 31 February, no 25:00. */
export function isWall(wall: Wall): boolean {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute));
  return (
    date.getUTCFullYear() === wall.year &&
    date.getUTCMonth() === wall.month - 1 &&
    date.getUTCDate() === wall.day &&
    date.getUTCHours() === wall.hour &&
    date.getUTCMinutes() === wall.minute
  );
}
