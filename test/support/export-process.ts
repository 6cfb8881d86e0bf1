import { fork } from 'node:child_process';
import type { ExportProcess } from '../../main/export/exporter.ts';
import type { ExportJob, ExportMessage } from '../../main/export/job.ts';
import { doExport } from '../../main/export/run.ts';

export type TestExportProcess = ExportProcess & { pid: number | undefined };

/** The exporting process under plain Node instead of Electron: the same work behind a channel of Node's own. */
export function forkExport(): TestExportProcess {
  const child = fork(import.meta.filename, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    pid: child.pid,
    postMessage: (job: ExportJob) => void child.send(job, () => undefined),
    on: (event: 'message' | 'exit', listener: ((message: ExportMessage) => void) | (() => void)) => child.on(event, listener),
    kill: () => child.kill('SIGKILL'),
  };
}

// Run as the child, this file is the process.
if (process.argv[1] === import.meta.filename && process.send) {
  process.once('message', (job: ExportJob) => void doExport(job, (message) => process.send?.(message)));
  process.on('disconnect', () => process.exit());
}
