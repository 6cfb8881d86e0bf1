import { fail } from '../contract/failure.ts';
import type { Actor } from './identity/viewer.ts';
import type { Handle } from './store/database.ts';

/**
 * The id of what a call with this key made before; null if it is new. Fails with KEY_REUSED when the key was used for something else;
 * who asks for access with other words than before learns which request was made. Keys of earlier versions know no words.
 */
export async function repeated(handle: Handle, actor: Actor, key: string, what: string): Promise<string | null> {
  const row = await handle
    .selectFrom('idempotency')
    .selectAll()
    .where('account_id', '=', actor.accountId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!row) return null;
  const isCreation = what.startsWith('create ');
  if (row.what === what || (row.what === 'create' && isCreation)) return row.request_id;
  return fail('KEY_REUSED', isCreation && row.what.startsWith('create ') ? { requestId: row.request_id } : {});
}

/** Keeps, in the transaction that makes it, what a call with this key has made. */
export async function remember(handle: Handle, actor: Actor, key: string, what: string, id: string): Promise<void> {
  await handle
    .insertInto('idempotency')
    .values({ key, account_id: actor.accountId, what, request_id: id, at: Date.now() })
    .execute();
}
