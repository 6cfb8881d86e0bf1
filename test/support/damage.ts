import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { toInstant } from '../../contract/time.ts';
import { asideIn, everythingIn, keptFiles } from './kept-files.ts';
import { randomFrom } from './random.ts';
import { hourMs, noonMs, sampleDraft, sampleRequest, sampleSession } from './samples.ts';

type Random = ReturnType<typeof randomFrom>;
const pageBytes = 4096;

/** Ways in which a file is not as it was written. */
const mutations: Record<string, (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer> = {
  'one bit': (bytes, random) => flipped(bytes, random, 1),
  'many bits': (bytes, random) => flipped(bytes, random, 2 + random.below(200)),
  'cut short': (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  'cut at a page': (bytes, random) => bytes.subarray(0, random.below(Math.ceil(bytes.length / pageBytes)) * pageBytes),
  'a page of zeros': (bytes, random) => onPage(bytes, random, (page) => page.fill(0)),
  'a page of noise': (bytes, random) =>
    onPage(bytes, random, (page) => {
      for (let at = 0; at < page.length; at += 1) page[at] = random.below(256);
    }),
  'two pages swapped': (bytes, random) =>
    onPage(bytes, random, (page) => {
      const from = random.below(Math.max(1, Math.floor(bytes.length / pageBytes))) * pageBytes;
      const other = Buffer.from(bytes.subarray(from, from + page.length));
      page.copy(bytes, from);
      other.copy(page);
    }),
  'more at its end': (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + random.below(3 * pageBytes), random.below(256))]),
  'another file': (_bytes, random, others) => Buffer.from(random.pick(others)),
  nothing: () => Buffer.alloc(0),
};

function flipped(bytes: Buffer, random: Random, count: number): Buffer {
  for (let number = 0; number < count; number += 1) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return bytes;
}

function onPage(bytes: Buffer, random: Random, change: (page: Buffer) => void): Buffer {
  const from = random.below(Math.max(1, Math.floor(bytes.length / pageBytes))) * pageBytes;
  change(bytes.subarray(from, from + pageBytes));
  return bytes;
}

type Base = { folder: string; name: string /** Each state in which a row was ever written. */; states: Map<string, Set<string>> };

/** Files of one account: closed, or as a kill leaves them, with a write-ahead log. `rows` requests. */
async function makeBase(folder: string, name: string, rows: number, killed: boolean, key?: string): Promise<Base> {
  const made = path.join(folder, `${name}-made`);
  mkdirSync(made, { recursive: true });
  const files = keptFiles(made, key);
  const states = new Map<string, Set<string>>();
  const noted = async () => {
    for (const [id, text] of await everythingIn(files)) states.set(id, (states.get(id) ?? new Set()).add(text));
  };
  const request = (number: number, version: number) =>
    sampleRequest(number, { version, justification: `${name} ${number}, as of version ${version}`.repeat(4) });
  const numbers = Array.from({ length: rows }, (_, number) => number + 1);
  await files.open();
  await files.call('meta.put', { name: 'user', value: 'somebody' });
  await files.call('requests.put', { items: numbers.map((number) => request(number, 1)) });
  await files.call('sessions.put', { items: numbers.slice(0, 300).map((number) => sampleSession(number)) });
  for (const number of numbers.slice(0, 60)) {
    const draft = sampleDraft({
      sessionId: sampleSession(number).id,
      justification: `Draft ${number} `.repeat(40),
      start: toInstant(noonMs),
      end: toInstant(noonMs + hourMs),
    });
    await files.call('drafts.keep', { draft, session: sampleSession(number), at: toInstant(noonMs + number) });
  }
  await noted();
  if (killed) {
    await files.close();
    await files.open();
    await files.call('requests.put', { items: numbers.slice(0, 40).map((number) => request(number, 2)) });
    for (const number of numbers.slice(0, 5))
      await files.call(
        'drafts.put',
        sampleDraft({ sessionId: sampleSession(number).id, justification: `Draft ${number}, changed` }),
      );
    await noted();
  }
  const base = path.join(folder, name);
  if (!killed) await files.close();
  cpSync(made, base, { recursive: true });
  if (killed) await files.close();
  return { folder: base, name, states };
}

export type DamageReport = {
  mutations: number;
  rebuilt: number;
  draftsLost: number;
  unnoticed: number;
  draftsKept: number;
  drafts: number;
};

/**
 * Opens and reads `count` mutated copies of an account's files. Fails when one does not open, when a row is read that was never written
 * so, when rows are missing and nothing is said, when drafts are missing though their file was not touched, or when a file is gone.
 */
export async function openMutated(count: number, seed: number): Promise<DamageReport> {
  const random = randomFrom(seed);
  const folder = mkdtempSync(path.join(tmpdir(), 'oversight-damage-'));
  const report: DamageReport = { mutations: 0, rebuilt: 0, draftsLost: 0, unnoticed: 0, draftsKept: 0, drafts: 0 };
  try {
    const bases = [
      await makeBase(folder, 'closed', 300, false),
      await makeBase(folder, 'killed', 300, true),
      // So large that it is not looked at wholly when it is opened.
      await makeBase(folder, 'large', 5_000, true),
    ];
    const foreign = await makeBase(folder, 'foreign', 50, true, Buffer.alloc(32, 9).toString('hex'));
    for (let number = 0; number < count; number += 1) {
      const base = bases[number % 10 === 9 ? 2 : number % 2] ?? foreign;
      const copy = path.join(folder, 'copy');
      rmSync(copy, { recursive: true, force: true });
      cpSync(base.folder, copy, { recursive: true });
      const names = ['one.archive', 'one.drafts', 'one.archive-wal', 'one.drafts-wal', 'one.archive-shm', 'one.drafts-shm'];
      const victim = random.pick(names.filter((name) => existsSync(path.join(copy, name)) || name.endsWith('-wal')));
      const file = path.join(copy, victim);
      const others = [
        ...['one.archive-wal', 'one.drafts-wal', 'one.drafts'].map((name) => readFileSync(path.join(foreign.folder, name))),
        ...['one.archive', 'one.drafts'].map((name) => readFileSync(path.join(base.folder, name))),
        Buffer.from('this is no database'.repeat(500)),
      ];
      const before = existsSync(file) ? readFileSync(file) : null;
      const how = before === null || before.length === 0 ? 'another file' : random.pick(Object.keys(mutations));
      writeFileSync(file, mutations[how]?.(Buffer.from(before ?? ''), random, others) ?? '');
      const about = `mutation ${number}: ${base.name}, ${victim}, ${how}`;
      await readBack(copy, base, victim, about, report);
    }
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readBack(copy: string, base: Base, victim: string, about: string, report: DamageReport): Promise<void> {
  const kept = keptFiles(copy);
  const { size } = statSync(path.join(copy, victim));
  try {
    await kept.open();
    const found = await everythingIn(kept);
    for (const [id, text] of found) expect(base.states.get(id)?.has(text), `${about}: ${id} was never ${text}`).toBe(true);
    const missing = [...base.states.keys()].filter((id) => !found.has(id));
    const lost = (what: RegExp) => missing.filter((id) => what.test(id)).length;
    const { notices } = kept;
    report.mutations += 1;
    report.rebuilt += Number(notices.includes('archive-rebuilt'));
    report.draftsLost += Number(notices.includes('drafts-lost'));
    report.unnoticed += Number(notices.length === 0);
    const isWal = victim.endsWith('-wal');
    if (!notices.includes('archive-rebuilt')) {
      // A log that ends earlier is a log that ends earlier: what it held was never folded in, and the gateway has it.
      if (!isWal) expect(lost(/^(request|session)/), `${about}: rows missing without a word`).toBe(0);
    }
    if (!notices.includes('drafts-lost') && !isWal) expect(lost(/^draft/), `${about}: drafts missing without a word`).toBe(0);
    if (!victim.startsWith('one.drafts')) {
      expect(lost(/^draft/), `${about}: drafts`).toBe(0);
      expect(notices.includes('drafts-lost'), about).toBe(false);
    } else if (notices.includes('drafts-lost')) {
      report.drafts += [...base.states.keys()].filter((id) => id.startsWith('draft')).length;
      report.draftsKept += [...found.keys()].filter((id) => id.startsWith('draft')).length;
    }
    if (notices.length > 0 && size > 0) expect(asideIn(copy).length, `${about}: put aside`).toBeGreaterThan(0);
    // It goes on working, and a second opening has nothing more to say.
    await kept.call('drafts.put', sampleDraft({ sessionId: 'S-after' }));
    await kept.close();
    notices.splice(0);
    await kept.open();
    expect(notices, `${about}: opened again`).toEqual([]);
    expect((await kept.call('drafts.get', { sessionId: 'S-after', kind: 'recording' })).draft).not.toBeNull();
  } catch (error) {
    // What fails can be looked at.
    const left = path.join(tmpdir(), 'oversight-damage-failed');
    rmSync(left, { recursive: true, force: true });
    mkdirSync(left);
    if (existsSync(path.join(copy, victim))) copyFileSync(path.join(copy, victim), path.join(left, victim));
    throw new Error(`${about}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    await kept.close().catch(() => undefined);
  }
}
