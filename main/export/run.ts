import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { FailureError } from '../../contract/failure.ts';
import type { Confirmation, HistoryLine } from '../../contract/history.ts';
import { canonical } from '../../contract/receipt.ts';
import { toMs } from '../../contract/time.ts';
import { openToRead } from '../archive/database.ts';
import { type ExportReader, exportReader, type KeptRequest } from '../archive/export-reader.ts';
import { openSink, type Sink } from './file-sink.ts';
import { historyCsvHead, historyCsvLine } from './history-csv.ts';
import type { Exported, ExportJob, ExportMessage } from './job.ts';
import { beginReport } from './report/report.ts';

/** Does what a job says, and says how far it is and at last what became of it. */
export async function doExport(job: ExportJob, say: (message: ExportMessage) => void): Promise<void> {
  // Rows are garbage as soon as they are written. Room for more of it before it is looked through is all that a growing nursery would be.
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    say({ exported: await runExport(job, (rows, total) => say({ progress: { rows, total } })) });
  } catch (error) {
    const failure = error instanceof FailureError ? error.failure : { code: 'ARCHIVE_FAILED' as const, data: {} };
    say({ failure, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

type Progress = (rows: number, total: number) => void;

const progressEveryMs = 150;

/**
 * Writes what a query finds to a new file, row by row, and answers when all of it is on the disk. It is all as of one moment of the
 * archive. Memory does not grow with the rows, but for their numbers. Rejects with CANNOT_SAVE_FILE when the disk refuses.
 */
export async function runExport(job: ExportJob, progress: Progress): Promise<Exported> {
  const db = openToRead(job.source);
  try {
    const sink = openSink(job.file);
    return await write(job, exportReader(db, job.query, toMs(job.facts.at)), sink, progress);
  } finally {
    db.close();
  }
}

async function write(job: ExportJob, reader: ExportReader, sink: Sink, progress: Progress): Promise<Exported> {
  const { format } = job;
  const total = await reader.count();
  const passes = format === 'pdf' ? 3 : 1;
  let done = 0;
  let toldMs = 0;
  progress(0, total);

  /** Hands every row to `use`, and says from time to time how far all passes together are. */
  async function pass(use: (line: HistoryLine, confirmation: Confirmation) => void): Promise<void> {
    for await (const some of reader.requests())
      for (const kept of some) {
        use(lineOf(kept), kept.confirmation);
        done += 1;
        if (done % 64 !== 0 || performance.now() - toldMs < progressEveryMs) continue;
        toldMs = performance.now();
        progress(Math.floor(done / passes), total);
        await setImmediate();
      }
  }

  switch (format) {
    case 'csv': {
      sink.write(`${job.byteOrderMark ? '\uFEFF' : ''}${historyCsvHead}`);
      await pass((line) => sink.write(historyCsvLine(line)));
      return { rows: done, sha256: sink.end(), dataSha256: null };
    }
    case 'jsonl': {
      await pass((line) => sink.write(jsonLine(line)));
      const sha256 = sink.end();
      return { rows: done, sha256, dataSha256: sha256 };
    }
    case 'pdf': {
      const hash = createHash('sha256');
      const confirmations: Record<Confirmation, number> = { confirmed: 0, waiting: 0, contradicted: 0 };
      await pass((line, confirmation) => {
        hash.update(jsonLine(line));
        confirmations[confirmation] += 1;
      });
      const rows = done;
      const dataSha256 = hash.digest('hex');
      const figures = await reader.figures();
      const report = beginReport(sink, job.fonts, {
        ...{ ...job, rows, dataSha256, figures, confirmations },
        seal: reader.seal(),
      });
      await pass(report.tableRow);
      report.beginDetails();
      await pass(report.details);
      report.end();
      return { rows, sha256: sink.end(), dataSha256 };
    }
    default:
      return format satisfies never;
  }
}

/** A line of JSON Lines: canonical JSON, so that the same row is the same bytes wherever it is written. */
const jsonLine = (line: HistoryLine) => `${canonical(line)}\n`;

/** A row without what was true only for whom and when it was sent. */
function lineOf({ request, viewings }: KeptRequest): HistoryLine {
  const { may: _may, ...line } = JSON.parse(request);
  line.viewings = viewings.map((viewing) => JSON.parse(viewing));
  return line;
}
