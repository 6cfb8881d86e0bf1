import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'otplib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashPassword } from '../../../gateway/identity/passwords.ts';
import { createIdentity, stepUpMs } from '../../../gateway/identity/sign-in.ts';
import { addAccount } from '../../../gateway/people.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { noonMs } from '../../support/samples.ts';

/** A fresh proof, by a clock that the test sets. Over HTTP it is in test/integration/gateway-deciding.test.ts. */
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const password = 'a long enough one';
let folder: string;
let db: Database;
let nowMs = noonMs;
let identity: Awaited<ReturnType<typeof createIdentity>>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'oversight-step-up-'));
  db = await openDatabase(folder);
  const shared = { displayName: 'Ana', passwordHash: await hashPassword(password), roles: [], permissions: [], groups: [] };
  await addAccount(db, { ...shared, userName: 'ana', totpSecret: secret });
  identity = await createIdentity(
    db,
    () => nowMs,
    async () => undefined,
  );
});
afterAll(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const codeNow = () => generate({ secret, epoch: Math.floor(nowMs / 1000) });
async function signedIn() {
  nowMs += 60_000;
  const { accessToken } = await identity.signIn({ userName: 'ana', password, oneTimeCode: await codeNow() });
  return identity.authenticate(`Bearer ${accessToken}`);
}

it('is good for two minutes, for its own sign-in and its own kind', async () => {
  const signIn = await signedIn();
  const { proof, expiresInMs } = await identity.stepUp(signIn, { password });
  expect(expiresInMs).toBe(stepUpMs);
  await identity.checkProof(signIn, 'password', proof);
  await identity.checkProof(signIn, 'none', undefined);
  const refused = { failure: { code: 'STEP_UP_NEEDED' } };
  await expect(identity.checkProof(signIn, 'one-time-code', proof)).rejects.toMatchObject(refused);
  await expect(identity.checkProof(signIn, 'password', undefined)).rejects.toMatchObject(refused);
  await expect(identity.checkProof(signIn, 'password', `${proof.slice(0, -2)}AA`)).rejects.toMatchObject(refused);
  nowMs += stepUpMs - 2_000;
  await identity.checkProof(signIn, 'password', proof);
  nowMs += 4_000;
  await expect(identity.checkProof(signIn, 'password', proof)).rejects.toMatchObject(refused);
  const later = await identity.stepUp(signIn, { oneTimeCode: await codeNow() });
  await identity.checkProof(signIn, 'one-time-code', later.proof);
  const elsewhere = await signedIn();
  await expect(identity.checkProof(elsewhere, 'one-time-code', later.proof)).rejects.toMatchObject(refused);
});
