import { type Failure, FailureError } from '../../contract/failure.ts';
import type { Exported, ExportJob, ExportMessage } from './job.ts';

/** The exporting process as main needs it: Electron's utilityProcess in the app. */
export interface ExportProcess {
  postMessage(job: ExportJob): void;
  on(event: 'message', listener: (message: ExportMessage) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  kill(): unknown;
}

export interface Exporter {
  /** Writes what `job` says in a process of its own. Rejects with CANNOT_SAVE_FILE, ARCHIVE_FAILED, or CANCELED. */
  run(job: ExportJob, progress: (rows: number, total: number) => void): Promise<Exported>;
  /** Ends what is being written, if anything is. */
  cancel(): void;
}

/** Main's end of the exporting process: one for each export, gone when it is done. */
export function createExporter(options: {
  fork: () => ExportProcess;
  report: (error: unknown, where: string) => string;
}): Exporter {
  const { fork, report } = options;
  let cancel: (() => void) | null = null;
  return {
    run(job, progress) {
      return new Promise<Exported>((resolve, reject) => {
        const running = fork();
        const failed = (failure: Failure) => () => reject(new FailureError(failure));
        let settle = (): void => {
          report(new Error('the exporting process has ended'), 'export');
          failed({ code: 'ARCHIVE_FAILED', data: {} })();
        };
        const end = (how: () => void) => {
          settle = how;
          running.kill();
        };
        cancel = () => end(failed({ code: 'CANCELED', data: {} }));
        running.on('message', (message) => {
          if ('progress' in message) progress(message.progress.rows, message.progress.total);
          else if ('exported' in message) end(() => resolve(message.exported));
          else {
            if (message.failure.code !== 'CANNOT_SAVE_FILE') report(new Error(message.stack), 'export');
            end(failed(message.failure));
          }
        });
        // Only now are its files closed, so that they can be renamed or removed on every system.
        running.on('exit', () => {
          cancel = null;
          settle();
        });
        running.postMessage(job);
      });
    },
    cancel: () => cancel?.(),
  };
}
