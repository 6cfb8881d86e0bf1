import { z } from 'zod';
import { HistoryFilter } from './history.ts';
import { SessionFilter } from './session.ts';
import { Instant } from './time.ts';

export const sessionColumns = [
  'id',
  'user',
  'credential',
  'device',
  'protocol',
  'originIp',
  'proxy',
  'startedAt',
  'duration',
  'state',
  'access',
  'reason',
  'justification',
] as const;
export const SessionColumn = z.enum(sessionColumns);
export type SessionColumn = z.infer<typeof SessionColumn>;

export const SavedFilter = z.object({ name: z.string().trim().min(1).max(60), filter: SessionFilter });
export type SavedFilter = z.infer<typeof SavedFilter>;

/** A search of History that a person gave a name. */
export const SavedSearch = z.object({ name: SavedFilter.shape.name, filter: HistoryFilter });
export type SavedSearch = z.infer<typeof SavedSearch>;

/** What a person can be told of outside the window, each to be switched on or off (notices.ts says when). */
export const noticeKinds = ['waiting', 'deadline', 'level', 'decided', 'opens', 'ends', 'revoked', 'expired'] as const;
export const NoticeKind = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof NoticeKind>;

/** What a person set on this computer. */
export const Settings = z.object({
  version: z.literal(3),
  language: z.enum(['system', 'en', 'pt-BR']),
  theme: z.enum(['system', 'light', 'dark']),
  timeDisplay: z.enum(['local', 'utc', 'gateway']),
  columns: z.array(SessionColumn).min(1),
  savedFilters: z.array(SavedFilter).max(50),
  /** What happens when the main window is closed: the app ends, or goes on in the tray. `ask` until the person has chosen. */
  background: z.enum(['ask', 'off', 'on']),
  startAtLogin: z.boolean(),
  /** The notices that the person wants. */
  notices: z.array(NoticeKind).max(noticeKinds.length),
  /** How much a notice says: who and which session, or only how many. */
  noticeText: z.enum(['full', 'count']),
  /** No notice before this (gateway time); null when they are not paused. */
  noticesPausedUntil: Instant.nullable(),
  /** Whether viewings end when the screen is locked. */
  endOnLock: z.boolean(),
  savedSearches: z.array(SavedSearch).max(50),
  /** Whether History shows its figures and its chart above the table. */
  figuresShown: z.boolean(),
  /** For how many days after its last change a request is kept on this computer; the gateway's policy may shorten it. */
  retentionDays: z.number().int().min(1).max(3650),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsChange = Settings.omit({ version: true }).partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

export const defaultSettings: Settings = {
  version: 3,
  language: 'system',
  theme: 'system',
  timeDisplay: 'local',
  columns: ['id', 'user', 'credential', 'device', 'protocol', 'originIp', 'startedAt', 'duration', 'state', 'access'],
  savedFilters: [],
  background: 'ask',
  startAtLogin: false,
  notices: [...noticeKinds],
  noticeText: 'full',
  noticesPausedUntil: null,
  endOnLock: true,
  savedSearches: [],
  figuresShown: true,
  retentionDays: 90,
};

/** "Until tomorrow" ends when people begin to work; before this hour the night still belongs to the day before. */
const morningHour = 8;
const nightEndsHour = 4;

/**
 * Until when notices are paused "for an hour" or "until tomorrow" (epoch ms, gateway time, as `nowMs` is). Tomorrow is 08:00 of the next
 * day in this computer's zone, whatever its clocks do in between; to whoever is still up in the small hours it is this morning.
 */
export function pauseEndMs(until: 'hour' | 'tomorrow', nowMs: number): number {
  if (until === 'hour') return nowMs + 3_600_000;
  const morning = new Date(nowMs);
  if (morning.getHours() >= nightEndsHour) morning.setDate(morning.getDate() + 1);
  morning.setHours(morningHour, 0, 0, 0);
  return morning.getTime();
}

/**
 * Settings of any version, as read from disk, in the newest shape; what an older version did not know is as usual. Answers null for what cannot be understood: the caller puts the
 * file aside and says so.
 */
export function migrate(stored: unknown): Settings | null {
  const parsed = Settings.safeParse(upgraded(stored));
  return parsed.success ? parsed.data : null;
}

/** Version 1 knew nothing of the tray, of notices and of the lock of the screen; version 2 nothing of History. */
function upgraded(stored: unknown): unknown {
  const { background, startAtLogin, notices, noticeText, noticesPausedUntil, endOnLock, ...newest } = defaultSettings;
  const { savedSearches, figuresShown, retentionDays, version } = newest;
  const second = { background, startAtLogin, notices, noticeText, noticesPausedUntil, endOnLock };
  const third = { savedSearches, figuresShown, retentionDays };
  const old = z.looseObject({ version: z.literal([1, 2]) }).safeParse(stored);
  if (!old.success) return stored;
  return { ...third, ...(old.data.version === 1 && second), ...old.data, version };
}
