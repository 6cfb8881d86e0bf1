import { fail } from '../contract/failure.ts';
import type { Actor } from './identity/viewer.ts';
import type { Handle } from './store/database.ts';

/** The id of what a call with this key made before; null if it is new. Fails with KEY_REUSED when the key was used for something else. */
export async function repeated(handle: Handle, actor: Actor, key: string, what: string): Promise<string | null> {
  const row = await handle
    .selectFrom('idempotency')
    .selectAll()
    .where('account_id', '=', actor.accountId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row && row.what !== what) fail('KEY_REUSED');
  return row?.request_id ?? null;
}

/** Keeps, in the transaction that makes it, what a call with this key has made. */
export async function remember(handle: Handle, actor: Actor, key: string, what: string, id: string): Promise<void> {
  await handle
    .insertInto('idempotency')
    .values({ key, account_id: actor.accountId, what, request_id: id, at: Date.now() })
    .execute();
}
