import { createHash } from 'node:crypto';
import { fail } from '../contract/failure.ts';
import { canonical } from '../contract/receipt.ts';
import type { Actor } from './identity/viewer.ts';
import type { Handle } from './store/database.ts';

/** What a key was used for: the name of the call and, where they matter, its words in few characters. */
export const usedFor = (name: string, words: object): string =>
  `${name} ${createHash('sha256').update(canonical(words)).digest('hex')}`;

/**
 * The id of what a call with this key made before; null if it is new. Fails with KEY_REUSED when the key was used for something else:
 * the same call with other words comes with the id of what was made, so that nobody takes those words for sent. Keys of earlier versions
 * know no words.
 */
export async function repeated(handle: Handle, actor: Actor, key: string, what: string): Promise<string | null> {
  const row = await handle
    .selectFrom('idempotency')
    .selectAll()
    .where('account_id', '=', actor.accountId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!row) return null;
  const [, name = ''] = /^(.+) [0-9a-f]{64}$/.exec(what) ?? [];
  if (row.what === what || row.what === name) return row.request_id;
  return fail('KEY_REUSED', name !== '' && row.what.startsWith(`${name} `) ? { requestId: row.request_id } : {});
}

/** Keeps, in the transaction that makes it, what a call with this key has made. */
export async function remember(handle: Handle, actor: Actor, key: string, what: string, id: string): Promise<void> {
  await handle
    .insertInto('idempotency')
    .values({ key, account_id: actor.accountId, what, request_id: id, at: Date.now() })
    .execute();
}
