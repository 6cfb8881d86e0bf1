import { readdirSync, readFileSync } from 'node:fs';
import type { AccessRequest } from '../../contract/request.ts';
import { builtApp, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { httpSignIn, newRequest } from '../support/http.ts';
import { openWriter } from '../support/many-requests.ts';
import { noticesOn } from '../support/notices.ts';
import { type Running, start, treeOf, until } from '../support/processes.ts';
import { bareElectron } from './bare.ts';
import { mean, ratioOf } from './statistics.ts';

const waiting = 1_000;
const saves = 60;
const windowMs = 60_000;
/** A start has work to do afterwards, of its own and of V8's; the last of it is the look at the whole archive, a minute later, once a week. */
const settleMs = 150_000;
const windows = 5;

/** The app outside its window: how soon a notice follows a Save. */
export const measureDeskNotice = () => onDesktop(measureNotice);
/** What the app costs while nobody looks at it. */
export const measureDeskIdle = () => onDesktop(measureIdle);

async function onDesktop(measure: (desktop: Desktop, gateway: TestGateway) => Promise<void>): Promise<void> {
  const desktop = await startDesktop();
  try {
    const gateway = await startGateway();
    try {
      await measure(desktop, gateway);
    } finally {
      await gateway.remove();
    }
  } finally {
    await desktop.stop();
  }
}

/** Save to the call that shows the notice, on the bus; and to the same event at a bare listener of the same person. */
async function measureNotice(desktop: Desktop, gateway: TestGateway): Promise<void> {
  const marta = await httpSignIn(gateway.url, 'marta.reis');
  const first = await marta.post<AccessRequest>('/v1/requests', newRequest('4f133'));
  const writer = openWriter(gateway);
  writer.copy(first.body.id, waiting - 1);
  writer.close();
  const app = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
  const bus = desktop.launch('dbus-monitor', '--session', "interface='org.freedesktop.Notifications',member='Notify'");
  let seen = 0;
  const notices: number[] = [];
  // Times are taken as the lines come: looking for them now and then would add to them.
  bus.child.stdout?.on('data', (data: Buffer) => {
    for (let at = data.indexOf('member=Notify'); at >= 0; at = data.indexOf('member=Notify', at + 1))
      notices.push(performance.now());
  });
  const bare = await listen(gateway);
  try {
    await signIn(app, 'ana.prado');
    await until('the notice of all that waits', async () => (await noticesOn(desktop)).length > 0, 120_000);
    const toNotice: number[] = [];
    const toEvent: number[] = [];
    for (let round = -1; round < saves; round += 1) {
      seen = notices.length;
      const heard = bare.times.length;
      const savedAt = performance.now();
      const { status, body } = await marta.post<AccessRequest>('/v1/requests', newRequest('4f1aa'));
      if (status !== 200) throw new Error(`the request was refused: ${status} ${body.code}`);
      await until('the notice and the event', () => notices.length > seen && bare.times.length > heard, 30_000, 5);
      if (round >= 0) {
        toNotice.push((notices[seen] ?? 0) - savedAt);
        toEvent.push((bare.times[heard] ?? 0) - savedAt);
      }
      const quiet = bare.times.length;
      await marta.post(`/v1/requests/${body.id}/cancel`, { id: body.id, version: body.version });
      await until('the end of it', () => bare.times.length > quiet, 30_000, 5);
      // What comes within the time in which the app gathers would be told together.
      await pause(600);
    }
    const { ratio, low, high } = ratioOf(toNotice, toEvent, p95);
    print({
      bench: `tray: Save to notice shown, p95, ${waiting} waiting`,
      goal: 2_000,
      met: p95(toNotice) <= 2_000,
      ours: p95(toNotice),
      limit: p95(toEvent),
      ratio,
      interval: [low, high].map(rounded),
      unit: 'ms',
      statistic: 'p95',
      rounds: saves,
    });
  } finally {
    bare.stop();
    await app.close();
    await bus.stop();
  }
}

/** Listens to the events of an approver and does nothing else. */
async function listen(gateway: TestGateway): Promise<{ times: number[]; stop(): void }> {
  const { accessToken } = await httpSignIn(gateway.url, 'ana.prado');
  const stopped = new AbortController();
  const response = await fetch(`${gateway.url}/v1/events`, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'text/event-stream' },
    signal: stopped.signal,
  });
  if (!response.ok || !response.body) throw new Error(`no events: ${response.status}`);
  const times: number[] = [];
  const { body } = response;
  void (async () => {
    const decoder = new TextDecoder();
    for await (const part of body) {
      const text = decoder.decode(part, { stream: true });
      if (text.includes('"request"')) times.push(performance.now());
    }
  })().catch(() => undefined);
  return { times, stop: () => stopped.abort() };
}

/**
 * CPU time and voluntary context switches (each a sleep that ended: a wake-up) in a minute, of the app in the background with somebody signed in and of two bare windows, all
 * at the same time: what else the machine does meets all three.
 */
async function measureIdle(desktop: Desktop, gateway: TestGateway): Promise<void> {
  const signedIn = await launchApp(desktop, { userData: 'background', gateway: gateway.url });
  await signIn(signedIn, 'paulo.nunes');
  await signedIn.window.getByText('Synchronised').waitFor();
  await signedIn.close();
  const bare = await desktop.launcher(bareElectron());
  const begin = async (program: string, ...args: string[]): Promise<Running> => start(program, args, { env: desktop.env });
  const apps = {
    ours: await begin(
      await desktop.launcher(builtApp().executable),
      ...builtApp().args,
      `--user-data-dir=${signedIn.userData}`,
      '--hidden',
    ),
    limit: await begin(bare, `--user-data-dir=${await desktop.newFolder('bare')}`),
    again: await begin(bare, `--user-data-dir=${await desktop.newFolder('bare-again')}`),
  };
  type Arm = keyof typeof apps;
  const arms = Object.keys(apps) as Arm[];
  try {
    await pause(settleMs);
    const cpu: Record<Arm, number[]> = { ours: [], limit: [], again: [] };
    const wakes: Record<Arm, number[]> = { ours: [], limit: [], again: [] };
    for (let round = 0; round < windows; round += 1) {
      const before = arms.map((arm) => spentBy(apps[arm].child.pid ?? 0));
      await pause(windowMs);
      arms.forEach((arm, index) => {
        const after = spentBy(apps[arm].child.pid ?? 0);
        cpu[arm].push(after.cpuMs - (before[index]?.cpuMs ?? 0));
        wakes[arm].push(after.wakes - (before[index]?.wakes ?? 0));
      });
    }
    for (const [name, unit, values] of [
      ['tray: CPU in a minute in the background', 'ms', cpu],
      ['tray: wake-ups in a minute in the background', 'switches', wakes],
    ] as const) {
      const { ratio, low, high } = ratioOf(values.ours, values.limit, mean);
      const aa = mean(values.again) / mean(values.limit);
      print({
        bench: name,
        goal: 1.5,
        ratio,
        interval: [low, high].map(rounded),
        met: high <= 1.5,
        aa,
        valid: aa >= 0.9 && aa <= 1.1,
        ours: mean(values.ours),
        limit: mean(values.limit),
        unit,
        statistic: 'mean',
        rounds: windows,
      });
    }
  } finally {
    for (const arm of arms) await apps[arm].stop();
  }
}

/** What a process and all below it have spent so far. */
function spentBy(pid: number): { cpuMs: number; wakes: number } {
  let cpuMs = 0;
  let wakes = 0;
  for (const one of treeOf(pid)) {
    for (const task of tasksOf(one)) {
      try {
        cpuMs += Number(readFileSync(`/proc/${one}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
        const status = readFileSync(`/proc/${one}/task/${task}/status`, 'utf8');
        wakes += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  return { cpuMs, wakes };
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const p95 = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
const rounded = (value: number) => Number(value.toFixed(3));

function print(line: Record<string, unknown>): void {
  process.stdout.write(
    `${JSON.stringify(line, (_key, value: unknown) => (typeof value === 'number' ? rounded(value) : value))}\n`,
  );
}
