import type { ExportJob } from './job.ts';
import { doExport } from './run.ts';

// The utility process of one export: it writes one file, and main ends it. Whoever cancels ends it sooner.
const port = process.parentPort;

port.once('message', ({ data }) => void doExport(data as ExportJob, (message) => port.postMessage(message)));
