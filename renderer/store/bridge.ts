import { type Bridge, type BridgePort, connectBridge } from '../../contract/bridge.ts';
import type { CallInput, CallOutput } from '../../contract/calls.ts';

/** The bridge to main. It is asked for once; calls made before it is there wait for it. */
const { promise: connected, resolve } = Promise.withResolvers<Bridge>();

/** Speaks over this bridge from now on. The first one stays. */
export const connect: (bridge: Bridge) => void = resolve;

window.addEventListener('message', ({ source, data, ports }) => {
  const [port] = ports;
  if (source !== window || !port) return;
  if (data === 'oversight:port') connect(connectBridge(toBridgePort(port)));
  if (data === 'oversight:archive-port') readFrom(port);
});
window.postMessage('oversight:ask', window.location.origin);

/** Asks main for something. Rejects with a FailureError. Rows come from the archive's process itself where it has given a port. */
export const call: Bridge['call'] = async (name, ...input) => {
  if (name === 'history.page') {
    const page = await rowsOf(input[0] as CallInput<'history.page'>);
    if (page) return page as CallOutput<typeof name>;
  }
  return (await connected).call(name, ...input);
};

/** A port to the archive's process, which saves rows the way through main and back. It ends with the process, the account, or a failure. */
type Archive = { bridge: Bridge; waiting: Set<(ended: null) => void> };
let archive: Archive | 'asked' | null = null;

/** A page of rows; null while there is no port, or where it ended before it answered: then main is asked. */
function rowsOf(input: CallInput<'history.page'>): Promise<CallOutput<'history.page'> | null> {
  if (archive === null) {
    archive = 'asked';
    window.postMessage('oversight:ask-archive', window.location.origin);
  }
  if (archive === 'asked') return Promise.resolve(null);
  const { bridge, waiting } = archive;
  return new Promise((resolve, reject) => {
    waiting.add(resolve);
    const answered = () => void waiting.delete(resolve);
    bridge.call('history.page', input).finally(answered).then(resolve, reject);
  });
}

function readFrom(port: MessagePort): void {
  const now: Archive = { bridge: connectBridge(toBridgePort(port)), waiting: new Set() };
  archive = now;
  port.addEventListener('close', () => {
    if (archive === now) archive = null;
    for (const end of now.waiting) end(null);
  });
}

/** Hears what main says. Returns the way to stop. */
export const on: Bridge['on'] = (name, listener) => {
  let stop: (() => void) | null = null;
  let stopped = false;
  void connected.then((bridge) => {
    if (!stopped) stop = bridge.on(name, listener);
  });
  return () => {
    stopped = true;
    stop?.();
  };
};

function toBridgePort(port: MessagePort): BridgePort {
  return {
    send: (message) => port.postMessage(message),
    receive(listener) {
      const heard = ({ data }: MessageEvent) => listener(data);
      port.addEventListener('message', heard);
      port.start();
      return () => port.removeEventListener('message', heard);
    },
  };
}
