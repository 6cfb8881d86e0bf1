import { z } from 'zod';
import { SessionFilter } from './session.ts';

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

/** What a person set on this computer. */
export const Settings = z.object({
  version: z.literal(1),
  language: z.enum(['system', 'en', 'pt-BR']),
  theme: z.enum(['system', 'light', 'dark']),
  timeDisplay: z.enum(['local', 'utc', 'gateway']),
  columns: z.array(SessionColumn).min(1),
  savedFilters: z.array(SavedFilter).max(50),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsChange = Settings.omit({ version: true }).partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

export const defaultSettings: Settings = {
  version: 1,
  language: 'system',
  theme: 'system',
  timeDisplay: 'local',
  columns: ['id', 'user', 'credential', 'device', 'protocol', 'originIp', 'startedAt', 'duration', 'state', 'access'],
  savedFilters: [],
};

/**
 * Settings of any version, as read from disk, in the newest shape. Answers null for what cannot be understood: the caller puts the
 * file aside and says so.
 */
export function migrate(stored: unknown): Settings | null {
  const parsed = Settings.safeParse(stored);
  return parsed.success ? parsed.data : null;
}
