import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChainedEntry, genesisOf, hashOf } from '../../contract/receipt.ts';
import type { Review } from '../../contract/review.ts';
import type { Session } from '../../contract/session.ts';
import type { Lease } from '../../contract/viewing.ts';
import { sha256 } from '../../main/viewing/receipts.ts';
import { listen } from '../support/events.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type HttpPerson, httpSignIn } from '../support/http.ts';
import { addRecording, grant, personAt } from '../support/people.ts';
import { until } from '../support/processes.ts';

let gateway: TestGateway;
let folder: string;
const people: Record<string, HttpPerson> = {};
const by = (name: string) => people[name] as HttpPerson;

beforeAll(async () => {
  gateway = await startGateway();
  folder = await mkdtemp(path.join(tmpdir(), 'oversight-reviews-'));
  await addRecording(gateway, 'reviewed', folder, 60_000);
  for (const name of ['clara.nogueira', 'marta.reis', 'diego.alves', 'ana.prado', 'jsouza'])
    people[name] = await httpSignIn(gateway.url, name);
});
afterAll(async () => {
  await gateway?.remove();
  await rm(folder, { recursive: true, force: true });
});

const review = async (name: string, id = 'reviewed') => (await by(name).get<Review>(`/v1/sessions/${id}/review`)).body;
const comment = (name: string, over: object = {}, id = 'reviewed') =>
  by(name).post<Review>(`/v1/sessions/${id}/comments`, { key: randomUUID(), atMs: 12_000, text: 'Why sudo here?', ...over });
const mark = (name: string, over: object = {}, id = 'reviewed') =>
  by(name).post<Review>(`/v1/sessions/${id}/marks`, { key: randomUUID(), verdict: 'nothing-to-object', text: '', ...over });

/** Starts a viewing and puts a second of it on record. */
async function watchIt(name: string, id = 'reviewed'): Promise<void> {
  const { viewingId } = (await by(name).post<Lease>('/v1/viewings', { sessionId: id, kind: 'recording' })).body;
  const entry = { type: 'shown', at: new Date().toISOString(), fromMs: 0, toMs: 1_000, speed: 1 } as const;
  const entries: ChainedEntry[] = [{ sequence: 0, hash: hashOf(genesisOf(viewingId, sha256), 0, entry, sha256), entry }];
  expect((await by(name).post(`/v1/viewings/${viewingId}/receipts`, { entries })).status).toBe(200);
}

it('takes a comment from who may watch now, once for each key, and tells those who may watch too', async () => {
  const diego = listen(gateway.url, by('diego.alves').accessToken);
  const ana = listen(gateway.url, by('ana.prado').accessToken);
  await until('the stream', () => diego.heard.length > 0 && ana.heard.length > 0);
  const key = randomUUID();
  const first = await comment('clara.nogueira', { key });
  expect(first.body.comments).toMatchObject([{ atMs: 12_000, text: 'Why sudo here?', mine: true, withdrawnAt: null }]);
  expect((await comment('clara.nogueira', { key })).body.comments).toHaveLength(1);
  expect((await comment('clara.nogueira', { key }, '4f1aa')).body.code).toBe('KEY_REUSED');
  await comment('clara.nogueira', { atMs: 3_000, text: '  Signs in as root  ' });
  expect((await review('clara.nogueira')).comments.map(({ text }) => text)).toEqual(['Signs in as root', 'Why sudo here?']);

  await until('the news', () => diego.heard.some(({ event }) => event.type === 'review' && event.sessionId === 'reviewed'));
  diego.stop();
  // Who may never watch hears nothing of it.
  expect(ana.heard.some(({ event }) => event.type === 'review')).toBe(false);
  ana.stop();

  expect((await comment('marta.reis')).body.code).toBe('APPROVAL_NEEDED');
  expect((await comment('ana.prado')).body.code).toBe('ROLE_MISSING');
  expect((await comment('clara.nogueira', { text: ' ' })).body.code).toBe('INVALID_INPUT');
});

it('shows comments to who may watch, and to others only that there are some', async () => {
  expect(await review('marta.reis')).toMatchObject({
    comments: [],
    hidden: 2,
    may: { comment: { allowed: false, why: 'APPROVAL_NEEDED' }, mark: { allowed: false, why: 'NOT_WATCHED' } },
  });
  expect(await review('ana.prado')).toMatchObject({ comments: [], hidden: 0, marks: [] });
  const [asker, approver] = await Promise.all([personAt(gateway, 'marta.reis'), personAt(gateway, 'paulo.nunes')]);
  const granted = await grant(asker, approver, { sessionId: 'reviewed', windowMs: 600_000 });
  expect(await review('marta.reis')).toMatchObject({
    comments: [{ mine: false, author: { displayName: 'Clara Nogueira' } }, { text: 'Why sudo here?' }],
    hidden: 0,
    may: { comment: { allowed: true } },
  });
  await comment('marta.reis', { text: 'It was CHG-0001' });
  await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'Enough' });
  // One's own words stay readable.
  expect(await review('marta.reis')).toMatchObject({ comments: [{ text: 'It was CHG-0001', mine: true }], hidden: 2 });
});

it('keeps what is withdrawn on record, without its words, and lets nobody withdraw for another', async () => {
  const { comments } = await review('clara.nogueira');
  const own = comments.find(({ text }) => text === 'Why sudo here?')?.id ?? '';
  const other = comments.find(({ mine }) => !mine)?.id ?? '';
  const withdraw = (name: string, id: string, sessionId = 'reviewed') =>
    by(name).post<Review>(`/v1/sessions/${sessionId}/comments/${id}/withdraw`, {});
  expect((await withdraw('clara.nogueira', other)).body.code).toBe('NOT_THE_AUTHOR');
  expect((await withdraw('diego.alves', own)).body.code).toBe('NOT_FOUND');
  expect((await withdraw('clara.nogueira', own, '4f1aa')).body.code).toBe('NOT_FOUND');
  const after = (await withdraw('clara.nogueira', own)).body;
  const at = after.comments.find(({ id }) => id === own);
  expect(at).toMatchObject({ text: null, withdrawnAt: expect.any(String) });
  expect((await withdraw('clara.nogueira', own)).body.comments.find(({ id }) => id === own)).toEqual(at);
});

it('takes a mark from an auditor who has watched; the latest of a person counts, and the list shows the gravest', async () => {
  const audited = async (name: string) =>
    (await by(name).post<{ items: Session[] }>('/v1/sessions/search', { filter: { id: 'reviewed' } })).body.items[0]?.audited;
  expect((await mark('clara.nogueira')).body.code).toBe('NOT_WATCHED');
  await watchIt('clara.nogueira');
  expect((await mark('clara.nogueira', { verdict: 'violation' })).body.code).toBe('COMMENT_REQUIRED');
  const key = randomUUID();
  const objects = { key, verdict: 'violation', text: 'Copied the customers table' };
  expect((await mark('clara.nogueira', objects)).body.marks).toMatchObject([{ verdict: 'violation', counts: true, mine: true }]);
  expect((await mark('clara.nogueira', objects)).body.marks).toHaveLength(1);
  // Others know the verdict; why is for who may watch.
  expect(await review('diego.alves')).toMatchObject({ marks: [{ verdict: 'violation', text: null, mine: false }] });
  expect(await audited('diego.alves')).toBe('violation');
  expect(await audited('ana.prado')).toBeNull();
  await mark('clara.nogueira', { verdict: 'follow-up', text: 'It was a masked copy' });
  expect((await review('clara.nogueira')).marks.map(({ verdict, counts }) => [verdict, counts])).toEqual([
    ['follow-up', true],
    ['violation', false],
  ]);
  expect(await audited('diego.alves')).toBe('follow-up');
});

it('never about one’s own session, and not to be known by the one whose it is', async () => {
  await gateway.command(
    'user',
    'access',
    'jsouza',
    '--role',
    'PAM Auditor',
    '--role',
    'PAM Operator',
    '--permission',
    'PAM.SessionManagement.Recording',
  );
  people['jsouza'] = await httpSignIn(gateway.url, 'jsouza');
  await comment('clara.nogueira', {}, '4f1aa');
  await watchIt('clara.nogueira', '4f1aa');
  await mark('clara.nogueira', {}, '4f1aa');
  await watchIt('jsouza', '4f1aa');
  expect((await comment('jsouza', {}, '4f1aa')).body.code).toBe('RECORDED_PERSON');
  expect((await mark('jsouza', {}, '4f1aa')).body.code).toBe('RECORDED_PERSON');
  expect(await review('jsouza', '4f1aa')).toMatchObject({ comments: [], hidden: 0, marks: [] });
});

it('keeps what it acknowledged when it is killed', async () => {
  const before = await review('clara.nogueira');
  await gateway.kill9();
  await gateway.restart();
  people['clara.nogueira'] = await httpSignIn(gateway.url, 'clara.nogueira');
  expect(await review('clara.nogueira')).toEqual(before);
});

it('has something to read in the demo, for who may watch', async () => {
  const said = await review('clara.nogueira', '4f1d0');
  expect(said.comments.map(({ atMs, author, mine }) => [atMs, author.userName, mine])).toEqual([
    [51_700, 'clara.nogueira', true],
    [69_800, 'diego.alves', false],
  ]);
  expect(await review('marta.reis', '4f1d0')).toMatchObject({ comments: [], hidden: 2 });
});
