import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addAccount } from '../../../gateway/people.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { createHousekeeping, keptMs } from '../../../gateway/store/housekeeping.ts';
import { noonMs } from '../../support/samples.ts';

const hour = 60 * 60_000;
let folder: string;
let db: Database;
let accountId: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'oversight-trim-'));
  db = await openDatabase(folder);
  await addAccount(db, { userName: 'ana', displayName: 'Ana', passwordHash: '', roles: [], permissions: [], groups: [] });
  accountId = (await db.selectFrom('accounts').select('id').executeTakeFirstOrThrow()).id;
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

it('trims by age what serves the running alone, keeps what is younger, keeps who signed in when', async () => {
  const [old, young] = ['old', 'young'] as const;
  const ages = { [old]: 1, [young]: -1 };
  await db
    .insertInto('sign_in_families')
    .values({ id: 'f', account_id: accountId, created_at: noonMs - 400 * 24 * hour, ended_at: noonMs - 399 * 24 * hour })
    .execute();
  for (const [name, age] of Object.entries(ages)) {
    await db
      .insertInto('events')
      .values({ at: noonMs - keptMs.events - age, type: 'policy', subject: name, person_id: null })
      .execute();
    await db
      .insertInto('refresh_tokens')
      .values({ hash: name, family_id: 'f', expires_at: noonMs - age, used_at: null, successor: null })
      .execute();
    await db
      .insertInto('idempotency')
      .values({ key: name, account_id: accountId, what: '', request_id: '', at: noonMs - keptMs.idempotency - age })
      .execute();
    await db
      .insertInto('sign_in_failures')
      .values({ name_hash: name, count: 3, locked_until: 0, at: noonMs - keptMs.signInFailures - age })
      .execute();
  }
  // A lock that still holds stays, however old the failures are.
  await db
    .insertInto('sign_in_failures')
    .values({ name_hash: 'locked', count: 0, locked_until: noonMs + 1, at: 0 })
    .execute();
  let nowMs = noonMs;
  const housekeeping = createHousekeeping(db, () => nowMs);
  await housekeeping.run();
  const left = async () => ({
    events: (await db.selectFrom('events').select('subject').execute()).map((row) => row.subject),
    tokens: (await db.selectFrom('refresh_tokens').select('hash').execute()).map((row) => row.hash),
    keys: (await db.selectFrom('idempotency').select('key').execute()).map((row) => row.key),
    failures: (await db.selectFrom('sign_in_failures').select('name_hash').execute()).map((row) => row.name_hash).sort(),
    families: (await db.selectFrom('sign_in_families').select('id').execute()).map((row) => row.id),
  });
  expect(await left()).toEqual({
    events: [young],
    tokens: [young],
    keys: [young],
    failures: ['locked', young],
    families: ['f'],
  });
  // Not again within the hour.
  nowMs += hour - 1;
  await housekeeping.run();
  expect((await left()).tokens).toEqual([young]);
  nowMs += 1;
  await housekeeping.run();
  expect((await left()).tokens).toEqual([]);
});
