import type { Archive } from '../archive/archive.ts';
import type { ReceiptLog } from './receipts.ts';

/** The log of receipts beside the drafts: encrypted, never rebuilt away, gone with the account. In memory where there is no keychain. */
export const createReceiptLog = (archive: Pick<Archive, 'call'>): ReceiptLog => ({
  keep: async (viewingId, entries) => void (await archive.call('receipts.put', { viewingId, entries })),
  acknowledged: async (checkpoint) => void (await archive.call('receipts.acknowledged', checkpoint)),
  waiting: async () => (await archive.call('receipts.waiting', {})).waiting,
  drop: async (viewingId) => void (await archive.call('receipts.drop', { viewingId })),
});
