import { type Bridge, type BridgePort, connectBridge } from '../../contract/bridge.ts';

/** The bridge to main. It is asked for once; calls made before it is there wait for it. */
const { promise: connected, resolve } = Promise.withResolvers<Bridge>();

/** Speaks over this bridge from now on. The first one stays. */
export const connect: (bridge: Bridge) => void = resolve;

window.addEventListener('message', ({ source, data, ports }) => {
  const [port] = ports;
  if (source === window && data === 'oversight:port' && port) connect(connectBridge(toBridgePort(port)));
});
window.postMessage('oversight:ask', window.location.origin);

/** Asks main for something. Rejects with a FailureError. */
export const call: Bridge['call'] = async (name, ...input) => (await connected).call(name, ...input);

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
