import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { type BridgePort, type Handlers, type MainEnd, type PageContext, serveBridge } from '../contract/bridge.ts';
import { type EventName, type EventPayload, events } from '../contract/events.ts';
import { holdUntilHeard } from './held-events.ts';
import type { Log } from './log.ts';
import { origin } from './shell/origin.ts';

const pagePaths = { window: '/index.html', player: '/player.html', decision: '/decision.html' } as const;

export interface Bridges {
  /** From now on the page of `contents` may ask for its port. */
  attach(contents: WebContents, context: PageContext): void;
  /** Tells every page that the event is for; `viewingId` narrows it to the window and that viewing's page. */
  publish<N extends EventName>(name: N, payload: EventPayload<N>, viewingId?: string): void;
  /** The window's page shows from now on what must not be missed, until it is loaded anew. */
  listening(): void;
}

/**
 * Hands a port to each page that main has made, and to no other: the sender must be the main frame of contents that were attached,
 * its parsed origin ours, its path the one of its page. A page that asks again (it was reloaded) gets a new port; the old one ends.
 * `toArchive` passes on a port of the window's page to the archive's process.
 */
export function createBridges(handlers: () => Promise<Handlers>, toArchive: (port: MessagePortMain) => void, log: Log): Bridges {
  const contexts = new Map<number, PageContext>();
  const ends = new Map<number, { end: MainEnd; viewingId: string | null }>();
  const tell: Bridges['publish'] = (name, payload, viewingId) => {
    for (const { end, viewingId: own } of ends.values()) {
      if (viewingId === undefined || own === null || own === viewingId) end.publish(name, payload);
    }
  };
  const unmissed = holdUntilHeard(tell);

  /** Who asks; null for who may not speak. */
  const contextOf = (event: IpcMainEvent): PageContext | null => {
    const context = contexts.get(event.sender.id);
    if (context && isExpectedSender(event, context)) return context;
    log.info('a frame that may not speak asked for the bridge');
    return null;
  };

  ipcMain.on('oversight:ask', (event) => {
    const context = contextOf(event);
    if (!context) return;
    ends.get(event.sender.id)?.end.close();
    if (context.page === 'window') unmissed.hold();
    const { port1, port2 } = new MessageChannelMain();
    const port: BridgePort = {
      send: (message) => port1.postMessage(message),
      receive: (listener) => {
        port1.on('message', ({ data }) => listener(data));
        return () => port1.close();
      },
    };
    const end = serveBridge(port, context, lazily(handlers), (error, name) => log.unforeseen(error, name));
    ends.set(event.sender.id, { end, viewingId: context.viewingId });
    port1.start();
    event.senderFrame?.postMessage('oversight:port', null, [port2]);
  });

  ipcMain.on('oversight:ask-archive', (event) => {
    if (contextOf(event)?.page !== 'window') return;
    const { port1, port2 } = new MessageChannelMain();
    toArchive(port1);
    event.senderFrame?.postMessage('oversight:archive-port', null, [port2]);
  });

  return {
    attach(contents, context) {
      const { id } = contents;
      contexts.set(id, context);
      contents.once('destroyed', () => {
        contexts.delete(id);
        ends.get(id)?.end.close();
        ends.delete(id);
      });
    },
    publish(name, payload, viewingId) {
      if (events[name].waits) unmissed.publish(name, payload);
      else tell(name, payload, viewingId);
    },
    listening: unmissed.release,
  };
}

/** Fails closed: anything that cannot be parsed or compared is not expected. */
function isExpectedSender(event: IpcMainEvent, context: PageContext): boolean {
  const frame = event.senderFrame;
  if (!frame || frame !== event.sender.mainFrame || !URL.canParse(frame.url)) return false;
  const url = new URL(frame.url);
  return `${url.protocol}//${url.host}` === origin && url.pathname === pagePaths[context.page];
}

/** Handlers whose services are made on the first call, so that the window does not wait for them. */
function lazily(handlers: () => Promise<Handlers>): Partial<Handlers> {
  return new Proxy({} as Partial<Handlers>, {
    get: (_target, name) => async (input: unknown, page: PageContext) => {
      const handler = (await handlers())[name as keyof Handlers] as (input: unknown, page: PageContext) => unknown;
      return handler(input, page);
    },
  });
}
