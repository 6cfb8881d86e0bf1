import { fail } from '../contract/failure.ts';
import type { ExportRecord } from '../contract/history.ts';
import { toInstant, toMs } from '../contract/time.ts';
import type { Actor } from './identity/viewer.ts';
import type { Database } from './store/database.ts';
import { readPolicy } from './store/settings.ts';

/**
 * Puts an export on record and answers with the moment (epoch ms) at which that was done; the same key answers as it did the first time.
 * What the policy does not allow is put on record as well, and then refused with EXPORT_NOT_ALLOWED: one that was made while the gateway
 * was out of reach is a fact, whatever the policy says by now.
 */
export async function recordExport(db: Database, actor: Actor, record: ExportRecord, nowMs: number): Promise<number> {
  const row = await db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('exports')
      .selectAll()
      .where('account_id', '=', actor.accountId)
      .where('key', '=', record.key)
      .executeTakeFirst();
    if (known) return known.sha256 === record.sha256 && known.format === record.format ? known : fail('KEY_REUSED');
    const { exportsAllowed } = await readPolicy(trx);
    return trx
      .insertInto('exports')
      .values({
        account_id: actor.accountId,
        key: record.key,
        person_id: actor.personId,
        made_at: toMs(record.at),
        recorded_at: nowMs,
        format: record.format,
        subject_json: JSON.stringify(record.subject),
        rows: record.rows,
        sha256: record.sha256,
        data_sha256: record.dataSha256,
        allowed: Number(exportsAllowed),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  return row.allowed ? row.recorded_at : fail('EXPORT_NOT_ALLOWED');
}

/** Every export on record, oldest first, a line each, its fields parted by tabs. */
export async function* listExports(db: Database): AsyncGenerator<string> {
  const rows = db
    .selectFrom('exports')
    .innerJoin('accounts', 'accounts.id', 'exports.account_id')
    .selectAll('exports')
    .select('accounts.user_name')
    .orderBy('recorded_at')
    .orderBy('key')
    .stream();
  for await (const row of rows) {
    const { recorded_at, made_at, user_name, format, rows: count, sha256, data_sha256, subject_json, allowed } = row;
    yield [
      toInstant(recorded_at),
      `made ${toInstant(made_at)}`,
      user_name,
      allowed ? 'allowed' : 'not allowed',
      format,
      `${count} rows`,
      `sha256 ${sha256}`,
      ...(data_sha256 === null || data_sha256 === sha256 ? [] : [`data ${data_sha256}`]),
      subject_json,
    ].join('\t');
  }
}
