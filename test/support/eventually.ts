import { vi } from 'vitest';

/** Waits until `look` fails no more, as long as a very busy computer may need: its limit stops what hangs and measures nothing. Fails as `look` does. */
export function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 30_000 });
}
