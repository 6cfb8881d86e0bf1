import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { toInstant } from '../../contract/time.ts';
import { type Archive, createArchive } from '../../main/archive/archive.ts';
import type { ArchiveNotice } from '../../main/archive/calls.ts';
import { forkArchive } from './archive-process.ts';
import { archiveKey } from './kept-files.ts';
import { noonMs, sampleDraft, sampleRequest, sampleSession } from './samples.ts';

const account = 'somebody';

/** What an archive has acknowledged, and whether it still has it. */
type Acknowledged = { name: string; stillThere: (archive: Archive) => Promise<boolean> };

/** A morning's work: each step is asked for once more when it failed, as a person or the next event would. */
const steps: ((archive: Archive) => Promise<Acknowledged>)[] = Array.from(
  { length: 12 },
  (_, round) => async (archive: Archive) => {
    const number = round * 20 + 1;
    switch (round % 4) {
      case 0: {
        const items = Array.from({ length: 20 }, (_one, index) => sampleRequest(number + index));
        await archive.call('requests.put', { items });
        return {
          name: `requests from ${number}`,
          stillThere: async (later) =>
            (await Promise.all(items.map(({ id }) => later.call('requests.get', { id })))).every(
              ({ request }) => request !== null,
            ),
        };
      }
      case 1: {
        const draft = sampleDraft({ sessionId: `S-${number}`, justification: `Draft ${number} `.repeat(100) });
        await archive.call('drafts.keep', { draft, session: sampleSession(number), at: toInstant(noonMs) });
        return {
          name: `draft ${number}`,
          stillThere: async (later) =>
            (await later.call('drafts.get', { sessionId: `S-${number}`, kind: 'recording' })).draft?.justification ===
            draft.justification,
        };
      }
      case 2: {
        await archive.call('sessions.put', { items: [sampleSession(number)] });
        return {
          name: `session ${number}`,
          stillThere: async (later) => (await later.call('sessions.get', { id: sampleSession(number).id })).session !== null,
        };
      }
      default: {
        await archive.call('meta.put', { name: `name ${number}`, value: `value ${number}` });
        return {
          name: `value ${number}`,
          stillThere: async (later) => (await later.call('meta.get', { name: `name ${number}` })).value === `value ${number}`,
        };
      }
    }
  },
);

/** Builds what makes writes fail. It needs a C compiler and a loader that knows LD_PRELOAD. */
export function buildFaultyDisk(folder: string): string {
  const library = path.join(folder, 'faulty-disk.so');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, path.join(import.meta.dirname, 'faulty-disk.c'), '-ldl']);
  return library;
}

/**
 * Works on a new archive while the write or flush of each of the `numbers` fails once with `error`.
 * Fails when the process dies of it, when a step cannot be done the second or third time, when something acknowledged is gone after a kill, or when
 * anything had to be put aside.
 */
export async function workOnFaultyDisk(
  numbers: readonly number[],
  error: 'ENOSPC' | 'EIO',
): Promise<{ runs: number; failed: number }> {
  const root = mkdtempSync(path.join(tmpdir(), 'oversight-disk-'));
  const library = buildFaultyDisk(root);
  const report = { runs: 0, failed: 0 };
  try {
    for (const number of numbers) {
      const userData = path.join(root, 'run');
      mkdirSync(userData);
      const about = `${error} at write or flush ${number}`;
      const exits: string[] = [];
      let forks = 0;
      let pid = 0;
      const env = { LD_PRELOAD: library, FAULT_NUMBER: String(number), FAULT_ERROR: String(constants.errno[error]) };
      const lost: ArchiveNotice[] = [];
      const archive = createArchive({
        userData,
        fork() {
          forks += 1;
          const child = forkArchive(env);
          pid = child.pid ?? 0;
          child.on('exit', () => exits.push(`process ${forks}`));
          return child;
        },
        report: () => '',
        lost: (notices) => void lost.push(...notices),
      });
      const twice = async <T>(work: () => Promise<T>): Promise<T> => {
        for (let tries = 1; ; tries += 1) {
          try {
            return await work();
          } catch (failure) {
            report.failed += 1;
            if (tries === 3) throw new Error(`${about}: failed three times`, { cause: failure });
          }
        }
      };
      const notices = await twice(() => archive.open(account, archiveKey));
      const done: Acknowledged[] = [];
      for (const step of steps) done.push(await twice(() => step(archive)));
      expect([exits, forks, notices, lost], about).toEqual([[], 1, [], []]);
      process.kill(pid, 'SIGKILL');
      await archive.stop();

      const later = createArchive({ userData, fork: forkArchive, report: () => '', lost: () => undefined });
      expect(await later.open(account, archiveKey), `${about}: opened again`).toEqual([]);
      for (const { name, stillThere } of done) expect(await stillThere(later), `${about}: ${name}`).toBe(true);
      await later.stop();
      rmSync(userData, { recursive: true, force: true });
      report.runs += 1;
    }
    return report;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
