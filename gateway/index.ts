import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { Permission, Role } from '../contract/identity.ts';
import { Policy } from '../contract/request.ts';
import { SessionEvent } from '../contract/session.ts';
import { listGroups, listRoutes, parseLevels, setMembership, setRoute } from './approvers.ts';
import { listExports } from './exports.ts';
import { hashPassword } from './identity/passwords.ts';
import type { MediaSource } from './media/source.ts';
import { accountNamed, addAccount, orderWipe, setAccess, setDisabled, setOneTimeCode, setPassword } from './people.ts';
import { verifyReceipts } from './receipts.ts';
import { startGateway } from './server.ts';
import { addSessionEvents, endSession } from './session-changes.ts';
import { addSession, SessionFile } from './session-file.ts';
import { type Database, openDatabase, tellGateway } from './store/database.ts';
import { readPolicy, writePolicy } from './store/settings.ts';

const usage = `Usage: npm run gateway -- COMMAND --data DIR

  serve [--port N] [--host ADDRESS] [--name NAME] [--seed demo]
                                   serve until SIGTERM; prints one JSON line when ready
  seed                             demo people, sessions and recordings
  session add FILE.json            a session, with its recording or live source
  session events ID FILE.json      more events of a session, as a list
  session end ID [--recording DIR] a running session has ended; its recording is there, or is being made
  import --session FILE.json VIDEO a recording: mp4, mkv, webm, an HLS folder, asciicast or tlog
  user add NAME --display NAME [--role ROLE]… [--permission PERMISSION]… [--group GROUP]… [--person-of NAME]
  user access NAME [--role ROLE]… [--permission PERMISSION]…
  user list | disable NAME | enable NAME | password NAME | one-time-code NAME
  user wipe NAME                   ends the sign-ins of NAME; their computers remove what they keep
  group list | add GROUP USER… | remove GROUP USER…
                                   who is an approver; a group is made when it is not there
  route list | set NAME --level LEVEL:GROUP:COUNT [--level …]
                                   how many of which group must grant, in up to three levels
  receipts verify                  looks at the record of every viewing; ends with 1 when something is wrong
  exports list                     every export that was made or refused: when, who, what, how many rows, the hash of the file
  policy show | set NAME=VALUE…    values are JSON

Passwords are read from standard input, never from the command line.`;

/** A mistake of the person at the keyboard: said without a stack. */
class UsageError extends Error {}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    name: { type: 'string', default: 'Oversight gateway' },
    seed: { type: 'string' },
    display: { type: 'string' },
    role: { type: 'string', multiple: true, default: [] },
    permission: { type: 'string', multiple: true, default: [] },
    group: { type: 'string', multiple: true, default: [] },
    'person-of': { type: 'string' },
    level: { type: 'string', multiple: true, default: [] },
    recording: { type: 'string' },
    session: { type: 'string' },
  },
});

try {
  await run();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const [command, what, ...names] = positionals;
  if (command === undefined) throw new UsageError(usage);
  const folder = values.data ?? stop('Please name the folder of the gateway: --data DIR');
  if (command === 'serve') return serve(folder);
  const db = await openDatabase(folder);
  try {
    if (command === 'seed') await seed(db);
    else if (command === 'session') await session(db, what, names);
    else if (command === 'import') await importVideo(db, folder, what);
    else if (command === 'user') await user(db, what, names[0]);
    else if (command === 'group') await group(db, what, names);
    else if (command === 'route') await route(db, what, names[0]);
    else if (command === 'receipts' && what === 'verify') await verify(db, folder);
    else if (command === 'exports' && what === 'list') await exportsList(db);
    else if (command === 'policy') await policy(db, what, names);
    else throw new UsageError(usage);
  } finally {
    await db.destroy();
    tellGateway(folder);
  }
}

async function serve(folder: string): Promise<void> {
  if (values.seed !== undefined) {
    if (values.seed !== 'demo') throw new UsageError('The only seed there is: --seed demo');
    const db = await openDatabase(folder);
    await seed(db);
    await db.destroy();
  }
  const gateway = await startGateway({ folder, host: values.host, port: Number(values.port), name: values.name });
  process.stdout.write(`${JSON.stringify({ ready: true, url: gateway.url })}\n`);
  let stopping = false;
  const end = () => {
    if (stopping) return;
    stopping = true;
    void gateway.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

async function seed(db: Database): Promise<void> {
  const { seedDemo } = await import('./seed/demo.ts');
  await seedDemo(db);
}

async function user(db: Database, what: string | undefined, name: string | undefined): Promise<void> {
  if (what === 'list') {
    const rows = await db
      .selectFrom('accounts')
      .innerJoin('people', 'people.id', 'person_id')
      .select(['user_name', 'display_name', 'disabled'])
      .orderBy('user_name')
      .execute();
    for (const row of rows) process.stdout.write(`${row.user_name}\t${row.display_name}${row.disabled ? '\tdisabled' : ''}\n`);
    return;
  }
  const userName = name ?? stop(usage);
  const roles = Role.array().parse(values.role);
  const permissions = Permission.array().parse(values.permission);
  const account = await accountNamed(db, userName);
  if (what === 'add') {
    if (account) throw new UsageError(`There is a ${userName} already.`);
    const owner =
      values['person-of'] === undefined
        ? undefined
        : ((await accountNamed(db, values['person-of'])) ?? stop(`There is no ${values['person-of']}.`));
    const passwordHash = await hashPassword(await readPassword());
    const displayName = values.display ?? userName;
    await db.transaction().execute((trx) =>
      addAccount(trx, {
        userName,
        displayName,
        passwordHash,
        roles,
        permissions,
        groups: values.group,
        personId: owner?.person_id,
      }),
    );
    return;
  }
  const { id } = account ?? stop(`There is no ${userName}.`);
  if (what === 'access') await setAccess(db, id, roles, permissions);
  else if (what === 'disable' || what === 'enable') await setDisabled(db, id, what === 'disable');
  else if (what === 'password') await setPassword(db, id, await readPassword());
  else if (what === 'wipe') {
    const signIns = await db.transaction().execute((trx) => orderWipe(trx, id));
    process.stdout.write(`${JSON.stringify({ user: userName, signIns })}\n`);
  } else if (what === 'one-time-code') process.stdout.write(`${await setOneTimeCode(db, id, userName)}\n`);
  else throw new UsageError(usage);
}

async function session(db: Database, what: string | undefined, [name, file]: string[]): Promise<void> {
  const first = name ?? stop(usage);
  if (what === 'add') {
    const given = await readJson(first, SessionFile);
    if (!(await db.selectFrom('routes').select('id').where('name', '=', given.route).executeTakeFirst()))
      stop(`There is no approval route ${given.route}.`);
    if (!(await addSession(db, given))) stop(`There is a session ${given.id} already.`);
    return;
  }
  const { state } =
    (await db.selectFrom('sessions').select('state').where('id', '=', first).executeTakeFirst()) ??
    stop(`There is no session ${first}.`);
  if (what === 'events') {
    await addSessionEvents(db, first, await readJson(file ?? stop(usage), SessionEvent.array()), Date.now());
  } else if (what === 'end') {
    const recording = values.recording === undefined ? null : await folderOf(values.recording);
    if (!(await endSession(db, first, Date.now(), recording))) stop(`Session ${first} is not running: it is ${state}.`);
  } else throw new UsageError(usage);
}

async function importVideo(db: Database, folder: string, video: string | undefined): Promise<void> {
  const given = await readJson(values.session ?? stop(usage), SessionFile);
  const { importRecording } = await import('./import/import.ts');
  const { ImportError } = await import('./import/failure.ts');
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  try {
    await importRecording(db, resolve(folder), given, resolve(video ?? stop(usage)), say);
  } catch (error) {
    throw error instanceof ImportError ? new UsageError(error.message) : error;
  }
}

async function folderOf(folder: string): Promise<MediaSource> {
  const path = resolve(folder);
  await access(join(path, 'index.m3u8')).catch(() => stop(`There is no index.m3u8 in ${folder}.`));
  return { type: 'folder', path };
}

async function readJson<T>(file: string, shape: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch(() => stop(`${file} cannot be read.`));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    stop(`${file} is not JSON.`);
  }
  const parsed = shape.safeParse(json);
  return parsed.success
    ? parsed.data
    : stop(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

async function group(db: Database, what: string | undefined, [name, ...userNames]: string[]): Promise<void> {
  if (what === 'list') {
    for (const one of await listGroups(db)) process.stdout.write(`${one.name}\t${one.members.join(', ')}\n`);
    return;
  }
  if ((what !== 'add' && what !== 'remove') || name === undefined || userNames.length === 0) throw new UsageError(usage);
  const people = await Promise.all(
    userNames.map(async (userName) => (await accountNamed(db, userName)) ?? stop(`There is no ${userName}.`)),
  );
  await db.transaction().execute(async (trx) => {
    for (const { person_id } of people) await setMembership(trx, name, person_id, what === 'add');
  });
}

async function route(db: Database, what: string | undefined, name: string | undefined): Promise<void> {
  if (what === 'list') {
    for (const one of await listRoutes(db)) process.stdout.write(`${one.name}\t${one.levels.join(' ')}\n`);
    return;
  }
  if (what !== 'set' || name === undefined) throw new UsageError(usage);
  const levels = parseLevels(values.level);
  if (typeof levels === 'string') throw new UsageError(levels);
  await db.transaction().execute((trx) => setRoute(trx, name, levels));
}

/** Prints a JSON line for everything that is wrong, and one that sums up. */
async function verify(db: Database, folder: string): Promise<void> {
  const { viewings, entries, findings } = await verifyReceipts(db, folder);
  for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
  process.stdout.write(`${JSON.stringify({ verified: findings.length === 0, viewings, entries, findings: findings.length })}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

async function exportsList(db: Database): Promise<void> {
  for await (const line of listExports(db)) process.stdout.write(`${line}\n`);
}

async function policy(db: Database, what: string | undefined, changes: string[]): Promise<void> {
  const current = await readPolicy(db);
  if (what === 'show') return void process.stdout.write(`${JSON.stringify(current, null, 2)}\n`);
  if (what !== 'set') throw new UsageError(usage);
  const pairs = changes.map((change) => {
    const [, name = '', value = ''] = /^([A-Za-z]+)=(.+)$/.exec(change) ?? stop(`Not NAME=VALUE: ${change}`);
    if (!(name in current)) throw new UsageError(`There is no setting ${name}. There are: ${Object.keys(current).join(', ')}`);
    return [name, JSON.parse(value)];
  });
  const next = Policy.safeParse({ ...current, ...Object.fromEntries(pairs) });
  if (!next.success)
    throw new UsageError(next.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  await writePolicy(db, next.data);
  await db.insertInto('events').values({ at: Date.now(), type: 'policy', subject: 'policy', person_id: null }).execute();
}

async function readPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  if (process.stdin.isTTY) process.stderr.write('Password: ');
  for await (const line of lines) {
    lines.close();
    if (line.length < 12) throw new UsageError('A password has at least 12 characters.');
    return line;
  }
  throw new UsageError('A password is needed on standard input.');
}

function stop(message: string): never {
  throw new UsageError(message);
}
