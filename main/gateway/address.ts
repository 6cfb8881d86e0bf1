import { fail } from '../../contract/failure.ts';

/**
 * The gateway's address as typed, made whole: `pam.example.com` means https. Plain http is for this computer alone. Fails with
 * ADDRESS_INVALID or PLAIN_HTTP_REFUSED. The answer has no path, no query, no user and no trailing slash.
 */
export function parseAddress(typed: string): string {
  const text = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return fail('ADDRESS_INVALID');
  const url = new URL(whole);
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password || url.search || url.hash)
    return fail('ADDRESS_INVALID');
  if (url.pathname !== '/' && url.pathname !== '') return fail('ADDRESS_INVALID');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return fail('PLAIN_HTTP_REFUSED', { host: url.host });
  return url.origin;
}

/** Whether a host name, as the URL parser writes it, can only be this computer. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
