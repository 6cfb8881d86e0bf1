import { generateKeyPairSync, sign } from 'node:crypto';
import type { ChangeRecord, ChangesPage } from '../../contract/history.ts';
import type { Policy } from '../../contract/request.ts';
import { keptRecord, lineOf, linesText, sealText } from '../../contract/seal.ts';
import { toInstant } from '../../contract/time.ts';
import { sha256 } from '../../gateway/receipts.ts';
import { noonMs } from './samples.ts';

/** A gateway's hand: makes pages of changes that follow one another, with its signature. */
export type FeedPages = {
  /** The public half of the key (SPKI, base64url). */
  key: string;
  /** The page that follows the last one; with `reset` the feed begins anew. */
  next(records: ChangeRecord[], more?: { reset?: boolean; remaining?: number; notKept?: Policy['notKept'] }): ChangesPage;
  /** A page of its own, between two cursors. */
  page(
    records: ChangeRecord[],
    before: string,
    after: string,
    more?: { reset?: boolean; remaining?: number; notKept?: Policy['notKept'] },
  ): ChangesPage;
};

export function createFeedPages(): FeedPages {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  let made = 0;
  let last = '';
  const pages: FeedPages = {
    key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    next(records, more = {}) {
      made += 1;
      const page = pages.page(records, more.reset ? '' : last, `${made}.0123456789abcdef`, more);
      last = page.cursor;
      return page;
    },
    page(records, before, after, { reset = false, remaining = 0, notKept = [] } = {}) {
      const unsigned = { before, after, at: toInstant(noonMs), notKept };
      const lines = linesText(records.map((record) => lineOf(keptRecord(record, notKept), sha256)));
      const signature = sign(null, Buffer.from(sealText(unsigned, lines, sha256)), privateKey).toString('base64url');
      return { reset, records, cursor: after, more: remaining > 0, remaining, seal: { ...unsigned, signature } };
    },
  };
  return pages;
}
