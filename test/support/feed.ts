import { createPublicKey, verify } from 'node:crypto';
import type { ChangeRecord, ChangesPage } from '../../contract/history.ts';
import { keptRecord, lineOf, linesText, sealText, subjectOf } from '../../contract/seal.ts';
import { sha256 } from '../../gateway/receipts.ts';
import type { Gateway } from '../../main/gateway/client.ts';

/** Reads the feed from a cursor to its end, as a client would. */
export async function readFeed(
  { calls }: Pick<Gateway, 'calls'>,
  cursor?: string,
  limit = 1_000,
): Promise<{ pages: ChangesPage[]; records: ChangeRecord[]; cursor: string }> {
  const pages: ChangesPage[] = [];
  for (let at = cursor; ; ) {
    const page = await calls.changes.list({ limit, ...(at !== undefined && { cursor: at }) });
    pages.push(page);
    at = page.cursor;
    if (!page.more) return { pages, records: pages.flatMap(({ records }) => records), cursor: at };
  }
}

/** `what id` of each record. */
export const namesOf = (records: readonly ChangeRecord[]) =>
  records.map((record) => `${record.what === 'gone' ? 'gone ' : ''}${subjectOf(record).what} ${subjectOf(record).id}`);

/** Whether the seal of a page is good by the key that the gateway names (SPKI, base64url). */
export function isSealed({ records, seal }: ChangesPage, receiptKey: string): boolean {
  const key = createPublicKey({ key: Buffer.from(receiptKey, 'base64url'), format: 'der', type: 'spki' });
  const lines = records.map((record) => lineOf(keptRecord(record, seal.notKept), sha256));
  return verify(null, Buffer.from(sealText(seal, linesText(lines), sha256)), key, Buffer.from(seal.signature, 'base64url'));
}
