import type { ArchiveAsk, ArchiveIntroduction } from './calls.ts';
import { answerTo, createArchiveHandlers } from './handlers.ts';

// The utility process that holds the archive, so that no search, export or synchronisation ever blocks main.
const handlers = createArchiveHandlers();
const port = process.parentPort;

/** Ends the port to the page that reads rows. */
let endRows: (() => void) | null = null;
/** Rises whenever another account is opened, or none. */
let accounts = 0;
/** Gateway time, as main said it last. */
let said = { nowMs: 0, atMs: 0 };
const nowMs = () => said.nowMs + performance.now() - said.atMs;
const changing: readonly ArchiveAsk['name'][] = ['open', 'close', 'wipe'];

port.on('message', async ({ data, ports: [page] }) => {
  if (page) {
    const { nowMs: now }: ArchiveIntroduction = data;
    said = { nowMs: now, atMs: performance.now() };
    const account = accounts;
    const { serveRows } = await import('./rows.ts');
    endRows?.();
    endRows = serveRows(page, handlers, nowMs);
    if (account !== accounts) endRows();
    return;
  }
  const ask: ArchiveAsk = data;
  if (changing.includes(ask.name)) {
    accounts += 1;
    endRows?.();
  }
  if (ask.name === 'history.count') said = { nowMs: (ask.input as ArchiveIntroduction).nowMs, atMs: performance.now() };
  const answer = await answerTo(handlers, ask);
  if (answer) port.postMessage(answer);
  else process.exit(1);
});
