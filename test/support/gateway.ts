import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root, start, until } from './processes.ts';

const run = promisify(execFile);

export type TestGateway = {
  url: string;
  dataDir: string;
  /** Runs the command line against the same data: `command('policy', 'set', …)`. */
  command(...args: string[]): Promise<string>;
  /** Ends it and keeps the data. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends it and removes the data. */
  remove(): Promise<void>;
};

/** A real gateway on a free port of this machine, with the demo's people and sessions; `clock` sets its clock as libfaketime writes it (`+3h`). */
export async function startGateway(options: { seed?: boolean; clock?: string } = {}): Promise<TestGateway> {
  const env = options.clock ? { ...process.env, ...(await clockEnv(options.clock)) } : process.env;
  const dataDir = await mkdtemp(path.join(tmpdir(), 'oversight-gateway-'));
  const launch = async (port: string, seed: boolean) => {
    const running = start(
      process.execPath,
      ['gateway/index.ts', 'serve', '--data', dataDir, '--port', port, ...(seed ? ['--seed', 'demo'] : [])],
      { cwd: root, env },
    );
    const line = await until('the gateway to be ready', () => {
      if (running.child.exitCode !== null) throw new Error(`the gateway ended: ${running.lines.join('\n')}`);
      return running.lines.find((one) => one.startsWith('{"ready"'));
    });
    return { running, url: (JSON.parse(line) as { url: string }).url };
  };
  let { running, url } = await launch('0', options.seed ?? true);
  const gateway: TestGateway = {
    url,
    dataDir,
    async command(...args) {
      const { stdout } = await run(process.execPath, ['gateway/index.ts', ...args, '--data', dataDir], { cwd: root, env });
      return stdout;
    },
    stop: () => running.stop(),
    kill9: () => running.stop('SIGKILL'),
    async restart() {
      ({ running, url } = await launch(new URL(url).port, false));
    },
    async remove() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return gateway;
}

/** What makes a program see another clock: the environment in which faketime would run it. Faketime itself would stand between us and it. */
async function clockEnv(clock: string): Promise<Record<string, string>> {
  const { stdout } = await run('faketime', ['-f', clock, 'env']);
  const [, library = ''] = /^LD_PRELOAD=(.+)$/m.exec(stdout) ?? [];
  return { LD_PRELOAD: library, FAKETIME: clock };
}
