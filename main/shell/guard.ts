import type { Session, WebContents } from 'electron';
import { origin } from './origin.ts';

const allowedSchemes = ['app:', 'media:', 'blob:', 'data:'];

/** Denies a session of pages everything but our own schemes: no permission, no device, no download, no other address. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => {
    const known = URL.canParse(details.url) && allowedSchemes.includes(new URL(details.url).protocol);
    answer({ cancel: !known });
  });
}

/** Keeps a page where it is: it navigates nowhere, opens nothing, embeds nothing. */
export function guardContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; url: string }) => {
    if (!event.url.startsWith(`${origin}/`)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('select-client-certificate', (event) => event.preventDefault());
  contents.on('login', (event) => event.preventDefault());
  contents.on('certificate-error', (event, _url, _error, _certificate, answer) => {
    event.preventDefault();
    answer(false);
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
