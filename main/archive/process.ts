import type { ArchiveAsk } from './calls.ts';
import { answerTo, createArchiveHandlers } from './handlers.ts';

// The utility process that holds the archive, so that no search, export or synchronisation ever blocks main.
const handlers = createArchiveHandlers();
const port = process.parentPort;

port.on('message', async ({ data }) => {
  const answer = await answerTo(handlers, data as ArchiveAsk);
  if (answer) port.postMessage(answer);
  else process.exit(1);
});
