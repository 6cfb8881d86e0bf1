import { atWall, isWall, type Wall, wallOf, type Zone } from './zone.ts';

/** What is understood in every language, so that a habit or a pasted text never fails. */
const words: Record<'today' | 'tomorrow' | 'yesterday' | 'now', readonly string[]> = {
  today: ['today', 'hoje'],
  tomorrow: ['tomorrow', 'amanha'],
  yesterday: ['yesterday', 'ontem'],
  now: ['now', 'agora'],
};

const clock = /^(\d{1,2})(?::(\d{2})|h(\d{2})?)(?::\d{2})?$/;
const isoDay = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const slashDay = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/i;
const later = /^\+\s*(\d{1,3})\s*(h|min|m)$/;

/**
 * The moment (epoch ms) that a person typed, or null. Understands `14:05`, `today 14:05`, `tomorrow, 9:00`, `2026-11-24 14:05`,
 * `24/11/2026 14:05`, `now`, `+2h` (after `base`) and an ISO instant. A time without a day is today's.
 *
 * @param nowMs gateway time
 * @param base what `+2h` counts from: now, or the start of the window
 */
export function parseTyped(text: string, nowMs: number, zone: Zone, base: number = nowMs): number | null {
  const trimmed = text.trim();
  if (instant.test(trimmed)) {
    const parsed = Date.parse(trimmed);
    return Number.isNaN(parsed) ? null : parsed;
  }
  const plain = trimmed.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  if (words.now.includes(plain)) return nowMs;
  const [, amount, unit] = later.exec(plain) ?? [];
  if (amount !== undefined) return base + Number(amount) * (unit === 'h' ? 3_600_000 : 60_000);

  const parts = plain
    .replace(/t(?=\d{1,2}:)/, ' ')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
  const time = clockOf(parts.at(-1) ?? '');
  const day = parts.length === 1 ? dayOf('today', nowMs, zone) : parts.length === 2 ? dayOf(parts[0] ?? '', nowMs, zone) : null;
  if (!time || !day) return null;
  const wall = { ...day, ...time };
  return isWall(wall) ? atWall(wall, zone) : null;
}

/** A moment as the field shows it: `Today, 14:05` near now, else a date that can be typed just so. */
export function writeTyped(
  epochMs: number,
  nowMs: number,
  zone: Zone,
  days: { today: string; tomorrow: string; yesterday: string },
  dayFirst: boolean,
): string {
  const wall = wallOf(epochMs, zone);
  const time = `${two(wall.hour)}:${two(wall.minute)}`;
  const distance = dayNumber(wall) - dayNumber(wallOf(nowMs, zone));
  if (distance === 0) return `${days.today}, ${time}`;
  if (distance === 1) return `${days.tomorrow}, ${time}`;
  if (distance === -1) return `${days.yesterday}, ${time}`;
  return dayFirst
    ? `${two(wall.day)}/${two(wall.month)}/${wall.year} ${time}`
    : `${wall.year}-${two(wall.month)}-${two(wall.day)} ${time}`;
}

function clockOf(text: string): { hour: number; minute: number } | null {
  const match = clock.exec(text);
  return match ? { hour: Number(match[1]), minute: Number(match[2] ?? match[3] ?? 0) } : null;
}

function dayOf(text: string, nowMs: number, zone: Zone): Omit<Wall, 'hour' | 'minute'> | null {
  const { year, month, day } = wallOf(nowMs, zone);
  if (words.today.includes(text)) return { year, month, day };
  const shift = words.tomorrow.includes(text) ? 1 : words.yesterday.includes(text) ? -1 : null;
  if (shift !== null) {
    const there = new Date(Date.UTC(year, month - 1, day + shift));
    return { year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate() };
  }
  const iso = isoDay.exec(text);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) };
  const slash = slashDay.exec(text);
  if (slash) return { year: slash[3] === undefined ? year : Number(slash[3]), month: Number(slash[2]), day: Number(slash[1]) };
  return null;
}

function dayNumber({ year, month, day }: Wall): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
