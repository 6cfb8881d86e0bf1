import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection, EventName } from '../../../contract/events.ts';
import { type Failure, FailureError, fail } from '../../../contract/failure.ts';
import { SessionQuery } from '../../../contract/session.ts';
import { toInstant, toMs } from '../../../contract/time.ts';
import { createExports } from '../../../main/export/exports.ts';
import type { Gateway } from '../../../main/gateway/client.ts';
import { createSessions } from '../../../main/sessions/service.ts';
import { eventually } from '../../support/eventually.ts';
import { openMemoryArchive } from '../../support/memory-archive.ts';
import { noonMs, samplePolicy, sampleSession } from '../../support/samples.ts';

const unreachable: Failure = { code: 'UNREACHABLE', data: { host: 'g', why: 'refused' } };
const query = (more: object = {}) => SessionQuery.parse(more);

type Said = { name: EventName; payload: unknown };
let said: Said[];
let line: Connection['state'];
let failure: Failure | null;
let asked: number;
let file: string | null;
let gateway: Gateway | null;
let archive: Awaited<ReturnType<typeof openMemoryArchive>>;
let sessions: ReturnType<typeof createSessions>;
const shown = [1, 2, 3].map((number) => sampleSession(number));

function someGateway(): Gateway {
  const answer = <T>(value: T) => {
    asked += 1;
    if (failure) throw new FailureError(failure);
    return value;
  };
  const calls = {
    sessions: {
      search: async ({ limit, cursor }: SessionQuery) =>
        answer({
          items: cursor ? shown.slice(limit) : shown.slice(0, limit),
          nextCursor: !cursor && limit < 3 ? 'more' : null,
          total: cursor ? null : 3,
        }),
      get: async ({ id }: { id: string }) =>
        answer({
          session: shown.find((one) => one.id === id) ?? fail('NOT_FOUND', { what: 'session' }),
          endedAt: null,
          events: [],
          viewings: [],
          coverage: null,
        }),
    },
  };
  const exports = { record: async () => ({ at: toInstant(noonMs) }) };
  return { calls: { ...calls, exports } } as unknown as Gateway;
}

beforeEach(async () => {
  said = [];
  line = 'online';
  failure = null;
  asked = 0;
  file = null;
  gateway = someGateway();
  archive = await openMemoryArchive();
  sessions = createSessions({
    gateway: () => gateway ?? fail('SIGNED_OUT'),
    line: () => line,
    archive,
    keeping: { sessions: async (items) => [...items] },
    clock: { now: () => noonMs },
    publish: (name, payload) => void said.push({ name, payload }),
    chooseFile: async () => file,
    exports: createExports({
      gateway: () => gateway ?? fail('SIGNED_OUT'),
      line: () => line,
      archive,
      clock: { now: () => noonMs },
      policy: async () => samplePolicy(),
    }),
  });
});

describe('a page of sessions', () => {
  it('comes from the gateway and is remembered for when it is out of reach', async () => {
    expect(await sessions.page(query())).toEqual({
      items: shown,
      nextCursor: null,
      total: 3,
      from: 'gateway',
      asOf: toInstant(noonMs),
    });
    await archive.call('meta.put', { name: 'synchronised', value: toInstant(noonMs - 60_000) });
    failure = unreachable;
    const kept = { items: shown, nextCursor: null, total: 3, from: 'archive', asOf: toInstant(noonMs - 60_000) };
    expect(await sessions.page(query())).toEqual(kept);
    line = 'offline';
    asked = 0;
    expect(await sessions.page(query())).toEqual(kept);
    expect(asked).toBe(0);
  });

  it('is there at once from the archive while the line is made, if anything fits; else the gateway is asked', async () => {
    line = 'connecting';
    expect((await sessions.page(query())).from).toBe('gateway');
    expect((await sessions.page(query())).from).toBe('archive');
    expect(asked).toBe(1);
    archive.failing = true;
    expect((await sessions.page(query())).from).toBe('gateway');
  });

  it('that the gateway refuses is refused: the archive does not stand in for a no', async () => {
    await sessions.page(query());
    failure = { code: 'RATE_LIMITED', data: { retryAfterMs: 1 } };
    await expect(sessions.page(query())).rejects.toMatchObject({ failure });
  });

  it('goes on where it began: in the archive in the archive, at the gateway at the gateway', async () => {
    await sessions.page(query());
    line = 'offline';
    const first = await sessions.page(query({ limit: 2 }));
    line = 'online';
    const rest = await sessions.page(query({ limit: 2, cursor: first.nextCursor }));
    expect([...first.items, ...rest.items]).toEqual(shown);
    expect(rest.from).toBe('archive');

    const { nextCursor } = await sessions.page(query({ limit: 2 }));
    failure = unreachable;
    await expect(sessions.page(query({ limit: 2, cursor: nextCursor }))).rejects.toMatchObject({ failure: unreachable });
  });

  it('with a made-up cursor is refused', async () => {
    await expect(sessions.page(query({ cursor: 'archive:{' }))).rejects.toMatchObject({ failure: { code: 'INVALID_INPUT' } });
  });

  it('does not wait for the archive, nor fail with it', async () => {
    archive.failing = true;
    expect((await sessions.page(query())).items).toEqual(shown);
  });

  it('that comes after the person has changed goes into nobody’s archive', async () => {
    const page = sessions.page(query());
    gateway = someGateway();
    await page;
    expect((await archive.call('sessions.page', query())).items).toEqual([]);
  });

  it('is nobody’s while nobody is signed in', async () => {
    gateway = null;
    line = 'offline';
    await expect(sessions.page(query())).rejects.toMatchObject({ failure: { code: 'SIGNED_OUT' } });
  });
});

describe('a session', () => {
  it('comes from the gateway, else as it was last seen', async () => {
    expect((await sessions.get('S-000001')).events).toEqual([]);
    line = 'offline';
    const { startedAt, durationMs } = shown[0] ?? sampleSession(1);
    const kept = {
      session: shown[0],
      endedAt: toInstant(toMs(startedAt) + (durationMs ?? 0)),
      events: null,
      viewings: [],
      earlierViewings: 0,
      coverage: null,
    };
    expect(await sessions.get('S-000001')).toEqual(kept);
    line = 'online';
    failure = unreachable;
    expect(await sessions.get('S-000001')).toEqual(kept);
    await expect(sessions.get('S-000002')).rejects.toMatchObject({ failure: unreachable });
  });

  it('that has changed is told and kept', async () => {
    const changed = sampleSession(1, { state: 'live', durationMs: null });
    sessions.heard({ type: 'session', session: changed });
    expect(said).toEqual([{ name: 'sessions', payload: { changed: [changed], all: false } }]);
    await eventually(async () => expect((await archive.call('sessions.get', { id: changed.id })).session).toEqual(changed));
  });
});

describe('an export', () => {
  const everything = { filter: {}, sort: { by: 'startedAt', direction: 'desc' } } as const;

  it('that the person does not want is none', async () => {
    expect(await sessions.export(everything, ['id'])).toEqual({ saved: false });
    expect(asked).toBe(0);
  });

  it('holds all there is, not only what was seen, even while the line is made', async () => {
    await archive.call('sessions.put', { items: [shown[0] ?? sampleSession(1)] });
    line = 'connecting';
    const folder = mkdtempSync(path.join(tmpdir(), 'oversight-export-'));
    file = path.join(folder, 'sessions.csv');
    expect(await sessions.export(everything, ['id'])).toEqual({ saved: true, rows: 3 });
    expect(said).toEqual([{ name: 'export-progress', payload: { rows: 3, total: 3 } }]);
    rmSync(folder, { recursive: true });
  });
});
