import type { Failure } from '../../contract/failure.ts';
import type { Times } from '../store/times.ts';

/** A failure as a person reads it. `detail` is what has to be compared or passed on letter by letter. */
export type FailureText = { what: string; todo: string; detail: { label: string; text: string } | null };

/** Looks up a text by its key, as i18next's `t` does. */
export type Say = (key: string, words?: Record<string, string>) => string;

/** What happened and what to do about it. Pure: the language and the ways to say times are given. */
export function failureText(failure: Failure, times: Times, say: Say): FailureText {
  const words = wordsOf(failure, times, say);
  const part = (name: 'what' | 'todo') => say(`failure.${failure.code}.${name}`, words).trim();
  return { what: part('what'), todo: part('todo'), detail: detailOf(failure, say) };
}

const moments = new Set(['deadline', 'from', 'until', 'at']);
const lengths = new Set(['maxMs', 'retryAfterMs']);

/** The data of a failure as words: times as people say them, lists joined, codes translated. */
function wordsOf(failure: Failure, times: Times, say: Say): Record<string, string> {
  const plain = Object.fromEntries(
    Object.entries(failure.data).map(([name, value]) => {
      if (typeof value === 'string' && moments.has(name)) return [name, times.said(value)];
      if (typeof value === 'number' && lengths.has(name)) return [name, times.length(value)];
      return [name, Array.isArray(value) ? value.join(', ') : String(value)];
    }),
  );
  switch (failure.code) {
    case 'UNREACHABLE': {
      const { why } = failure.data;
      return { ...plain, why: say(`failure.words.unreachable.${why}`), hint: say(`failure.words.hint.${why}`) };
    }
    case 'UNTRUSTED_CERTIFICATE':
      return { ...plain, why: say(`failure.words.untrusted.${untrustedWhy(failure.data.why)}`) };
    case 'WINDOW_INVALID':
      return { ...plain, why: say(`failure.words.window.${failure.data.why}`) };
    case 'KEYCHAIN_UNAVAILABLE':
      return { ...plain, state: say(`failure.words.keychain.${failure.data.state}`) };
    case 'NOT_PENDING':
    case 'NOT_REVOCABLE':
      return { ...plain, status: say(`failure.words.status.${failure.data.status ?? 'other'}`) };
    default:
      return plain;
  }
}

/** Chromium's reason (`net::ERR_CERT_…`) as one of the few that a person can do something about. */
function untrustedWhy(why = ''): 'authority' | 'date' | 'name' | 'revoked' | 'other' {
  if (/AUTHORITY_INVALID|SELF_SIGNED|UNABLE_TO_VERIFY/.test(why)) return 'authority';
  if (/DATE_INVALID|HAS_EXPIRED/.test(why)) return 'date';
  if (/COMMON_NAME_INVALID|ALTNAME/.test(why)) return 'name';
  return why.includes('REVOKED') ? 'revoked' : 'other';
}

function detailOf(failure: Failure, say: Say): FailureText['detail'] {
  if (failure.code === 'UNTRUSTED_CERTIFICATE' && failure.data.fingerprint) {
    const { issuer, fingerprint } = failure.data;
    const text = issuer ? `${fingerprint}\n${say('failure.words.issuer', { issuer })}` : fingerprint;
    return { label: say('failure.words.fingerprint'), text };
  }
  if (failure.code === 'INVALID_INPUT' && failure.data.issues?.length > 0) {
    return { label: say('failure.words.details'), text: failure.data.issues.join('\n') };
  }
  return null;
}
