import { FailureError } from '../../contract/failure.ts';
import type { ExportJob, ExportMessage } from './job.ts';
import { runExport } from './run.ts';

// The utility process of one export: it writes one file and ends. Whoever cancels ends it.
const port = process.parentPort;
const say = (message: ExportMessage) => port.postMessage(message);

port.once('message', async ({ data }) => {
  try {
    say({ exported: await runExport(data as ExportJob, (rows, total) => say({ progress: { rows, total } })) });
  } catch (error) {
    say(failureMessage(error));
  }
});

function failureMessage(error: unknown): ExportMessage {
  const failure = error instanceof FailureError ? error.failure : { code: 'ARCHIVE_FAILED' as const, data: {} };
  return { failure, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
