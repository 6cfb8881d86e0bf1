export type Command =
  | { do: 'toggle' }
  | { do: 'by'; ms: number }
  | { do: 'to'; place: 'start' | 'end' }
  | { do: 'tenth'; number: number }
  | { do: 'speed'; step: 1 | -1 }
  | { do: 'frame'; step: 1 | -1 }
  | { do: 'event'; step: 1 | -1 }
  | { do: 'hit'; step: 1 | -1 }
  | { do: 'skip-idle' }
  | { do: 'find' }
  | { do: 'comment' }
  | { do: 'time' }
  | { do: 'help' };

const commands: Record<string, Command> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  ArrowLeft: { do: 'by', ms: -5_000 },
  ArrowRight: { do: 'by', ms: 5_000 },
  j: { do: 'by', ms: -10_000 },
  l: { do: 'by', ms: 10_000 },
  Home: { do: 'to', place: 'start' },
  End: { do: 'to', place: 'end' },
  '<': { do: 'speed', step: -1 },
  '>': { do: 'speed', step: 1 },
  ',': { do: 'frame', step: -1 },
  '.': { do: 'frame', step: 1 },
  n: { do: 'event', step: 1 },
  p: { do: 'event', step: -1 },
  F3: { do: 'hit', step: 1 },
  i: { do: 'skip-idle' },
  '/': { do: 'find' },
  c: { do: 'comment' },
  g: { do: 'time' },
  '?': { do: 'help' },
};
const withShift: Record<string, Command> = {
  ArrowLeft: { do: 'by', ms: -60_000 },
  ArrowRight: { do: 'by', ms: 60_000 },
  F3: { do: 'hit', step: -1 },
};

type Held = { control: boolean; alt: boolean; meta: boolean; shift?: boolean };

/** What a key does in the player; null when it is none of the player's, or means something to the control that has the focus. */
export function commandOf(key: string, held: Held, focus: 'button' | 'choice' | 'text' | 'other'): Command | null {
  if (held.control || held.alt || held.meta) return null;
  if (focus === 'text') return key === 'F3' ? ((held.shift ? withShift[key] : commands[key]) ?? null) : null;
  if (focus === 'button' && key === ' ') return null;
  if (
    focus === 'choice' &&
    (key === ' ' || key.startsWith('Arrow') || key === 'Home' || key === 'End' || /^[a-z0-9]$/i.test(key))
  )
    return null;
  if (/^[0-9]$/.test(key)) return { do: 'tenth', number: Number(key) };
  return (held.shift ? withShift[key] : undefined) ?? commands[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

/** What the help says, in the order in which people look for it. */
export const helpKeys = [
  { keys: ['Space', 'K'], does: 'toggle' },
  { keys: ['←', '→'], does: 'five' },
  { keys: ['J', 'L'], does: 'ten' },
  { keys: ['⇧ ←', '⇧ →'], does: 'minute' },
  { keys: [',', '.'], does: 'frame' },
  { keys: ['<', '>'], does: 'speed' },
  { keys: ['N', 'P'], does: 'event' },
  { keys: ['0', '…', '9'], does: 'tenth' },
  { keys: ['Home', 'End'], does: 'ends' },
  { keys: ['G'], does: 'time' },
  { keys: ['I'], does: 'idle' },
  { keys: ['/'], does: 'find' },
  { keys: ['F3', '⇧ F3'], does: 'hit' },
  { keys: ['C'], does: 'comment' },
  { keys: ['S'], does: 'snapshot' },
  { keys: ['F'], does: 'fullScreen' },
  { keys: ['F6'], does: 'window' },
] as const;
