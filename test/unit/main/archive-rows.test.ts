import type { MessagePortMain } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArchiveHandlers } from '../../../main/archive/handlers.ts';
import { serveRows } from '../../../main/archive/rows.ts';
import { eventually } from '../../support/eventually.ts';
import { noonMs, sampleRequest } from '../../support/samples.ts';

/** The archive's end of a port to a page. */
function portDouble() {
  const told: { id: number; json?: string; answer?: unknown }[] = [];
  let heard: (event: { data: unknown }) => void = () => {};
  const port = {
    closed: false,
    on: (_name: string, listener: typeof heard) => {
      heard = listener;
    },
    start: () => {},
    postMessage: (message: (typeof told)[number]) => void told.push(message),
    close: () => {
      port.closed = true;
    },
  };
  const ask = async (call: string, input: unknown) => {
    heard({ data: { id: 1, call, input } });
    await eventually(() => expect(told.length).toBeGreaterThan(0));
    return told.pop();
  };
  return { port, ask };
}

describe('rows for a page', () => {
  let handlers: ReturnType<typeof createArchiveHandlers>;
  let end: () => void;
  let { port, ask } = portDouble();
  const first = { query: {}, from: 0 };

  beforeEach(() => {
    handlers = createArchiveHandlers();
    handlers.open({ folder: '/nowhere', name: 'x', key: null });
    handlers['requests.put']({ items: [sampleRequest(1), sampleRequest(2)] });
    ({ port, ask } = portDouble());
    end = serveRows(port as unknown as MessagePortMain, handlers, () => noonMs);
  });
  afterEach(() => handlers.close({}));

  it('are those of the archive, at the moment that it is', async () => {
    const ids = async (query: object) =>
      JSON.parse((await ask('history.page', { query, from: 0 }))?.json ?? '{}').rows.map(({ id }: { id: string }) => id);
    expect(await ids({})).toEqual(['R-000001', 'R-000002']);
    expect(await ids({ filter: { phases: ['pending'] } })).toEqual(['R-000001', 'R-000002']);
    end();
    serveRows(port as unknown as MessagePortMain, handlers, () => noonMs + 10 * 3_600_000);
    expect(await ids({ filter: { phases: ['pending'] } })).toEqual([]);
  });

  it('are all there is: nothing else is answered, and nothing that does not parse', async () => {
    for (const call of ['history.get', 'account.get', 'open', 'wipe', 'toString'])
      expect(await ask(call, first)).toMatchObject({ answer: { ok: false, failure: { code: 'FORBIDDEN_CALL' } } });
    for (const input of [{}, { query: {}, from: 0, limit: 501 }, { query: {}, from: 0.5 }])
      expect(await ask('history.page', input)).toMatchObject({ answer: { ok: false, failure: { code: 'INVALID_INPUT' } } });
    expect(port.closed).toBe(false);
  });

  it('end with the port where they cannot be read, so that main is asked and says why', async () => {
    handlers.close({});
    await ask('history.page', first);
    expect(port.closed).toBe(true);
  });
});
