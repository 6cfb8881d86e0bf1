import type { MessagePortMain } from 'electron';
import { type BridgePort, JsonText, serveBridge } from '../../contract/bridge.ts';
import type { ArchiveHandlers } from './calls.ts';
import { answerTo } from './handlers.ts';

/**
 * Answers the window's page over a port of its own: pages of rows and nothing else, parsed and refused as main would. Whatever cannot be
 * answered here ends the port, and the page asks main, which says why. `nowMs` is gateway time. Returns the way to end it.
 */
export function serveRows(port: MessagePortMain, handlers: ArchiveHandlers, nowMs: () => number): () => void {
  const bridgePort: BridgePort = {
    send: (message) => port.postMessage(message),
    receive(listener) {
      port.on('message', ({ data }) => listener(data));
      return () => port.close();
    },
  };
  const { close } = serveBridge(
    bridgePort,
    { page: 'window', viewingId: null },
    {
      async 'history.page'(input) {
        const answer = await answerTo(handlers, { id: 0, name: 'history.page', input: { ...input, nowMs: nowMs() } });
        // A damaged file: the next process looks at all of it.
        if (!answer) process.exit(1);
        if ('error' in answer) throw new Error(answer.error);
        return new JsonText(answer.json);
      },
    },
    () => {
      close();
      return '';
    },
  );
  port.start();
  return close;
}
