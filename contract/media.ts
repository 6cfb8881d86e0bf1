/**
 * The directives of low-latency HLS in the query of a playlist's address (RFC 8216bis, 6.2.5), put together anew from what was
 * understood: `_HLS_msn` and `_HLS_part` are numbers, `_HLS_skip` is YES or v2. Empty for none; null when the query holds anything else.
 */
export function playlistDirectives(query: string): string | null {
  if (query === '') return '';
  const kept: string[] = [];
  for (const pair of query.split('&')) {
    const [, name = '', digits, skip] = /^(_HLS_(?:msn|part)=(\d{1,15})|_HLS_skip=(YES|v2))$/.exec(pair) ?? [];
    if (digits !== undefined) kept.push(`${name.slice(0, name.indexOf('='))}=${Number(digits)}`);
    else if (skip !== undefined) kept.push(`_HLS_skip=${skip}`);
    else return null;
  }
  const names = kept.map((one) => one.slice(0, one.indexOf('=')));
  return new Set(names).size === names.length ? kept.join('&') : null;
}
