import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../contract/request.ts';
import { type Archive, createArchive } from '../../main/archive/archive.ts';
import type { ArchiveNotice } from '../../main/archive/calls.ts';
import { forkArchive, type TestArchiveProcess } from '../support/archive-process.ts';
import { noonMs, sampleDraft, sampleRequest, sampleSession } from '../support/samples.ts';

const key = Buffer.alloc(32, 9);
let userData: string;
let started: TestArchiveProcess[];
let lost: ArchiveNotice[][];
let archives: Archive[];

function anArchive(): Archive {
  const archive = createArchive({
    userData,
    fork() {
      const child = forkArchive();
      started.push(child);
      return child;
    },
    report: () => '',
    lost: (notices) => void lost.push(notices),
  });
  archives.push(archive);
  return archive;
}

const kill9 = () => process.kill(started.at(-1)?.pid ?? 0, 'SIGKILL');
const idsIn = async (archive: Archive) =>
  (await archive.call('requests.list', { query: { scope: 'all', limit: 500 }, personId: '', nowMs: noonMs })).items.map(
    ({ id }) => id,
  );

beforeEach(() => {
  userData = mkdtempSync(path.join(tmpdir(), 'oversight-archive-'));
  started = [];
  lost = [];
  archives = [];
});
afterEach(async () => {
  for (const archive of archives) await archive.stop();
  rmSync(userData, { recursive: true, force: true });
});

describe('kill -9 of the archive’s process', () => {
  it('loses nothing that was acknowledged', async () => {
    for (let round = 0; round < 5; round += 1) {
      const archive = anArchive();
      expect(await archive.open('somebody', key)).toEqual([]);
      const acknowledged: string[] = [];
      const before = await idsIn(archive);
      // Writes go on while the process is killed; those that were answered by then must be there.
      const writing = Promise.allSettled(
        Array.from({ length: 100 }, async (_, number) => {
          const request = sampleRequest(round * 1_000 + number);
          await archive.call('requests.put', { items: [request] });
          await archive.call('drafts.put', sampleDraft({ sessionId: request.id, justification: request.id }));
          acknowledged.push(request.id);
        }),
      );
      while (acknowledged.length < 20 + round * 10) await new Promise((resolve) => setImmediate(resolve));
      const sure = [...acknowledged];
      const stopped = archive.stop();
      kill9();
      await Promise.all([stopped, writing]);

      const again = anArchive();
      expect(await again.open('somebody', key)).toEqual([]);
      const there = await idsIn(again);
      expect(there).toEqual(expect.arrayContaining([...before, ...sure]));
      for (const id of sure)
        expect((await again.call('drafts.get', { sessionId: id, kind: 'recording' })).draft?.justification).toBe(id);
      await again.stop();
    }
  });

  it('is not noticed by who asks: it starts again and every call is answered', async () => {
    const archive = anArchive();
    await archive.open('somebody', key);
    const writes = Array.from({ length: 60 }, (_, number) => archive.call('requests.put', { items: [sampleRequest(number)] }));
    await writes[10];
    kill9();
    await Promise.all(writes);
    expect(await idsIn(archive)).toHaveLength(60);
    expect(started).toHaveLength(2);
    expect(lost).toEqual([]);
  });

  it('is told when everything was in memory', async () => {
    const archive = anArchive();
    expect(await archive.open('somebody', null)).toEqual(['archive-in-memory']);
    await archive.call('requests.put', { items: [sampleRequest(1)] });
    const gone = new Promise((resolve) => started[0]?.on('exit', () => resolve(null)));
    kill9();
    await gone;
    expect(await idsIn(archive)).toEqual([]);
    expect(lost).toEqual([['archive-in-memory']]);
    expect(readdirSync(userData)).toEqual([]);
  });
});

it('a large archive never shows its text on the disk while it is written', async () => {
  const secret = 'Unmistakable-justification-7321';
  const archive = anArchive();
  await archive.open('somebody', key);
  const requests: AccessRequest[] = Array.from({ length: 2_000 }, (_, number) =>
    sampleRequest(number, { justification: secret }),
  );
  await archive.call('requests.put', { items: requests });
  await archive.call('sessions.put', {
    items: Array.from({ length: 2_000 }, (_, number) => sampleSession(number, { justification: secret })),
  });
  const folder = path.join(userData, 'archive');
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(path.join(folder, name));
    expect(bytes.includes(secret), name).toBe(false);
    expect(bytes.includes(secret.toLowerCase()), name).toBe(false);
  }
});
