import type { SavedFilter } from '../../../contract/settings.ts';

/** The saved filters with one more, in the order of their names; one of the same name is replaced. */
export function savedWith(saved: readonly SavedFilter[], one: SavedFilter): SavedFilter[] {
  return [...saved.filter((other) => other.name !== one.name), one].sort((a, b) => a.name.localeCompare(b.name));
}
