import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Coverage, mergeRanges, Range } from '../contract/coverage.ts';
import { FailureError, fail } from '../contract/failure.ts';
import { type ChainedEntry, type Checkpoint, faultOf, genesisOf, hashOf, signedText } from '../contract/receipt.ts';
import { toInstant, toMs } from '../contract/time.ts';
import { ReceiptEntry } from '../contract/viewing.ts';
import type { Database, Handle } from './store/database.ts';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The gateway's signature under checkpoints. The key never leaves its folder; its public half is in `about`. */
export type Signer = { sign(text: string): string; publicKey: string };

/** Beside the store, not in it: whoever changes rows cannot sign what they changed. */
const keyFile = (folder: string) => path.join(folder, 'receipt-key.pem');

/** Reads the key of a folder, or makes it (Ed25519, readable by its owner alone). */
export async function openSigner(folder: string): Promise<Signer> {
  const file = keyFile(folder);
  let pem = await readFile(file, 'utf8').catch(() => null);
  if (pem === null) {
    pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  }
  await chmod(file, 0o600);
  const key = createPrivateKey(pem);
  return { sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'), publicKey: publicHalf(key) };
}

const publicHalf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url');

/** How far a clock and a slow line may carry what was shown beyond the end of access before it is marked (ms). */
const lateAfterMs = 5_000;

/**
 * Takes entries of a viewing. Those that are there already must be the same: another hash for one of them, or one that does not follow from
 * the entry before, is a fork, which is refused, marked on the viewing and never forgotten. Answers with the signed end of the chain.
 */
export async function receiveEntries(
  db: Database,
  signer: Signer,
  viewing: { id: string; started_at: number; ended_at: number | null },
  entries: readonly ChainedEntry[],
  nowMs: number,
): Promise<Checkpoint> {
  const { id } = viewing;
  const outcome = await db.transaction().execute(async (trx): Promise<{ forked: number } | { checkpoint: Checkpoint }> => {
    const last = await lastOf(trx, id);
    const known = entries.filter(({ sequence }) => sequence <= last.sequence);
    const fresh = entries.filter(({ sequence }) => sequence > last.sequence);
    const forked = (await differs(trx, id, known)) ?? faultOf(fresh, last, sha256);
    if (forked?.fault === 'gap') return fail('RECEIPT_GAP', { expected: last.sequence + 1 });
    if (forked) {
      await trx.updateTable('viewings').set({ forked_at: nowMs }).where('id', '=', id).where('forked_at', 'is', null).execute();
      return { forked: forked.sequence };
    }
    if (fresh.length > 0) {
      await trx
        .insertInto('receipt_entries')
        .values(
          fresh.map(({ sequence, hash, entry }) => ({
            viewing_id: id,
            sequence,
            hash,
            entry_json: JSON.stringify(entry),
            received_at: nowMs,
            mark: markOf(entry, viewing, nowMs),
          })),
        )
        .execute();
      await cover(trx, id, fresh);
    }
    const end = fresh.at(-1) ?? last;
    const unsigned = { viewingId: id, sequence: end.sequence, hash: end.hash, at: toInstant(nowMs) };
    const checkpoint: Checkpoint = { ...unsigned, signature: signer.sign(signedText(unsigned)) };
    await trx
      .insertInto('receipt_checkpoints')
      .values({ viewing_id: id, sequence: end.sequence, checkpoint_json: JSON.stringify(checkpoint) })
      .onConflict((on) =>
        on.column('viewing_id').doUpdateSet({ sequence: end.sequence, checkpoint_json: JSON.stringify(checkpoint) }),
      )
      .execute();
    return { checkpoint };
  });
  if ('forked' in outcome) throw new FailureError({ code: 'RECEIPT_FORK', data: { sequence: outcome.forked } });
  return outcome.checkpoint;
}

async function lastOf(handle: Handle, id: string): Promise<{ sequence: number; hash: string }> {
  const row = await handle
    .selectFrom('receipt_entries')
    .select(['sequence', 'hash'])
    .where('viewing_id', '=', id)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { sequence: -1, hash: genesisOf(id, sha256) };
}

async function differs(
  handle: Handle,
  id: string,
  known: readonly ChainedEntry[],
): Promise<{ sequence: number; fault: 'hash' } | null> {
  const [first] = known;
  if (!first) return null;
  const rows = await handle
    .selectFrom('receipt_entries')
    .select(['sequence', 'hash'])
    .where('viewing_id', '=', id)
    .where('sequence', '>=', first.sequence)
    .where('sequence', '<=', known.at(-1)?.sequence ?? 0)
    .execute();
  const hashes = new Map(rows.map((row) => [row.sequence, row.hash]));
  const other = known.find(({ sequence, hash }) => hashes.get(sequence) !== hash);
  return other ? { sequence: other.sequence, fault: 'hash' } : null;
}

/** What an auditor of auditors should look at: shown after the access had ended, or more than time allows. */
function markOf(entry: ReceiptEntry, viewing: { started_at: number; ended_at: number | null }, nowMs: number): string | null {
  if (entry.type !== 'shown') return null;
  if (viewing.ended_at !== null && toMs(entry.at) > viewing.ended_at + lateAfterMs) return 'late';
  const mostMs = (nowMs - viewing.started_at + lateAfterMs) * Math.max(1, entry.speed);
  return entry.toMs - entry.fromMs > mostMs ? 'impossible' : null;
}

/** Adds what was shown to the ranges that the viewing covers, and how long that took. */
async function cover(handle: Handle, id: string, entries: readonly ChainedEntry[]): Promise<void> {
  const shown = entries.flatMap(({ entry }) => (entry.type === 'shown' && !entry.sampled ? [entry] : []));
  if (shown.length === 0) return;
  const row = await handle
    .selectFrom('viewings')
    .select(['covered_json', 'watched_ms'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const covered = mergeRanges([...rangesOf(row.covered_json), ...shown.map(({ fromMs, toMs }) => ({ fromMs, toMs }))]);
  const watchedMs = shown.reduce((sum, { fromMs, toMs, speed }) => sum + (toMs - fromMs) / Math.max(0.1, speed), 0);
  await handle
    .updateTable('viewings')
    .set({ covered_json: JSON.stringify(covered), watched_ms: Math.round(row.watched_ms + watchedMs) })
    .where('id', '=', id)
    .execute();
}

export const rangesOf = (json: string) => Range.array().parse(JSON.parse(json));

const mostRanges = 5_000;

/** Which parts of a session's recording this person and others have seen. */
export async function coverageOf(
  handle: Handle,
  sessionId: string,
  personId: string,
  durationMs: number | null,
): Promise<Coverage> {
  const rows = await handle
    .selectFrom('viewings')
    .select(['person_id', 'covered_json'])
    .where('session_id', '=', sessionId)
    .where('kind', '=', 'recording')
    .where('covered_json', '<>', '[]')
    .execute();
  const of = (mine: boolean) =>
    mergeRanges(rows.flatMap((row) => ((row.person_id === personId) === mine ? rangesOf(row.covered_json) : []))).slice(
      0,
      mostRanges,
    );
  return { durationMs: durationMs ?? 0, mine: of(true), others: of(false) };
}

/** Something that is wrong with the receipts of a store. */
export type Finding = { viewing: string; sequence: number | null; what: string };

/** Looks at every receipt of a store: chains, signatures, marks. Answers with what is wrong and how much was looked at. */
export async function verifyReceipts(
  db: Database,
  folder: string,
): Promise<{ viewings: number; entries: number; findings: Finding[] }> {
  const pem = await readFile(keyFile(folder), 'utf8').catch(() => null);
  const key = pem === null ? null : createPublicKey(createPrivateKey(pem));
  const findings: Finding[] = [];
  let looked = 0;
  const viewings = await db.selectFrom('viewings').select(['id', 'forked_at']).execute();
  const checkpoints = new Map(
    (await db.selectFrom('receipt_checkpoints').selectAll().execute()).map((row) => [row.viewing_id, row.checkpoint_json]),
  );
  for (const { id, forked_at } of viewings) {
    const rows = await db.selectFrom('receipt_entries').selectAll().where('viewing_id', '=', id).orderBy('sequence').execute();
    looked += rows.length;
    const find = (sequence: number | null, what: string) => void findings.push({ viewing: id, sequence, what });
    if (forked_at !== null) find(null, `a fork was refused at ${toInstant(forked_at)}`);
    let hash = genesisOf(id, sha256);
    const hashes: string[] = [];
    for (const [place, row] of rows.entries()) {
      const entry = ReceiptEntry.safeParse(parsed(row.entry_json));
      if (row.sequence !== place) {
        find(place, 'an entry is missing');
        break;
      }
      if (!entry.success || hashOf(hash, row.sequence, entry.data, sha256) !== row.hash) {
        find(place, 'the entry is not the one that was received');
        break;
      }
      hash = row.hash;
      hashes.push(hash);
      if (row.mark !== null)
        find(place, row.mark === 'late' ? 'shown after the access had ended' : 'more was shown than time allows');
    }
    const text = checkpoints.get(id);
    if (text === undefined) {
      if (rows.length > 0) find(null, 'there is no signed checkpoint');
      continue;
    }
    const { signature, ...unsigned } = parsed(text) as Checkpoint;
    if (key === null || !verify(null, Buffer.from(signedText(unsigned)), key, Buffer.from(signature ?? '', 'base64url')))
      find(unsigned.sequence, 'the checkpoint is not signed by this gateway');
    else if (rows.length <= unsigned.sequence) find(unsigned.sequence, 'entries that were acknowledged are missing');
    else if (hashes.length > unsigned.sequence && hashes[unsigned.sequence] !== unsigned.hash)
      find(unsigned.sequence, 'the chain is not the one that was acknowledged');
  }
  for (const id of checkpoints.keys())
    if (!viewings.some((viewing) => viewing.id === id))
      findings.push({ viewing: id, sequence: null, what: 'the viewing is missing' });
  return { viewings: viewings.length, entries: looked, findings };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
