import { randomBytes } from 'node:crypto';
import { Policy } from '../../contract/request.ts';
import type { Handle } from './database.ts';

const minute = 60_000;

/** The policy of a new gateway (product.md, rules 3, 6 and 8). */
export const defaultPolicy: Policy = {
  approvalEnabled: true,
  operatorsWatchDirectly: true,
  recordedPersonMayNotApprove: true,
  approvalDeadlineMs: 60 * minute,
  maxWindowMs: 24 * 60 * minute,
  maxStartAheadMs: 30 * 24 * 60 * minute,
  minJustificationLength: 10,
  governanceCode: { label: 'Governance Code', required: false, pattern: null },
  reasons: [
    { id: 'incident', label: 'Incident investigation' },
    { id: 'audit', label: 'Periodic audit' },
    { id: 'fraud', label: 'Suspected fraud' },
    { id: 'change', label: 'Change review' },
    { id: 'training', label: 'Training' },
  ],
  snapshotsAllowed: true,
  batchDecisionsAllowed: false,
  stepUp: 'none',
  exportsAllowed: true,
  retentionDays: 3650,
  notKept: [],
};

export async function readPolicy(db: Handle): Promise<Policy> {
  const row = await db.selectFrom('settings').select('value_json').where('name', '=', 'policy').executeTakeFirst();
  // What was written before a rule was there has the rule's default.
  return row ? Policy.parse({ ...defaultPolicy, ...JSON.parse(row.value_json) }) : defaultPolicy;
}

export async function writePolicy(db: Handle, policy: Policy): Promise<void> {
  await write(db, 'policy', Policy.parse(policy));
}

/** The key that signs access tokens: made once, kept in the store. 256 bits. */
export async function signingKey(db: Handle): Promise<Uint8Array> {
  const row = await db.selectFrom('settings').select('value_json').where('name', '=', 'signing-key').executeTakeFirst();
  if (row) return Buffer.from(JSON.parse(row.value_json), 'base64');
  const key = randomBytes(32);
  await write(db, 'signing-key', key.toString('base64'));
  return key;
}

/** Until when (epoch ms) the openings and ends of windows were told; null at a gateway that never ran. */
export async function readTurnedUntil(db: Handle): Promise<number | null> {
  const row = await db.selectFrom('settings').select('value_json').where('name', '=', 'turned-until').executeTakeFirst();
  return row ? Number(JSON.parse(row.value_json)) : null;
}

export async function writeTurnedUntil(db: Handle, untilMs: number): Promise<void> {
  await write(db, 'turned-until', untilMs);
}

async function write(db: Handle, name: string, value: unknown): Promise<void> {
  const value_json = JSON.stringify(value);
  await db
    .insertInto('settings')
    .values({ name, value_json })
    .onConflict((on) => on.column('name').doUpdateSet({ value_json }))
    .execute();
}
