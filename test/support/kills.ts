import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import type { NewRequest } from '../../contract/request.ts';
import { toInstant } from '../../contract/time.ts';
import { createArchive } from '../../main/archive/archive.ts';
import type { ArchiveNotice } from '../../main/archive/calls.ts';
import { isFileDamaged, openEncrypted } from '../../main/archive/database.ts';
import { archiveMigrations, draftsMigrations } from '../../main/archive/migrations.ts';
import { createRemembered } from '../../main/identity/remembered.ts';
import { forkArchive } from './archive-process.ts';
import { archiveKey, everythingIn, keptFiles } from './kept-files.ts';
import { randomFrom } from './random.ts';
import { hourMs, noonMs, sampleDraft, sampleRequest, sampleSession } from './samples.ts';
import { filesBelow } from './traces.ts';
import { folderKeychain, wipesIn } from './wipe-process.ts';

const key = archiveKey.toString('hex');

async function inFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), `oversight-${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Batches of a synchronisation, drafts, and requests on their way out are written while the archive's process is killed `count` times at
 * random moments; main starts it again and asks once more. Fails when an acknowledged write is not as it was acknowledged.
 */
export function killWhileWorking(count: number, seed: number): Promise<{ kills: number; acknowledged: number; refused: number }> {
  return inFolder('kills', async (userData) => {
    const random = randomFrom(seed);
    let pid = 0;
    const lost: ArchiveNotice[] = [];
    const archive = createArchive({
      userData,
      fork() {
        const child = forkArchive();
        pid = child.pid ?? 0;
        return child;
      },
      report: () => '',
      lost: (notices) => void lost.push(...notices),
    });
    expect(await archive.open('somebody', archiveKey)).toEqual([]);
    /** What was acknowledged of each thing; none for what may be the old or the new, since its answer never came. */
    const known = new Map<string, string | null>();
    const report = { kills: 0, acknowledged: 0, refused: 0 };
    let version = 0;
    const requestOf = (number: number): NewRequest => ({
      key: crypto.randomUUID(),
      sessionId: sampleSession(number).id,
      kind: 'recording',
      justification: `Sent in step ${version} `.repeat(20),
      reasonId: 'incident',
      governanceCode: null,
      window: { start: toInstant(noonMs), end: toInstant(noonMs + hourMs) },
    });
    const works: (() => { ids: Map<string, string | null>; done: Promise<unknown> })[] = [
      () => {
        const first = random.below(400);
        const items = Array.from({ length: 40 }, (_, index) =>
          sampleRequest(first + index, { version, justification: `Version ${version}` }),
        );
        return {
          ids: new Map(items.map((item) => [`request ${item.id}`, JSON.stringify(item)])),
          done: archive.call('requests.put', { items }),
        };
      },
      () => {
        const number = random.below(12);
        const draft = sampleDraft({ sessionId: sampleSession(number).id, justification: `Typed in step ${version} `.repeat(30) });
        return {
          ids: new Map([[`draft ${draft.sessionId}`, draft.justification]]),
          done: archive.call('drafts.keep', { draft, session: sampleSession(number), at: toInstant(noonMs) }),
        };
      },
      () => {
        const request = requestOf(random.below(12));
        return {
          ids: new Map([
            [`draft ${request.sessionId}`, request.justification],
            [`key ${request.sessionId}`, request.key],
          ]),
          done: archive.call('drafts.sending', { request, at: toInstant(noonMs) }),
        };
      },
      () => {
        const sessionId = sampleSession(random.below(12)).id;
        return {
          ids: new Map([
            [`draft ${sessionId}`, 'gone'],
            [`key ${sessionId}`, 'gone'],
          ]),
          done: archive.call('drafts.drop', { sessionId, kind: 'recording' }),
        };
      },
    ];
    const check = async (id: string, expected: string) => {
      const [what = '', name = ''] = id.split(' ');
      const about = `${id} after ${report.kills} kills`;
      if (what === 'request') {
        const { request } = await archive.call('requests.get', { id: name });
        expect(JSON.stringify(request), about).toBe(expected);
        return;
      }
      const { draft } = await archive.call('drafts.get', { sessionId: name, kind: 'recording' });
      const { sent } = await archive.call('drafts.sent', { sessionId: name, kind: 'recording' });
      if (what === 'draft') expect(draft?.justification ?? 'gone', about).toBe(expected);
      else expect(sent?.key ?? 'gone', about).toBe(expected);
    };
    while (report.kills < count) {
      version += 1;
      const begun = Array.from({ length: 1 + random.below(4) }, () => random.pick(works)());
      const killed = random.below(3) > 0;
      if (killed) {
        await after(random.next() * 12);
        process.kill(pid, 'SIGKILL');
        report.kills += 1;
      }
      for (const { ids, done } of begun) {
        const acknowledged = await done.then(
          () => true,
          () => false,
        );
        report[acknowledged ? 'acknowledged' : 'refused'] += 1;
        // Of two in one round about one thing the later one counts, and after one that was refused nothing is certain.
        for (const [id, text] of ids) known.set(id, acknowledged ? text : null);
        // A draft that was typed under another key has not been sent.
        for (const id of ids.keys())
          if (id.startsWith('draft') && !ids.has(`key ${id.slice(6)}`)) known.delete(`key ${id.slice(6)}`);
      }
      const certain = [...known].filter((entry): entry is [string, string] => entry[1] !== null);
      const looked = report.kills % 20 === 0 ? certain : Array.from({ length: 8 }, () => random.pick(certain));
      if (certain.length > 0) for (const [id, text] of looked) await check(id, text);
      expect(lost, 'nothing was put aside').toEqual([]);
    }
    await archive.stop();
    const folder = path.join(userData, 'archive');
    for (const name of readdirSync(folder).filter((one) => /\.(archive|drafts)$/.test(one)))
      expect(isFileDamaged(path.join(folder, name), key), name).toBe(false);
    return report;
  });
}

/** Files of every earlier version are opened by a process that is killed in the middle; the next one finishes. No row is lost. */
export function killWhileMigrating(count: number, seed: number): Promise<{ kills: number; finishedBefore: number }> {
  return inFolder('migrations', async (root) => {
    const random = randomFrom(seed);
    const report = { kills: 0, finishedBefore: 0 };
    for (let number = 0; number < count; number += 1) {
      const folder = path.join(root, 'archive');
      mkdirSync(folder);
      const version = 1 + (number % (archiveMigrations.length - 1));
      const old = openEncrypted(path.join(folder, 'one.archive'), key, archiveMigrations.slice(0, version)).db;
      const hasDue = version >= 4;
      if (!hasDue) {
        const insert = old.prepare(
          'insert into requests (id, created_at, requester, status, deadline, end_at, may_decide, version, json) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        );
        old.transaction(() => {
          for (let row = 1; row <= 1_500; row += 1) {
            const request = sampleRequest(row);
            insert.run(
              request.id,
              noonMs - row * 60_000,
              request.requester.id,
              'pending',
              noonMs,
              noonMs,
              1,
              1,
              JSON.stringify(request),
            );
          }
        })();
      }
      old.close();
      const drafts = openEncrypted(
        path.join(folder, 'one.drafts'),
        key,
        draftsMigrations.slice(0, 1 + (number % draftsMigrations.length)),
      ).db;
      drafts
        .prepare('insert into drafts (session_id, kind, json) values (?, ?, ?)')
        .run('S-1', 'recording', JSON.stringify(sampleDraft({ sessionId: 'S-1', justification: 'Kept from before' })));
      drafts.close();

      const child = forkArchive();
      const answered = new Promise<boolean>((resolve) => {
        child.on('message', () => resolve(true));
        child.on('exit', () => resolve(false));
      });
      child.postMessage({ id: 1, name: 'open', input: { folder, name: 'one', key } });
      // Most of it is the start of the process; the migration comes behind.
      const appeared = () => ['one.archive-wal', 'one.drafts-wal'].some((name) => existsSync(path.join(folder, name)));
      const limit = Date.now() + 5_000;
      while (!appeared() && Date.now() < limit) await after(2);
      await after(random.next() * 120);
      process.kill(child.pid ?? 0, 'SIGKILL');
      report.kills += 1;
      if (await answered) report.finishedBefore += 1;

      const kept = keptFiles(folder);
      await kept.open();
      expect(kept.notices, `kill ${number}, from version ${version}`).toEqual([]);
      const found = await everythingIn(kept);
      if (!hasDue) expect([...found.keys()].filter((id) => id.startsWith('request')).length).toBe(1_500);
      expect((await kept.call('drafts.get', { sessionId: 'S-1', kind: 'recording' })).draft?.justification).toBe(
        'Kept from before',
      );
      await kept.close();
      for (const name of ['one.archive', 'one.drafts']) expect(isFileDamaged(path.join(folder, name), key), name).toBe(false);
      rmSync(folder, { recursive: true });
    }
    return report;
  });
}

/** How many files that were put aside an account has when it is wiped. */
const pieces = 200;

/** A process that wipes an account is killed in the middle; the next start finishes what was ordered, and touches nobody else. */
export function killWhileWiping(
  count: number,
  seed: number,
): Promise<{ kills: number; orderedBefore: number; inTheMiddle: number; finishedBefore: number }> {
  return inFolder('wipes', async (root) => {
    const random = randomFrom(seed);
    const report = { kills: 0, orderedBefore: 0, inTheMiddle: 0, finishedBefore: 0 };
    for (let number = 0; number < count; number += 1) {
      const userData = path.join(root, String(number));
      const folder = path.join(userData, 'archive');
      mkdirSync(folder, { recursive: true });
      const keychain = folderKeychain(path.join(userData, 'keychain'));
      for (const account of ['one', 'other']) {
        for (const suffix of ['archive', 'archive-wal', 'archive-shm', 'drafts', 'drafts-wal', 'archive.unreadable-2026'])
          writeFileSync(path.join(folder, `${account}.${suffix}`), Buffer.alloc(20_000, 1));
        for (const what of ['archive', 'sign-in']) await keychain.write(`${account} ${what}`, 'x');
        await createRemembered(userData).put({
          id: account,
          address: 'x',
          gateway: 'x',
          userName: account,
          displayName: account,
          stays: true,
        });
      }
      // So much to remove that a kill finds it at work.
      for (let piece = 0; piece < pieces; piece += 1) writeFileSync(path.join(folder, `one.archive.unreadable-${piece}`), 'x');
      const child = spawn(process.execPath, [path.join(import.meta.dirname, 'wipe-process.ts'), userData], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const left = () => filesBelow(userData).filter((file) => /(^|[/%])one(\.|%20)/.test(file.slice(userData.length)));
      const there = left().length;
      let said = '';
      // Mostly behind the note, where there is something to finish.
      const from = random.below(4) === 0 ? 'begun' : 'ordered';
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (part) => {
          said += part;
          if (said.includes(from)) resolve();
        });
        child.once('exit', () => resolve());
      });
      await after(random.next() * 12);
      child.kill('SIGKILL');
      await ended;
      report.kills += 1;
      const ordered = said.includes('ordered') || existsSync(path.join(userData, 'wipes.json'));
      if (left().length === 0) report.finishedBefore += 1;
      else if (left().length < there) report.inTheMiddle += 1;
      await wipesIn(userData).finish();
      if (ordered) {
        report.orderedBefore += 1;
        expect(left(), `kill ${number}`).toEqual([]);
        expect((await createRemembered(userData).list()).map(({ id }) => id)).toEqual(['other']);
      }
      expect(readdirSync(folder).filter((name) => name.startsWith('other')).length, 'the files of another account').toBe(6);
      expect(await keychain.read('other archive')).toBe('x');
      expect(await wipesIn(userData).finish(), 'nothing is noted any more').toEqual([]);
    }
    return report;
  });
}
