import type { App } from './app.ts';

/**
 * Sets what main and the pages of an app take for this computer's clock to `offsetMs` from the true one, in pages that are open and in those
 * to come. Timers and what counts on by itself go on untouched, as they do when a person or a time server sets the clock.
 */
export async function setWallClock({ electron }: App, offsetMs: number): Promise<void> {
  const script = `{
    const True = (globalThis.TrueDate ??= Date);
    globalThis.Date = class extends True {
      constructor(...given) {
        super(...(given.length === 0 ? [True.now() + ${offsetMs}] : given));
      }
      static now() {
        return True.now() + ${offsetMs};
      }
    };
  }`;
  await electron.context().addInitScript(script);
  await electron.evaluate(script);
  for (const page of electron.windows()) await page.evaluate(script);
}
