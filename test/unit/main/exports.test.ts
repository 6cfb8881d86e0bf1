import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../contract/events.ts';
import { type Failure, FailureError } from '../../../contract/failure.ts';
import type { ExportRecord } from '../../../contract/history.ts';
import type { Policy } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import { createExports, type Exports } from '../../../main/export/exports.ts';
import type { Gateway } from '../../../main/gateway/client.ts';
import { openMemoryArchive } from '../../support/memory-archive.ts';
import { noonMs, samplePolicy } from '../../support/samples.ts';

const unreachable: Failure = { code: 'UNREACHABLE', data: { host: 'g', why: 'refused' } };
const about = {
  format: 'csv',
  subject: { of: 'history', query: { filter: {}, sort: { by: 'createdAt', direction: 'desc' } } },
} as const;
const exported = { rows: 3, sha256: 'a'.repeat(64), dataSha256: null };

let folder: string;
let archive: Awaited<ReturnType<typeof openMemoryArchive>>;
let recorded: ExportRecord[];
let failure: Failure | null;
let line: Connection['state'];
/** Runs when the gateway is told. */
let before: () => void;
let policy: Policy;
let exports: Exports;
const file = () => path.join(folder, 'list.csv');
const waiting = async () => (await archive.call('exports.waiting', {})).waiting;
const write = async (unfinished: string) => {
  writeFileSync(unfinished, 'whole');
  return exported;
};

const gateway = {
  calls: {
    exports: {
      async record(record: ExportRecord) {
        before();
        if (failure) throw new FailureError(failure);
        recorded.push(record);
        return { at: toInstant(noonMs) };
      },
    },
  },
} as unknown as Gateway;

const makeExports = () =>
  createExports({ gateway: () => gateway, line: () => line, archive, clock: { now: () => noonMs }, policy: async () => policy });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'oversight-exports-'));
  archive = await openMemoryArchive();
  recorded = [];
  failure = null;
  line = 'online';
  before = () => undefined;
  policy = samplePolicy();
  exports = makeExports();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a list that is written to a file', () => {
  it('is on record before it has its name', async () => {
    before = () => expect(existsSync(file())).toBe(false);
    expect(await exports.save(file(), about, write)).toEqual({ rows: 3, recorded: 'now' });
    expect(readFileSync(file(), 'utf8')).toBe('whole');
    expect(readdirSync(folder)).toEqual(['list.csv']);
    expect(await waiting()).toEqual([]);
  });

  it('says what it is to the gateway', async () => {
    await exports.save(file(), about, write);
    expect(recorded).toEqual([{ key: expect.any(String), at: toInstant(noonMs), ...about, ...exported }]);
  });

  it('is written while the gateway is out of reach, and told once when it is back, also by a later run of the app', async () => {
    failure = unreachable;
    expect(await exports.save(file(), about, write)).toEqual({ rows: 3, recorded: 'later' });
    expect(readFileSync(file(), 'utf8')).toBe('whole');
    await exports.sendWaiting();
    expect(await waiting()).toHaveLength(1);

    const next = makeExports();
    failure = null;
    await Promise.all([next.sendWaiting(), next.sendWaiting()]);
    expect(recorded.map(({ rows, at }) => ({ rows, at }))).toEqual([{ rows: 3, at: toInstant(noonMs) }]);
    await next.sendWaiting();
    expect(recorded).toHaveLength(1);
    expect(await waiting()).toEqual([]);
    expect(readFileSync(file(), 'utf8')).toBe('whole');
  });

  it('is not held up by a line that is known to be down', async () => {
    line = 'offline';
    expect(await exports.save(file(), about, write)).toEqual({ rows: 3, recorded: 'later' });
    await exports.sendWaiting();
    expect(recorded).toEqual([]);
    line = 'online';
    await exports.sendWaiting();
    expect(recorded).toHaveLength(1);
  });

  it('that the gateway refuses is not there, and what had the name before still is', async () => {
    writeFileSync(file(), 'the last export');
    failure = { code: 'EXPORT_NOT_ALLOWED', data: {} };
    await expect(exports.save(file(), about, write)).rejects.toMatchObject({ failure });
    expect(readdirSync(folder)).toEqual(['list.csv']);
    expect(readFileSync(file(), 'utf8')).toBe('the last export');
    expect(await waiting()).toEqual([]);
  });

  it('that was made offline and is refused afterwards is told no more: the gateway has it on record as refused', async () => {
    failure = unreachable;
    await exports.save(file(), about, write);
    failure = { code: 'EXPORT_NOT_ALLOWED', data: {} };
    await exports.sendWaiting();
    expect(await waiting()).toEqual([]);
  });

  it('that breaks off leaves what was there before, and nothing half done', async () => {
    writeFileSync(file(), 'the last export');
    const breaks = async (unfinished: string) => {
      writeFileSync(unfinished, 'ha');
      throw new FailureError({ code: 'CANCELED', data: {} });
    };
    await expect(exports.save(file(), about, breaks)).rejects.toMatchObject({ failure: { code: 'CANCELED' } });
    expect(readdirSync(folder)).toEqual(['list.csv']);
    expect(recorded).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('that cannot have its name says so and is not told later', async () => {
    failure = unreachable;
    await expect(exports.save(folder, about, write)).rejects.toMatchObject({ failure: { code: 'CANNOT_SAVE_FILE' } });
    expect(readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`${path.basename(folder)}.`))).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('half written by an app that was killed goes at the next start; whole but without its name it is told as well', async () => {
    const [half, whole] = [path.join(folder, 'a.csv.1.part'), path.join(folder, 'b.csv.2.part')];
    for (const name of [half, whole]) writeFileSync(name, 'x');
    const key = '0193a0f0-0000-7000-8000-000000000002';
    await archive.call('exports.begin', { key: '0193a0f0-0000-7000-8000-000000000001', unfinished: half });
    await archive.call('exports.begin', { key, unfinished: whole });
    await archive.call('exports.put', { key, at: toInstant(noonMs), ...about, ...exported });
    await exports.sendWaiting();
    expect(readdirSync(folder)).toEqual([]);
    expect(recorded.map((record) => record.key)).toEqual([key]);
    expect(await waiting()).toEqual([]);
  });

  it('is one at a time, and what it is writing is left alone by what is sent meanwhile', async () => {
    const done = Promise.withResolvers<void>();
    const first = exports.save(file(), about, async (unfinished) => {
      writeFileSync(unfinished, 'whole');
      await done.promise;
      return exported;
    });
    await expect(exports.save(file(), about, write)).rejects.toMatchObject({ failure: { code: 'EXPORT_RUNNING' } });
    await expect(exports.check()).rejects.toMatchObject({ failure: { code: 'EXPORT_RUNNING' } });
    await exports.sendWaiting();
    done.resolve();
    expect(await first).toEqual({ rows: 3, recorded: 'now' });
    expect(readFileSync(file(), 'utf8')).toBe('whole');
  });

  it('is refused before anybody is asked where to, if the policy is known to forbid it', async () => {
    policy = samplePolicy({ exportsAllowed: false });
    await expect(exports.check()).rejects.toMatchObject({ failure: { code: 'EXPORT_NOT_ALLOWED' } });
    policy = samplePolicy();
    await expect(exports.check()).resolves.toBeUndefined();
  });
});
