import { until } from '../support/processes.ts';

/** A page that is asked now and then, with nothing attached to it that listens or keeps. */
export type RawPage = {
  /** Waits until the expression is true in the page. */
  until(expression: string, limitMs?: number): Promise<void>;
  type(text: string): Promise<void>;
  collectGarbage(): Promise<void>;
  close(): void;
};

/** Speaks the debugging protocol with the page of that path. `host` is where the app's debugging port listens. */
export async function connectPage(host: string, path: string): Promise<RawPage> {
  const target = await until(`the page ${path}`, async () => {
    const list = (await (await fetch(`http://${host}/json/list`)).json()) as { url: string; webSocketDebuggerUrl: string }[];
    return list.find(({ url }) => url.endsWith(path));
  });
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let lastId = 0;
  const send = (method: string, params: object = {}) =>
    new Promise<{ result?: { value?: unknown } }>((resolve) => {
      lastId += 1;
      const id = lastId;
      const heard = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data)) as { id: number; result?: { result?: { value?: unknown } } };
        if (answer.id !== id) return;
        socket.removeEventListener('message', heard);
        resolve(answer.result ?? {});
      };
      socket.addEventListener('message', heard);
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    async until(expression, limitMs) {
      await until(
        expression,
        async () => (await send('Runtime.evaluate', { expression, userGesture: true })).result?.value === true,
        limitMs,
        500,
      );
    },
    async type(text) {
      await send('Input.insertText', { text });
    },
    async collectGarbage() {
      await send('HeapProfiler.collectGarbage');
    },
    close: () => socket.close(),
  };
}
