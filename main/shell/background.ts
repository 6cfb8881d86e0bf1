import { app, type BrowserWindow } from 'electron';
import type { Settings, SettingsChange } from '../../contract/settings.ts';

export interface Background {
  /** The person's answer to what closing the window means. It is kept as the setting. */
  answer(background: boolean): Promise<void>;
}

/** Closing the window twice within this time is an answer too. */
const insistMs = 5_000;

/**
 * What closing the main window means: the app ends, or goes on in the tray. While the person has not said which, they are asked once; a
 * window that is closed again at once, since its page does not answer, say, ends the app.
 */
export function keepInBackground(
  window: BrowserWindow,
  roles: {
    settings: { get(): Settings; change(change: SettingsChange): Promise<Settings> };
    signedIn(): boolean;
    ask(): void;
    /** The window is out of sight: what was watched in it ends. */
    hidden(): void;
  },
): Background {
  const { settings } = roles;
  let quitting = false;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  app.on('before-quit', () => {
    quitting = true;
  });
  const hide = () => {
    window.hide();
    roles.hidden();
  };
  window.on('close', (event) => {
    const { background } = settings.get();
    if (
      quitting ||
      background === 'off' ||
      !roles.signedIn() ||
      (background === 'ask' && performance.now() - askedAtMs < insistMs)
    ) {
      if (!quitting) app.quit();
      return;
    }
    event.preventDefault();
    if (background === 'on') return hide();
    askedAtMs = performance.now();
    roles.ask();
  });
  return {
    async answer(background) {
      await settings.change({ background: background ? 'on' : 'off' });
      if (background) hide();
      else app.quit();
    },
  };
}
