import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../contract/history.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type HttpPerson, httpSignIn } from '../support/http.ts';

describe('exports at the gateway', () => {
  let gateway: TestGateway;
  let marta: HttpPerson;
  let paulo: HttpPerson;

  beforeAll(async () => {
    gateway = await startGateway();
    marta = await httpSignIn(gateway.url, 'marta.reis');
    paulo = await httpSignIn(gateway.url, 'paulo.nunes');
  });
  afterAll(() => gateway?.remove());

  const record = (more: Partial<ExportRecord> = {}): ExportRecord => ({
    key: randomUUID(),
    at: '2026-11-24T12:00:00.000Z',
    format: 'csv',
    subject: { of: 'history', query: { filter: { text: 'payroll\t"x"' }, sort: { by: 'createdAt', direction: 'desc' } } },
    rows: 1_234,
    sha256: 'a'.repeat(64),
    dataSha256: null,
    ...more,
  });
  const send = (person: HttpPerson, body: ExportRecord) => person.post<{ at: string }>('/v1/exports', body);
  const listed = async (hash: string) =>
    (await gateway.command('exports', 'list')).split('\n').filter((line) => line.includes(hash));

  it('are put on record once, however often they are told, and listed with who, what and the hash', async () => {
    const body = record({ sha256: 'b'.repeat(64), dataSha256: 'c'.repeat(64), format: 'pdf' });
    const first = await send(marta, body);
    expect(first.status).toBe(200);
    expect((await send(marta, body)).body).toEqual(first.body);
    const lines = await listed(body.sha256);
    expect(lines).toHaveLength(1);
    for (const part of [
      first.body.at,
      'made 2026-11-24T12:00:00.000Z',
      'marta.reis',
      'allowed',
      'pdf',
      '1234 rows',
      'c'.repeat(64),
    ])
      expect(lines[0]).toContain(part);
    expect(JSON.parse(lines[0]?.split('\t').at(-1) ?? '')).toEqual(body.subject);
  });

  it('of two people may have one key; one key of a person stands for one export', async () => {
    const body = record({ sha256: 'd'.repeat(64) });
    expect((await send(marta, body)).status).toBe(200);
    expect((await send(paulo, body)).status).toBe(200);
    expect(await listed(body.sha256)).toHaveLength(2);
    expect((await send(marta, { ...body, sha256: 'e'.repeat(64) })).body.code).toBe('KEY_REUSED');
    expect(await listed('e'.repeat(64))).toHaveLength(0);
  });

  it('that the policy forbids are refused, and on record as such, also when they are told again after it has changed', async () => {
    await gateway.command('policy', 'set', 'exportsAllowed=false');
    const body = record({ sha256: 'f'.repeat(64) });
    expect(await send(marta, body)).toMatchObject({ status: 403, body: { code: 'EXPORT_NOT_ALLOWED' } });
    await gateway.command('policy', 'set', 'exportsAllowed=true');
    expect((await send(marta, body)).body.code).toBe('EXPORT_NOT_ALLOWED');
    const lines = await listed(body.sha256);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('not allowed');
  });

  it('need a sign-in and a whole record', async () => {
    const response = await fetch(`${gateway.url}/v1/exports`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect((await send(marta, record({ sha256: 'short' }))).body.code).toBe('INVALID_INPUT');
    expect((await send(marta, { ...record(), rows: -1 })).body.code).toBe('INVALID_INPUT');
  });
});
