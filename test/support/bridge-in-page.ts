import type { Page } from 'playwright';

/**
 * Makes a call from inside a page, as hostile code there would: over a port of its own, to main or to the archive's process, with any name and
 * any input.
 */
export function callFromPage(
  page: Page,
  name: string,
  input: unknown,
  to: 'main' | 'archive' = 'main',
): Promise<{ ok: boolean; value?: unknown; failure?: { code: string; data: unknown } }> {
  return page.evaluate(
    ([call, given, ask, answer]) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('main did not answer')), 20_000);
        const received = ({ data, ports }: MessageEvent) => {
          const [port] = ports;
          if (data !== answer || !port) return;
          window.removeEventListener('message', received);
          port.onmessage = ({ data: told }) => {
            if (told.id !== 1) return;
            clearTimeout(timer);
            resolve(told.json === undefined ? told.answer : { ok: true, value: JSON.parse(told.json) });
          };
          port.postMessage({ id: 1, call, input: given });
        };
        window.addEventListener('message', received);
        window.postMessage(ask, window.location.origin);
      }),
    [
      name,
      input,
      ...(to === 'main' ? ['oversight:ask', 'oversight:port'] : ['oversight:ask-archive', 'oversight:archive-port']),
    ] as [string, unknown, string, string],
  );
}
