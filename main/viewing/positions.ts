import type { ReceiptEntry } from '../../contract/viewing.ts';

/** Where the picture stands after `entries` (ms into the recording); null if they say nothing of it. */
export function positionAfter(entries: readonly ReceiptEntry[]): number | null {
  for (const entry of entries.toReversed()) {
    switch (entry.type) {
      case 'shown':
      case 'seek':
      case 'skip':
        return entry.toMs;
      case 'pause':
      case 'play':
      case 'hidden':
      case 'visible':
      case 'end':
        return entry.atMs;
      case 'snapshot':
      case 'preview':
        break;
      default:
        entry satisfies never;
    }
  }
  return null;
}

/** Where a person was in each recording, by its session, kept in the archive of their account. What cannot be kept is forgotten. */
export function createPositions(archive: {
  call: {
    (name: 'meta.get', input: { name: string }): Promise<{ value: string | null }>;
    (name: 'meta.put', input: { name: string; value: string }): Promise<unknown>;
  };
}) {
  const nameOf = (sessionId: string) => `position ${sessionId}`;
  return {
    async get(sessionId: string): Promise<number | null> {
      const { value } = await archive.call('meta.get', { name: nameOf(sessionId) }).catch(() => ({ value: null }));
      return value !== null && /^\d{1,12}$/.test(value) ? Number(value) : null;
    },
    put(sessionId: string, atMs: number): void {
      void archive.call('meta.put', { name: nameOf(sessionId), value: String(atMs) }).catch(() => undefined);
    },
  };
}
