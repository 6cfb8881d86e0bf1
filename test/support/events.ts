import type { ServerEvent } from '../../contract/gateway.ts';

export type Heard = { id: string; event: ServerEvent };

/** Listens to a gateway's events as any other client would; `heard` grows until `stop`. `lastId` resumes. */
export function listen(
  url: string,
  accessToken: string,
  lastId?: string,
): { heard: Heard[]; ended: Promise<void>; stop(): void } {
  const heard: Heard[] = [];
  const stop = new AbortController();
  const read = async () => {
    const response = await fetch(`${url}/v1/events`, {
      headers: { authorization: `Bearer ${accessToken}`, ...(lastId !== undefined && { 'last-event-id': lastId }) },
      signal: stop.signal,
    });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const id = /^id: ?(.*)$/m.exec(block)?.[1];
        const data = /^data: ?(.*)$/m.exec(block)?.[1];
        if (id !== undefined && data) heard.push({ id, event: JSON.parse(data) as ServerEvent });
      }
    }
  };
  return { heard, ended: read().catch(() => undefined), stop: () => stop.abort() };
}
