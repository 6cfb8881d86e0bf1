import type { ChainedEntry, Checkpoint } from '../../contract/receipt.ts';
import type { ReceiptLog } from '../../main/viewing/receipts.ts';

/** The log of one computer, as it is on its disk. */
export function memoryReceiptLog(): ReceiptLog & { rows: Map<string, ChainedEntry[]>; words: Map<string, Checkpoint> } {
  const rows = new Map<string, ChainedEntry[]>();
  const words = new Map<string, Checkpoint>();
  return {
    rows,
    words,
    async keep(viewingId, entries) {
      rows.set(viewingId, [...(rows.get(viewingId) ?? []), ...entries]);
    },
    async acknowledged(checkpoint) {
      const { viewingId, sequence } = checkpoint;
      rows.set(
        viewingId,
        (rows.get(viewingId) ?? []).filter((entry) => entry.sequence > sequence),
      );
      words.set(viewingId, checkpoint);
    },
    async waiting() {
      return [...rows]
        .filter(([, entries]) => entries.length > 0)
        .map(([viewingId, entries]) => ({ viewingId, entries, checkpoint: words.get(viewingId) ?? null }));
    },
    drop: async (viewingId) => void rows.delete(viewingId),
  };
}

/** The word of a gateway that takes everything. */
export const wordFor = (viewingId: string, entries: readonly ChainedEntry[]): { checkpoint: Checkpoint } => {
  const last = entries.at(-1);
  const { sequence, hash } = last ?? { sequence: 0, hash: '0'.repeat(64) };
  return { checkpoint: { viewingId, sequence, hash, at: '2026-11-24T12:00:00.000Z', signature: 'x' } };
};
