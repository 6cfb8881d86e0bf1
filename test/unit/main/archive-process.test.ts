import type { MessagePortMain } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { type Archive, type ArchiveProcess, createArchive } from '../../../main/archive/archive.ts';
import type { ArchiveAnswer, ArchiveAsk, ArchiveIntroduction, ArchiveNotice } from '../../../main/archive/calls.ts';
import { eventually } from '../../support/eventually.ts';

type Double = ArchiveProcess & {
  asked: ArchiveAsk[];
  introduced: ArchiveIntroduction[];
  names(): string[];
  answer(name: string, value: object): void;
  refuse(name: string): void;
  die(): void;
  killed: boolean;
};

/** Processes that do nothing by themselves: the test answers for them. */
function doubles() {
  const made: Double[] = [];
  const lost: ArchiveNotice[][] = [];
  const reported: string[] = [];
  const fork = (): Double => {
    const messages: ((answer: ArchiveAnswer) => void)[] = [];
    const exits: (() => void)[] = [];
    const idOf = (name: string) => double.asked.findLast((ask) => ask.name === name)?.id ?? -1;
    const double: Double = {
      asked: [],
      introduced: [],
      killed: false,
      names: () => double.asked.map(({ name }) => name),
      postMessage(message, ports) {
        if (ports) double.introduced.push(message as ArchiveIntroduction);
        else double.asked.push(message as ArchiveAsk);
      },
      on(event: string, listener: (answer: never) => void) {
        (event === 'message' ? messages : exits).push(listener as never);
      },
      kill() {
        double.killed = true;
      },
      answer: (name, value) => messages.forEach((listener) => void listener({ id: idOf(name), json: JSON.stringify(value) })),
      refuse: (name) => messages.forEach((listener) => void listener({ id: idOf(name), error: 'no' })),
      die: () => exits.forEach((listener) => void listener()),
    };
    made.push(double);
    return double;
  };
  const archive = createArchive({
    userData: '/somewhere',
    fork,
    report: (_error, where) => String(reported.push(where)),
    lost: (notices) => void lost.push(notices),
  });
  return { archive, made, lost, reported };
}

async function opened(): Promise<ReturnType<typeof doubles> & { first: Double }> {
  const all = doubles();
  const opening = all.archive.open('somebody', Buffer.alloc(32, 7));
  const first = all.made[0] as Double;
  first.answer('open', { notices: [], looked: true });
  await opening;
  return { ...all, first };
}
const get = (archive: Archive, id: string) => archive.call('requests.get', { id });
const failed = { failure: { code: 'ARCHIVE_FAILED' } };

describe('the archive’s process', () => {
  it('starts with the first call, and its files do not tell whose they are', async () => {
    const { made, first } = await opened();
    expect(made).toHaveLength(1);
    const { folder, name, key } = (first.asked[0] as ArchiveAsk).input as { folder: string; name: string; key: string };
    expect(folder).toBe('/somewhere/archive');
    expect(name).toMatch(/^[0-9a-f]{32}$/);
    expect(key).toBe('07'.repeat(32));
  });

  it('answers each call with its own answer, in whatever order', async () => {
    const { archive, first } = await opened();
    const one = get(archive, '1');
    const policy = archive.call('meta.get', { name: 'policy' });
    first.answer('meta.get', { value: 'x' });
    first.answer('requests.get', { request: null });
    expect([await policy, await one]).toEqual([{ value: 'x' }, { request: null }]);
  });

  it('is started again when it dies, opens the same account first, and is asked again', async () => {
    const { archive, made, first, lost } = await opened();
    const read = get(archive, '1');
    const write = archive.call('drafts.put', {} as never);
    first.die();
    expect(made[1]?.names()).toEqual(['open', 'requests.get', 'drafts.put']);
    expect(made[1]?.asked[0]?.input).toEqual(first.asked[0]?.input);
    made[1]?.answer('open', { notices: [], looked: true });
    made[1]?.answer('requests.get', { request: null });
    made[1]?.answer('drafts.put', {});
    expect(await read).toEqual({ request: null });
    await write;
    expect(lost).toEqual([]);
  });

  it('is given ports to pages while an account is open; else they end', async () => {
    let ended = 0;
    const close = (): void => {
      ended += 1;
    };
    const port = { close } as unknown as MessagePortMain;
    const { archive, made } = doubles();
    archive.introduce(port, 7);
    expect([ended, made.length]).toEqual([1, 0]);
    const { archive: other, first } = await opened();
    other.introduce(port, 8);
    expect([ended, first.introduced]).toEqual([1, [{ nowMs: 8 }]]);
    first.die();
    other.introduce(port, 9);
    expect(ended).toBe(2);
  });

  it('is not started a third time by the same call', async () => {
    const { archive, made, first, reported } = await opened();
    const read = get(archive, '1').catch((error) => error);
    first.die();
    made[1]?.die();
    expect(await read).toMatchObject(failed);
    expect(made).toHaveLength(2);
    expect(reported).toContain('archive.requests.get');
  });

  it('that dies while nothing is asked is started with the next call', async () => {
    const { archive, made, first } = await opened();
    first.die();
    expect(made).toHaveLength(1);
    void get(archive, '1');
    expect(made[1]?.names()).toEqual(['open', 'requests.get']);
  });

  it('that dies while opening fails the opening', async () => {
    const { archive, made } = doubles();
    const opening = archive.open('somebody', null).catch((error) => error);
    made[0]?.die();
    expect(await opening).toMatchObject(failed);
    expect(made).toHaveLength(1);
  });

  it('that comes back with less than it had says so', async () => {
    const { archive, made, first, lost } = await opened();
    const read = get(archive, '1');
    first.die();
    made[1]?.answer('open', { notices: ['archive-rebuilt'] });
    made[1]?.answer('requests.get', { request: null });
    await read;
    expect(lost).toEqual([['archive-rebuilt']]);
  });

  it('that refuses a call fails that call alone', async () => {
    const { archive, made, first, reported } = await opened();
    const read = get(archive, '1').catch((error) => error);
    first.refuse('requests.get');
    expect(await read).toMatchObject(failed);
    expect(reported).toEqual(['archive.requests.get']);
    expect(made).toHaveLength(1);
  });

  it('that cannot be started fails the call', async () => {
    const archive = createArchive({
      userData: '/somewhere',
      fork: () => {
        throw new Error('no process');
      },
      report: () => '',
      lost: () => undefined,
    });
    await expect(get(archive, '1')).rejects.toMatchObject(failed);
  });

  it('is closed before it is ended, and nothing starts it again', async () => {
    const { archive, made, first } = await opened();
    const stopping = archive.stop();
    expect(first.names()).toEqual(['open', 'close']);
    expect(first.killed).toBe(false);
    first.answer('close', {});
    await stopping;
    expect(first.killed).toBe(true);
    first.die();
    await expect(get(archive, '1')).rejects.toMatchObject(failed);
    expect(made).toHaveLength(1);
  });

  it('leaves the look at a large archive to another process, once the start is over, and opens a damaged one anew', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { archive, made, lost } = doubles();
      const opening = archive.open('somebody', Buffer.alloc(32, 7));
      made[0]?.answer('open', { notices: [], looked: false });
      await opening;
      expect(made).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(made[1]?.names()).toEqual(['look']);
      made[1]?.answer('look', { damaged: true });
      await eventually(() => expect(made[0]?.names()).toContain('suspect'));
      made[0]?.answer('suspect', {});
      await eventually(() => expect(made[2]?.names()).toEqual(['open']));
      expect([made[0]?.killed, made[1]?.killed]).toEqual([true, true]);
      made[2]?.answer('open', { notices: ['archive-rebuilt'], looked: true });
      await eventually(() => expect(lost).toEqual([['archive-rebuilt']]));
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not look at what was looked at, or is closed by then; what is whole is noted as looked at', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      for (const looked of [true, false]) {
        const { archive, made } = doubles();
        const opening = archive.open('somebody', Buffer.alloc(32, 7));
        made[0]?.answer('open', { notices: [], looked });
        await opening;
        if (!looked) void archive.close();
        await vi.advanceTimersByTimeAsync(120_000);
        expect(made).toHaveLength(1);
      }
      const { archive, made } = doubles();
      const opening = archive.open('somebody', Buffer.alloc(32, 7));
      made[0]?.answer('open', { notices: [], looked: false });
      await opening;
      await vi.advanceTimersByTimeAsync(60_000);
      made[1]?.answer('look', { damaged: false });
      await eventually(() => expect(made[0]?.names()).toEqual(['open', 'meta.put']));
      expect(made).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that does not close in time is ended all the same', async () => {
    const { archive, first } = await opened();
    await archive.stop();
    expect(first.killed).toBe(true);
  });
});
