export type Command =
  | { do: 'toggle' }
  | { do: 'by'; ms: number }
  | { do: 'to'; place: 'start' | 'end' }
  | { do: 'speed'; step: 1 | -1 }
  | { do: 'event'; step: 1 | -1 };

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
  n: { do: 'event', step: 1 },
  p: { do: 'event', step: -1 },
};

/** What a key does in the player; null when it is none of the player's, or means something to the control that has the focus. */
export function commandOf(
  key: string,
  held: { control: boolean; alt: boolean; meta: boolean },
  focus: 'button' | 'choice' | 'other',
): Command | null {
  if (held.control || held.alt || held.meta) return null;
  if (focus === 'button' && key === ' ') return null;
  if (focus === 'choice' && (key === ' ' || key.startsWith('Arrow') || key === 'Home' || key === 'End' || /^[a-z]$/i.test(key)))
    return null;
  return commands[key.length === 1 ? key.toLowerCase() : key] ?? null;
}
