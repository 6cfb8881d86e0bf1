import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFacts } from '../../gateway/media/facts.ts';
import { openDatabase } from '../../gateway/store/database.ts';
import { root } from '../support/processes.ts';

const run = promisify(execFile);
let work = '';
let data = '';
const at = (name: string) => path.join(work, name);
const ffmpeg = (...args: string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: work });
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
/** Moves, stands still from 6 s to 14 s, moves again. */
const idleMiddle = 'testsrc2=s=320x180:r=10:d=12,loop=loop=80:size=1:start=60,setpts=N/10/TB';

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'oversight-import-'));
  data = at('data');
  const db = await openDatabase(data);
  await db.insertInto('routes').values({ id: 'r', name: 'Route' }).execute();
  await db.destroy();
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    idleMiddle,
    '-f',
    'lavfi',
    '-i',
    'sine=d=20',
    ...h264,
    '-g',
    '20',
    '-c:a',
    'aac',
    '-t',
    '20',
    'a.mp4',
  );
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function sessionFile(id: string): Promise<string> {
  const about = { id, user: 'a', credential: 'root', device: 'd', originIp: '10.0.0.1', protocol: 'SSH', route: 'Route' };
  await writeFile(
    at(`${id}.json`),
    JSON.stringify({ ...about, startedAt: '2026-11-01T10:00:00.000Z', durationMs: null, state: 'recorded' }),
  );
  return at(`${id}.json`);
}

const argsOf = (file: string, video: string) => ['gateway/index.ts', 'import', '--session', file, video, '--data', data];

async function importIt(id: string, video: string) {
  const { stdout } = await run(process.execPath, argsOf(await sessionFile(id), video), { cwd: root });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function refused(id: string, video: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const failed = await run(process.execPath, argsOf(await sessionFile(id), video), { cwd: root, env }).then(
    () => null,
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed?.code).toBe(2);
  return failed?.stderr ?? '';
}

async function imported(id: string) {
  const db = await openDatabase(data);
  const row = await db.selectFrom('sessions').select('recording_json').where('id', '=', id).executeTakeFirst();
  const events = await db.selectFrom('session_events').select(['at_ms', 'type', 'text']).where('session_id', '=', id).execute();
  await db.destroy();
  const source = JSON.parse(row?.recording_json ?? 'null') as { type: 'folder'; path: string };
  const playlist = await readFile(path.join(source.path, 'index.m3u8'), 'utf8');
  const facts = await readFacts(source);
  const lengths = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  if (!facts) throw new Error('nothing is known of it');
  return { folder: source.path, playlist, facts, lengths, events };
}

const hash = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
const leftovers = async () => [...(await readdir(path.join(data, 'imports')).catch(() => []))];

function wellCut(lengths: number[], seconds: number, frame: number): void {
  for (const length of lengths.slice(0, -1)) expect(length).toBeGreaterThanOrEqual(1.95);
  for (const length of lengths) expect(length).toBeLessThanOrEqual(4.05);
  expect(Math.abs(lengths.reduce((sum, length) => sum + length, 0) - seconds)).toBeLessThanOrEqual(frame + 0.001);
}

it('packs an mp4 as it is, finds its idle middle, and leaves the original alone', async () => {
  const before = await hash(at('a.mp4'));
  const said = await importIt('mp4', at('a.mp4'));
  expect(said.at(-1)).toMatchObject({ done: true, session: 'mp4' });
  const { facts, lengths, folder } = await imported('mp4');
  wellCut(lengths, 20, 0.1);
  expect(facts.durationMs).toBe(20_000);
  expect(facts.idle).toHaveLength(1);
  expect(Math.abs((facts.idle[0]?.fromMs ?? 0) - 6_000)).toBeLessThanOrEqual(1_000);
  expect(Math.abs((facts.idle[0]?.toMs ?? 0) - 14_000)).toBeLessThanOrEqual(1_000);
  expect(facts.activity).toHaveLength(20);
  expect(facts.storyboard?.sheets).toEqual(['storyboard/sheet-0001.jpg']);
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name',
    '-of',
    'csv=p=0',
    path.join(folder, 'index.m3u8'),
  ]);
  expect(stdout.trim().split('\n').sort()).toEqual(expect.arrayContaining(['aac', 'h264']));
  expect(await hash(at('a.mp4'))).toBe(before);
  expect(await leftovers()).toEqual([]);
  expect(await refused('mp4', at('a.mp4'))).toMatch(/has a recording already/);
});

it.each([
  ['mkv', 's.mkv', 30, ['-r', '30', ...h264, '-g', '300']],
  ['webm', 's.webm', 10, ['-r', '10', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8']],
  ['one-fps', 'slow.mp4', 1, ['-r', '1', ...h264]],
])('encodes anew what cannot be cut as it is: %s', async (id, name, rate, args) => {
  await ffmpeg('-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${rate}:d=10`, ...args, name);
  await importIt(id, at(name));
  const { lengths, facts } = await imported(id);
  wellCut(lengths, 10, 1 / rate);
  expect(Math.abs(facts.durationMs - 10_000)).toBeLessThanOrEqual(1_000 / rate + 1);
});

it('fits several resolutions into one picture', async () => {
  for (const [name, size] of [
    ['p1.ts', '320x180'],
    ['p2.ts', '400x300'],
  ] as const)
    await ffmpeg('-f', 'lavfi', '-i', `testsrc2=s=${size}:r=10:d=5`, ...h264, '-f', 'mpegts', name);
  await writeFile(at('both.ts'), Buffer.concat([await readFile(at('p1.ts')), await readFile(at('p2.ts'))]));
  await ffmpeg('-fflags', '+genpts', '-i', 'both.ts', '-c', 'copy', 'sizes.mkv');
  await importIt('sizes', at('sizes.mkv'));
  const { folder, lengths } = await imported('sizes');
  for (const length of lengths) expect(length).toBeLessThanOrEqual(4.05);
  const shown = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'frame=width,height',
    '-of',
    'csv=p=0',
    path.join(folder, 'index.m3u8'),
  ]);
  expect(
    new Set(
      shown.stdout
        .trim()
        .split('\n')
        .map((line) => line.replace(/,+$/, ''))
        .filter((line) => line !== ''),
    ),
  ).toEqual(new Set(['400,300']));
});

it('keeps HLS as it is: MPEG-TS, encrypted, and one file with byte ranges', async () => {
  await writeFile(at('k.key'), Buffer.alloc(16, 7));
  await writeFile(at('k.info'), `k.key\n${at('k.key')}\n`);
  const forms = { ts: [], aes: ['-hls_key_info_file', at('k.info')], ranges: ['-hls_flags', 'single_file'] };
  for (const [id, args] of Object.entries(forms)) {
    await mkdir(at(`hls-${id}`));
    if (id === 'aes') await cp(at('k.key'), at('hls-aes/k.key'));
    await ffmpeg(
      '-i',
      'a.mp4',
      '-c',
      'copy',
      '-f',
      'hls',
      '-hls_time',
      '3',
      '-hls_list_size',
      '0',
      ...args,
      `hls-${id}/index.m3u8`,
    );
    const original = await readFile(at(`hls-${id}/index.m3u8`), 'utf8');
    await importIt(`hls-${id}`, at(`hls-${id}`));
    const { playlist, facts } = await imported(`hls-${id}`);
    expect(playlist).toBe(original);
    expect(Math.abs(facts.durationMs - 20_000)).toBeLessThanOrEqual(101);
    expect(facts.idle).toHaveLength(1);
  }
  await rm(at('hls-ts/index1.ts'));
  expect(await refused('hls-bad', at('hls-ts'))).toMatch(/index1\.ts is missing/);
});

it('draws an asciicast, with its commands and markers as events', async () => {
  const items = [
    [0.5, 'o', '$ '],
    [1, 'o', 'ls'],
    [1, 'i', 'ls\r'],
    [1.2, 'o', '\r\nfile\r\n$ '],
    [3, 'm', 'here'],
    [15, 'r', '100x30'],
    [20, 'o', 'end'],
  ];
  const cast = [{ version: 2, width: 80, height: 24 }, ...items].map((one) => JSON.stringify(one)).join('\n');
  await writeFile(at('t.cast'), cast);
  await importIt('cast', at('t.cast'));
  const { lengths, facts, events } = await imported('cast');
  wellCut(lengths, 20, 0.04);
  expect(events).toEqual([
    { at_ms: 1_000, type: 'command', text: 'ls' },
    { at_ms: 3_000, type: 'session', text: 'here' },
  ]);
  expect(facts.idle).toHaveLength(1);
  expect(Math.abs((facts.idle[0]?.fromMs ?? 0) - 5_000)).toBeLessThanOrEqual(1_000);
});

it('says what is wrong with an original and leaves nothing', async () => {
  await cp(at('a.mp4'), at('cut.mp4'));
  await truncate(at('cut.mp4'), 50_000);
  await ffmpeg('-i', 'a.mp4', '-c', 'copy', '-movflags', 'faststart', 'fast.mp4');
  await truncate(at('fast.mp4'), 200_000);
  await writeFile(at('empty.mp4'), '');
  await writeFile(at('text.txt'), 'not a video\n'.repeat(100));
  await ffmpeg('-i', 'a.mp4', '-vn', '-c', 'copy', 'sound.mp4');
  expect(await refused('bad', at('cut.mp4'))).toMatch(/damaged or cut off/);
  expect(await refused('bad', at('fast.mp4'))).toMatch(/damaged or cut off/);
  expect(await refused('bad', at('empty.mp4'))).toMatch(/is empty/);
  expect(await refused('bad', at('text.txt'))).toMatch(/not a video/);
  expect(await refused('bad', at('sound.mp4'))).toMatch(/no picture/);
  expect(await refused('bad', at('nowhere.mp4'))).toMatch(/not there/);
  expect(await refused('bad', at('a.mp4'), { ...process.env, PATH: '/nowhere' })).toMatch(/not installed/);
  expect((await readdir(path.join(data, 'recordings'))).filter((name) => name.startsWith('bad'))).toEqual([]);
});

it('goes on after kill -9 with what was finished', async () => {
  const child = spawn(process.execPath, argsOf(await sessionFile('killed'), at('a.mp4')), { cwd: root, stdio: 'pipe' });
  const stages = path.join(data, 'imports');
  const journal = async () => {
    const name = (await readdir(stages).catch(() => [])).find((one) => one.startsWith('killed'));
    return name === undefined ? '' : path.join(stages, name, 'journal.json');
  };
  while (child.exitCode === null && !existsSync(await journal())) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  expect(JSON.parse(await readFile(await journal(), 'utf8')).packed).toBe(true);
  const said = await importIt('killed', at('a.mp4'));
  expect(said.some(({ step }) => step === 'pack')).toBe(false);
  wellCut((await imported('killed')).lengths, 20, 0.1);
});

it('lets each part of an uneven video begin where its playlist says, whether it is cut as it is or not', async () => {
  // Ten pictures close together in each second, one in its middle of nearly half a second.
  const uneven = ['-vf', "select='lte(mod(n\\,25)\\,10)+eq(mod(n\\,25)\\,20)'", '-fps_mode', 'vfr', ...h264, '-g', '999'];
  const keys = ['-sc_threshold', '0', '-force_key_frames', 'expr:gte(t,n_forced*3)'];
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=20'];
  await ffmpeg(...source, ...uneven, ...keys, '-bf', '2', 'uneven.mkv');
  await ffmpeg(...source, ...uneven, ...keys, '-bf', '2', 'uneven-reordered.mp4');
  await ffmpeg(...source, ...uneven, ...keys, '-bf', '0', 'uneven.mp4');
  for (const name of ['uneven.mkv', 'uneven-reordered.mp4', 'uneven.mp4']) {
    const id = name.replace('.', '-');
    await importIt(id, at(name));
    const { folder, lengths } = await imported(id);
    const init = await readFile(path.join(folder, 'init.mp4'));
    const begins: number[] = [];
    for (const part of (await readdir(folder)).filter((file) => file.endsWith('.m4s')).sort()) {
      await writeFile(at('part.mp4'), Buffer.concat([init, await readFile(path.join(folder, part))]));
      const { stdout } = await run('ffprobe', [
        '-v',
        'error',
        '-show_entries',
        'packet=pts_time',
        '-of',
        'csv=p=0',
        at('part.mp4'),
      ]);
      begins.push(Math.min(...stdout.trim().split('\n').map(Number)));
    }
    expect(begins, name).toHaveLength(lengths.length);
    let said = begins[0] ?? 0;
    for (const [index, length] of lengths.entries()) {
      expect(Math.abs((begins[index] ?? 0) - said), `${name}, part ${index}`).toBeLessThan(0.005);
      said += length;
    }
  }
});
