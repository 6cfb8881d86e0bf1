import type { ArchiveAnswer, ArchiveAsk } from './calls.ts';
import { createArchiveHandlers } from './handlers.ts';

// The utility process that holds the archive, so that no search, export or synchronisation ever blocks main.
const handlers = createArchiveHandlers();
const port = process.parentPort;

port.on('message', ({ data }) => {
  const { id, name, input } = data as ArchiveAsk;
  let answer: ArchiveAnswer;
  try {
    answer = { id, json: JSON.stringify((handlers[name] as (input: unknown) => unknown)(input)) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer);
});
