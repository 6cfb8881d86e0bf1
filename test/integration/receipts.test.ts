import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChainedEntry, genesisOf, hashOf } from '../../contract/receipt.ts';
import type { ReceiptEntry } from '../../contract/viewing.ts';
import { databaseFile } from '../../gateway/store/database.ts';
import { sha256 } from '../../main/viewing/receipts.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { httpSignIn } from '../support/http.ts';

let gateway: TestGateway;
let clara: Awaited<ReturnType<typeof httpSignIn>>;
let viewingId: string;
beforeAll(async () => {
  gateway = await startGateway();
  clara = await httpSignIn(gateway.url, 'clara.nogueira');
});
afterAll(() => gateway?.remove());

const at = () => new Date().toISOString();
const shown = (fromMs: number, toMs: number, speed = 1): ReceiptEntry => ({ type: 'shown', at: at(), fromMs, toMs, speed });

/** A client's chain of one viewing. */
function chainOf(id: string) {
  let hash = genesisOf(id, sha256);
  let sequence = 0;
  return (entry: ReceiptEntry): ChainedEntry => {
    hash = hashOf(hash, sequence, entry, sha256);
    return { sequence: sequence++, hash, entry };
  };
}

async function start(): Promise<string> {
  const { body } = await clara.post('/v1/viewings', { sessionId: '4f1aa', kind: 'recording' });
  return (body as { viewingId: string }).viewingId;
}
const send = (id: string, entries: ChainedEntry[]) => clara.post(`/v1/viewings/${id}/receipts`, { entries });
/** The command's lines and how it ended. */
async function verify(): Promise<{ ok: boolean; lines: Record<string, unknown>[] }> {
  const read = (text: string) =>
    text
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  return gateway.command('receipts', 'verify').then(
    (text) => ({ ok: true, lines: read(text) }),
    (error: { stdout: string }) => ({ ok: false, lines: read(error.stdout) }),
  );
}
function change(sql: string, ...values: unknown[]): void {
  const db = new Sqlite(databaseFile(gateway.dataDir));
  db.prepare(sql).run(...values);
  db.close();
}

describe('receipts at the gateway', () => {
  let chained: ChainedEntry[];

  it('are taken in order, signed for, and taken again without harm', async () => {
    viewingId = await start();
    const next = chainOf(viewingId);
    chained = [next({ type: 'play', at: at(), atMs: 0, speed: 1 }), next(shown(0, 4_000)), next(shown(4_000, 5_000))];
    const first = await send(viewingId, chained.slice(0, 2));
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ checkpoint: { viewingId, sequence: 1, hash: chained[1]?.hash } });
    expect((await send(viewingId, chained)).body).toMatchObject({ checkpoint: { sequence: 2 } });
    expect((await send(viewingId, chained)).body).toMatchObject({ checkpoint: { sequence: 2 } });
    expect(await verify()).toEqual({ ok: true, lines: [{ verified: true, viewings: 1, entries: 3, findings: 0 }] });
  });

  it('say what is missing before them, and refuse a fork for good', async () => {
    const other = await start();
    const [next, forked] = [chainOf(other), chainOf(other)];
    const first = next(shown(0, 1_000));
    next(shown(1_000, 2_000));
    expect((await send(other, [next(shown(2_000, 3_000))])).body).toMatchObject({ code: 'RECEIPT_GAP', data: { expected: 0 } });
    expect((await send(other, [first])).status).toBe(200);
    expect((await send(other, [forked(shown(0, 900))])).body).toMatchObject({ code: 'RECEIPT_FORK', data: { sequence: 0 } });
    expect((await send(other, [{ ...first, sequence: 1 }])).body).toMatchObject({ code: 'RECEIPT_FORK', data: { sequence: 1 } });
    const { ok, lines } = await verify();
    expect(ok).toBe(false);
    expect(lines[0]).toMatchObject({ viewing: other, what: expect.stringContaining('fork') });
    change('update viewings set forked_at = null where id = ?', other);
    expect((await verify()).ok).toBe(true);
  });

  it('are the coverage: mine, others’, and how long it took', async () => {
    const { body } = await clara.get('/v1/sessions/4f1aa');
    expect(body).toMatchObject({ coverage: { mine: [{ fromMs: 0, toMs: 5_000 }], others: [] } });
    const { viewings } = body as { viewings: { viewingId: string; watchedMs: number }[] };
    expect(viewings.find((one) => one.viewingId === viewingId)?.watchedMs).toBe(5_000);
    const marta = await httpSignIn(gateway.url, 'marta.reis');
    expect((await marta.get('/v1/sessions/4f1aa')).body).toMatchObject({
      coverage: { mine: [], others: [{ fromMs: 0, toMs: 5_000 }] },
    });
  });

  it('are marked when they cannot be true, or come from after the end', async () => {
    const late = await start();
    const next = chainOf(late);
    await send(late, [next(shown(0, 10_000_000))]);
    expect((await verify()).lines[0]).toMatchObject({ viewing: late, sequence: 0, what: 'more was shown than time allows' });
    await clara.post(`/v1/viewings/${late}/end`, {});
    await send(late, [next({ ...shown(0, 100), at: new Date(Date.now() + 60_000).toISOString() } as ReceiptEntry)]);
    expect((await verify()).lines[1]).toMatchObject({ sequence: 1, what: 'shown after the access had ended' });
    change('update receipt_entries set mark = null where viewing_id = ?', late);
  });

  it.each([
    [
      'an entry was changed',
      () =>
        change(
          'update receipt_entries set entry_json = ? where viewing_id = ? and sequence = 1',
          JSON.stringify(shown(0, 1)),
          viewingId,
        ),
      1,
    ],
    ['an entry was taken out', () => change('delete from receipt_entries where viewing_id = ? and sequence = 1', viewingId), 1],
    ['the end was cut off', () => change('delete from receipt_entries where viewing_id = ? and sequence = 2', viewingId), 2],
    [
      'the word was changed',
      () =>
        change(
          "update receipt_checkpoints set checkpoint_json = json_set(checkpoint_json, '$.sequence', 1) where viewing_id = ?",
          viewingId,
        ),
      1,
    ],
  ])('are found out when %s', async (_name, tamper, sequence) => {
    const db = new Sqlite(databaseFile(gateway.dataDir));
    const entries = db.prepare('select * from receipt_entries where viewing_id = ?').all(viewingId) as Record<string, unknown>[];
    const word = db.prepare('select checkpoint_json from receipt_checkpoints where viewing_id = ?').pluck().get(viewingId);
    db.close();
    tamper();
    const { ok, lines } = await verify();
    expect(ok).toBe(false);
    expect(lines[0]).toMatchObject({ viewing: viewingId, sequence });
    change('delete from receipt_entries where viewing_id = ?', viewingId);
    for (const row of entries)
      change(
        `insert into receipt_entries (${Object.keys(row).join(', ')}) values (${Object.keys(row)
          .map(() => '?')
          .join(', ')})`,
        ...Object.values(row),
      );
    change('update receipt_checkpoints set checkpoint_json = ? where viewing_id = ?', word, viewingId);
    expect((await verify()).ok).toBe(true);
  });

  it('are signed with a key that lies beside the store, for its owner alone', async () => {
    const file = path.join(gateway.dataDir, 'receipt-key.pem');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(databaseFile(gateway.dataDir), 'latin1')).not.toContain('PRIVATE KEY');
    expect((await clara.get('/v1/about')).body).toMatchObject({ receiptKey: expect.stringMatching(/^[\w-]{40,}$/) });
  });

  it('may come after the viewing, from another sign-in of the same account, and from nobody else', async () => {
    const id = await start();
    const next = chainOf(id);
    const entries = [next(shown(0, 500))];
    await clara.post(`/v1/viewings/${id}/end`, {});
    const marta = await httpSignIn(gateway.url, 'marta.reis');
    expect((await marta.post(`/v1/viewings/${id}/receipts`, { entries })).status).toBe(404);
    clara = await httpSignIn(gateway.url, 'clara.nogueira');
    expect((await send(id, entries)).status).toBe(200);
  });
});
